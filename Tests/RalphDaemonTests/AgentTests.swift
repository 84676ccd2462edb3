import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// An executable named `claude` on the PATH that says what a real one has said.
@Suite("a built-in agent", .timeLimit(.minutes(5)))
struct AgentTests {
    private static let streams = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "AgentStreams")

    private func project(replaying stream: String, then command: String, _ prd: String) throws -> Project {
        let project = try Project(prd, agent: "claude")
        let file = Self.streams.appending(path: stream).path
        let claude = try project.place.write(
            "#!/bin/sh\ncat > /dev/null\n\(command)\ncat \(file)\n",
            to: "bin/claude"
        )
        chmod(claude.string, 0o755)
        return project
    }

    @Test("the row of an iteration has the session, the model, the tokens by class and the cost")
    func success() throws {
        let project = try project(
            replaying: "claude-success.jsonl",
            then: "echo made > agent.txt",
            "- [ ] Work {#a}"
        )
        #expect(try project.run().status == 0)
        let row = try #require(try project.iterations(of: "a").first)
        #expect(row.outcome == .landed)
        #expect(row.sessionID == "3b1f0129-c135-427a-8de3-c943238a79b3")
        #expect(row.model == "claude-opus-5-5")
        #expect(row.turns == 2)
        #expect(row.tokens == TokenUsage(input: 2400, output: 100, cacheRead: 8000, cacheWrite: 600))
        #expect(row.cost == .quoted(0.0162))
        #expect(try project.repository.show("agent.txt") == "made")
        #expect(try project.history().agents().map(\.name) == ["claude"])
    }

    @Test("trap 5: a provider's error with exit code 0 is an outage and no strike")
    func overloaded() throws {
        let project = try project(
            replaying: "claude-529-overloaded.jsonl",
            then: "echo half > agent.txt",
            "- [ ] Work {#a}"
        )
        let ending = try project.run("--wait", "1s")
        #expect(ending.status == 4)
        #expect(try project.outcomes() == ["a unavailable"])
        #expect(try project.item("a").strikes == 0)
        #expect(try project.boxes() == [false])
        #expect(ending.errors.split(separator: "\n").last?.contains("longer than --wait") == true)
    }
}
