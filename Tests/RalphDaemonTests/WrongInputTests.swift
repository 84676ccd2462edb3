import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// What a person gets wrong at a start: one line that names the value and the next step, and a repository as it was.
@Suite("a wrong start", .timeLimit(.minutes(5)))
struct WrongInputTests {
    /// One wrong start.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var arguments: [String] = []
        var status: Int32 = 78
        /// What the line has to name.
        var names: [String]
        var change: @Sendable (inout Project) throws -> Void = { _ in }
    }

    private static func frontMatter(_ old: String, _ new: String) -> @Sendable (inout Project) throws -> Void
    {
        { project in
            let text = try project.prd().replacing(old, with: new)
            try project.repository.commit("Change the PRD", ["PRD.md": text])
        }
    }

    static let cases = [
        Case(testDescription: "no PRD", names: ["no PRD in", "docs/PRD.md", "write one"]) {
            try $0.repository.git("rm", "--quiet", "PRD.md")
            try $0.repository.commit("Remove it")
        },
        Case(
            testDescription: "a PRD that is not there",
            arguments: ["plan.md"],
            names: ["no PRD at plan.md"]
        ),
        Case(
            testDescription: "a directory as PRD",
            arguments: ["docs"],
            names: ["docs is a directory", "pass the path"]
        ) {
            try $0.repository.commit("Document", ["docs/x.md": "x\n"])
        },
        Case(testDescription: "two PRDs", names: ["several PRDs: ", "/docs/PRD.md", "pass the one"]) {
            try $0.repository.commit("Another", ["docs/PRD.md": "- [ ] x\n"])
        },
        Case(
            testDescription: "front matter that is no YAML",
            names: ["PRD.md:5:", "YAML"],
            change: frontMatter("checks: [\"true\"]", "checks: [\"true\"")
        ),
        Case(
            testDescription: "an unknown key",
            names: ["PRD.md:4:", "chekcs", "checks"],
            change: frontMatter("checks:", "chekcs:")
        ),
        Case(
            testDescription: "an unknown agent",
            names: ["clode", "claude"],
            change: frontMatter("agent: scripted", "agent: clode")
        ),
        Case(
            testDescription: "a credential for an agent that nobody knows",
            names: ["host.yaml:3: credentials: no agent is called `calude`", "claude", "scripted"]
        ) {
            let text = "log-level: notice\ncredentials:\n  calude: {ANTHROPIC_API_KEY: key}\n"
            $0.extra["RALPHD_CONFIG"] = try $0.place.write(text, to: "host.yaml").string
        },
        Case(
            testDescription: "an agent that is not on PATH",
            names: ["agent codex is not on PATH", "install it"],
            change: frontMatter("agent: scripted", "agent: codex")
        ),
        Case(
            testDescription: "an agent on the command line that nobody knows",
            arguments: ["--agent", "clode"],
            names: ["clode", "claude"]
        ),
        Case(
            testDescription: "a state directory that is a file",
            names: ["/state is not a directory", "--state-dir"]
        ) {
            try $0.place.write("", to: "state")
        },
        Case(
            testDescription: "a state directory under a file",
            arguments: ["--state-dir", "PRD.md/state"],
            names: ["PRD.md/state", "--state-dir"]
        ),
        Case(
            testDescription: "a socket path that is too long",
            arguments: ["--socket", "/tmp/" + String(repeating: "long/", count: 30)],
            names: ["/tmp/long", "107"]
        ),
        Case(
            testDescription: "a wait that is no duration",
            arguments: ["--wait", "soon"],
            status: 64,
            names: ["--wait \"soon\"", "90s"]
        ),
        Case(
            testDescription: "no items at all to do",
            arguments: ["--items", "0"],
            status: 64,
            names: ["--items 0"]
        ),
        Case(
            testDescription: "a host configuration that is not there",
            arguments: ["--config", "no.yaml"],
            names: ["no configuration at ", "/no.yaml"]
        ),
    ]

    @Test("is refused in one line, with the right exit code, and changes nothing", arguments: cases)
    func refused(wrong: Case) throws {
        var project = try Project("- [ ] Work {#a}")
        try wrong.change(&project)
        let before = try project.usersOwn()
        let ending = try project.start(wrong.arguments).wait()
        #expect(ending.status == wrong.status, "\(ending.errors)")
        let lines = ending.errors.split(separator: "\n")
        #expect(lines.count == 1, "\(ending.errors)")
        #expect(ending.errors.hasPrefix("ralphd: "))
        for name in wrong.names { #expect(ending.errors.contains(name), "\(ending.errors)") }
        #expect(ending.output == "")
        #expect(try project.usersOwn() == before)
    }

    @Test("outside of a git repository it says so")
    func noRepository() throws {
        let project = try Project("- [ ] Work {#a}")
        try FileManager.default.removeItem(atPath: project.repository.path.appending(".git").string)
        let files = try project.files()
        let ending = try project.start().wait()
        #expect(ending.status == 78, "\(ending.errors)")
        #expect(ending.errors.contains(project.repository.path.string))
        #expect(ending.errors.split(separator: "\n").count == 1, "\(ending.errors)")
        #expect(try project.files() == files)
    }

    @Test("without any check it holds and says how to set one")
    func noChecks() throws {
        let project = try Project("- [ ] Work {#a}", checks: nil)
        let before =
            try project.repository.git("status", "--porcelain") + project.repository.git("rev-parse", "HEAD")
        let ending = try project.run()
        #expect(ending.status == 3, "\(ending.errors)")
        #expect(ending.errors.contains("no checks: write `checks: [your test command]` in the front matter"))
        #expect(try project.history().project()?.hold?.kind == .noChecks)
        #expect(
            try project.repository.git("status", "--porcelain") + project.repository.git("rev-parse", "HEAD")
                == before
        )
    }

    @Test("the state directory of another repository is refused, and both are named")
    func anothersState() throws {
        let first = try Project("- [x] Done")
        #expect(try first.run().status == 0)
        let second = try Project("- [ ] Work")
        let before = try second.usersOwn()
        let ending = try second.start("--state-dir", first.state.string).wait()
        #expect(ending.status == 78, "\(ending.errors)")
        #expect(ending.errors.contains(first.repository.path.string))
        #expect(ending.errors.contains(second.repository.path.string))
        #expect(try second.usersOwn() == before)
    }

    @Test("trap 23: a second daemon is refused and names the first")
    func secondDaemon() throws {
        let project = try Project("- [x] Done")
        let first = try project.start(untilDone: false)
        try wait(for: "the first to be ready") { first.errors.contains("ready") }
        let second = try project.start().wait()
        #expect(second.status == 75, "\(second.errors)")
        #expect(second.errors.contains("pid \(first.pid)"))
        #expect(second.errors.split(separator: "\n").count == 1, "\(second.errors)")
        first.send(SIGTERM)
        #expect(first.wait().status == 0)
    }
}
