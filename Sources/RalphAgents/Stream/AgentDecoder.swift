package import RalphCore

package import struct Foundation.Date
package import struct Foundation.TimeZone

/// Reads what one run of an agent prints, line by line, and sums it up. No I/O; time is given.
package protocol AgentDecoder: Sendable {
    /// Takes one line of standard output, without its newline. True when the turn is over: the process gets its grace, and
    /// the report stands whatever it does then. `isCut` says that the line was longer than the bound.
    mutating func read(line: [UInt8], isCut: Bool) -> Bool

    /// What the run is known to have spent so far: never more than it has.
    var spending: Spending { get }

    /// What the run came to. `standardError` is its tail; `zone` is the one the agent ran in, for times without a zone.
    mutating func report(ending: AgentEnding, standardError: String, now: Date, zone: TimeZone) -> AgentReport
}

/// What a run has spent, as far as its output tells.
package struct Spending: Equatable, Sendable {
    package var tokens: TokenUsage?
    package var cost: Cost = .unknown
    /// The model that answers, if it is named.
    package var model: String?

    package init(tokens: TokenUsage? = nil, cost: Cost = .unknown, model: String? = nil) {
        self.tokens = tokens
        self.cost = cost
        self.model = model
    }
}

/// How the process ended, as far as a decoder cares.
package enum AgentEnding: Equatable, Sendable {
    case exited(Int32)
    case signaled(Int32)
    /// We ended it: after its final frame, on a deadline, or because it was cancelled.
    case stopped
    case couldNotStart(String)

    package var exitCode: Int32? { if case .exited(let code) = self { code } else { nil } }

    var sentence: String {
        switch self {
        case .exited(let code): ExitWords.of(code)
        case .signaled(let signal): ExitWords.ofSignal(signal)
        case .stopped: "stopped"
        case .couldNotStart(let reason): reason
        }
    }
}

/// The end of a run, with what is needed to judge it.
struct RunEnd {
    let ending: AgentEnding
    let standardError: String
    var preamble = Preamble()
    let now: Date
    let zone: TimeZone

    /// Lines on standard error, last first: the last is the one that the CLI left with.
    var errorLines: [Substring] {
        standardError.split(whereSeparator: \.isNewline).reversed().filter { line in
            line.contains { !$0.isWhitespace }
        }
    }

    /// Nothing classifies the end: say what is known.
    func unclassified(_ what: String) -> AgentReport.Verdict {
        let said = errorLines.first.map { String($0) } ?? preamble.line
        let tail = said.map { ": " + PlainText.short($0) } ?? ""
        return .failed("\(what) (\(ending.sentence))\(tail)")
    }
}
