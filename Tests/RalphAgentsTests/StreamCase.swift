import Foundation
import RalphAgents
import RalphCore
import Testing

/// What one recorded stream has to come to. What is not said must be absent.
struct StreamCase: CustomTestStringConvertible, Sendable {
    let file: String
    let ending: AgentEnding
    let verdict: String
    private(set) var reset: Date?
    private(set) var limitedModel: String?
    private(set) var tokens: TokenUsage?
    private(set) var cost: Cost = .unknown
    private(set) var session: String?
    private(set) var model: String?
    private(set) var turns: Int?
    private(set) var tools = 0
    private(set) var oddLines = 0
    private(set) var text: String?
    /// The file is what stood on standard error; standard output was empty.
    private(set) var isErrors = false

    var testDescription: String { file }
    var agent: String { String(file.prefix { $0 != "-" }) }

    init(_ file: String, _ ending: AgentEnding, _ verdict: String) {
        self.file = file
        self.ending = ending
        self.verdict = verdict
    }

    init(_ file: String, exit code: Int32, _ verdict: String) {
        self.init(file, .exited(code), verdict)
    }

    func onStandardError() -> StreamCase { with { $0.isErrors = true } }
    func resets(_ text: String) -> StreamCase { with { $0.reset = date(text) } }
    func limits(_ model: String) -> StreamCase { with { $0.limitedModel = model } }
    func session(_ id: String) -> StreamCase { with { $0.session = id } }
    func model(_ name: String) -> StreamCase { with { $0.model = name } }
    func turns(_ count: Int) -> StreamCase { with { $0.turns = count } }
    func tools(_ count: Int) -> StreamCase { with { $0.tools = count } }
    func odd(_ count: Int) -> StreamCase { with { $0.oddLines = count } }
    func said(_ text: String) -> StreamCase { with { $0.text = text } }
    func cost(_ cost: Cost) -> StreamCase { with { $0.cost = cost } }

    func spent(_ input: Int, _ output: Int, read: Int = 0, write: Int = 0) -> StreamCase {
        with { $0.tokens = TokenUsage(input: input, output: output, cacheRead: read, cacheWrite: write) }
    }

    func report() throws -> AgentReport {
        guard isErrors else { return try StreamRun.report(file, by: agent, ending: ending) }
        let errors = try String(contentsOf: StreamRun.directory.appending(path: file), encoding: .utf8)
        return try StreamRun.report([], by: agent, ending: ending, errors: errors)
    }

    private func with(_ change: (inout StreamCase) -> Void) -> StreamCase {
        var copy = self
        change(&copy)
        return copy
    }
}
