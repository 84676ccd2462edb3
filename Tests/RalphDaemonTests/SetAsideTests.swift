import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// A `claude` that takes one key alone.
@Suite("agents that are set aside", .timeLimit(.minutes(5)))
struct SetAsideTests {
    private static let script = """
        say '\(FakeClaude.begin)'
        if [ "$ANTHROPIC_API_KEY" != sk-the-right-one ]; then
            say '{"type":"result","subtype":"success","is_error":true,"api_error_status":401,"result":"Invalid API key"}'
            exit 1
        fi
        echo x > "made-$RALPH_ITEM"
        say '\(FakeClaude.result(usd: 0.1))'
        """

    @Test(
        "a new credential, and a program that is there again, bring an agent back by itself, without a strike"
    )
    func returns() throws {
        var project = try Project("- [ ] One {#a}\n- [ ] Two {#b manual}", agent: "claude")
        try FakeClaude.install(in: project, Self.script)
        project.variables = try TestClock(in: project.place.path).environment
        let key = try project.place.write("sk-a-wrong-one-of-course", to: "key").string
        let config = try project.place.write(
            "credentials: {claude: {ANTHROPIC_API_KEY: \(key)}}\n",
            to: "host.yaml"
        ).string
        let daemon = try project.start(["--config", config], untilDone: false)
        try wait(for: "the refusal") { (try? project.outcomes()) == ["a auth_failed"] }
        try wait(for: "the wait") { try project.history().project()?.state == .waiting }
        let status = try project.ctl("status")
        #expect(status.status == 3)
        #expect(status.output.contains("claude is set aside: Invalid API key"), "\(status.output)")

        try project.place.write("sk-the-right-one", to: "key")
        try wait(for: "the landing") { try project.boxes() == [true, false] }
        #expect(daemon.errors.contains("its credential has changed"))

        let program = project.place.path.appending("bin/claude").string
        try FileManager.default.moveItem(atPath: program, toPath: program + "-away")
        #expect(try project.ctl("add", "Three").status == 0)
        try wait(for: "the gap") { try project.outcomes().last?.hasSuffix(" agent_missing") == true }
        try FileManager.default.moveItem(atPath: program + "-away", toPath: program)
        try wait(for: "the second landing") { try project.outcomes().last?.hasSuffix(" landed") == true }
        #expect(try project.outcomes().count == 4)
        #expect(try project.history().items().allSatisfy { $0.strikes == 0 })
        #expect(daemon.errors.contains("its program \(program) has changed"))
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole()
    }

    @Test("who starts the daemon again has mended something: a set-aside agent is asked at once")
    func restart() throws {
        let project = try Project("- [ ] One {#a}", agent: "claude")
        try FakeClaude.install(
            in: project,
            "[ -e $place/paid ] || { say '{\"type\":\"result\",\"is_error\":true,\"api_error_status\":400,"
                + "\"result\":\"Credit balance is too low\"}'; exit 1; }; echo x > made; "
                + "say '\(FakeClaude.result(usd: 0.1))'"
        )
        #expect(try project.run().status == 3)
        #expect(try project.outcomes() == ["a billing"])
        try project.place.write("", to: "paid")
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a billing", "a landed"])
    }
}
