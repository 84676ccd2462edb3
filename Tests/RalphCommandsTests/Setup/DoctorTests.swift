import Foundation
import RalphAPI
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphCommands

@Suite("ralphctl doctor", .timeLimit(.minutes(5)))
struct DoctorTests {
    /// Verdict and message by part.
    private func findings(_ ctl: Ctl) throws -> [String: (verdict: String, message: String, mend: String?)] {
        let root = try JSONSerialization.jsonObject(with: Data(ctl.output.text.utf8)) as? [String: Any]
        let list = try #require(root?["findings"] as? [[String: Any]])
        return Dictionary(
            list.map { finding in
                let value = (
                    verdict: finding["verdict"] as? String ?? "",
                    message: finding["message"] as? String ?? "",
                    mend: finding["mend"] as? String
                )
                return (finding["part"] as? String ?? "", value)
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    @Test("after init all that can be well is well, without a daemon, and nothing is changed")
    func afterInit() async throws {
        let newcomer = try Newcomer()
        try newcomer.logIn()
        #expect(await newcomer.ctl().run(["init"]) == 0)
        let before = try newcomer.everything()
        let ctl = newcomer.ctl()
        let code = await ctl.run(["doctor", "--json"])
        #expect(code == 0, "\(ctl.output.text)")
        #expect(try newcomer.everything() == before)
        let found = try findings(ctl)
        for part in [
            "configuration", "git", "clock", "repository", "PRD", "agent claude", "check make", "disk",
            "state",
        ] {
            #expect(found[part]?.verdict == "ok", "\(part): \(found[part]?.message ?? "missing")")
        }
        #expect(found["daemon"]?.verdict == "warn")
        #expect(found["daemon"]?.mend?.contains("ralphd") == true)
    }

    @Test("each wrong thing is named with how to mend it, and the exit code is 1")
    func wrongThings() async throws {
        let prd =
            "---\nagent: codex\nchecks:\n  - {name: typo, run: mkae test}\n  - {name: open, run: \"if true\"}\n---\n- [ ] a\n"
        let newcomer = try Newcomer(["PRD.md": prd])
        try newcomer.home.write("path: [\n", to: newcomer.config)
        let ctl = newcomer.ctl()
        #expect(await ctl.run(["doctor", "--json"]) == 1)
        let found = try findings(ctl)
        #expect(found["configuration"]?.verdict == "bad")
        #expect(found["agent codex"]?.message.contains("no program codex") == true)
        #expect(found["check typo"]?.message.contains("no program mkae") == true)
        #expect(found["check open"]?.verdict == "bad")
        #expect(found.values.allSatisfy { $0.verdict == "ok" || $0.mend?.isEmpty == false })
        let text = newcomer.ctl()
        #expect(await text.run(["doctor"]) == 1)
        #expect(text.output.text.contains("mend: "))
    }

    @Test("a reviewer and the agents of the ladder are looked at too; nobody stands in for a reviewer")
    func otherAgents() async throws {
        let matter = "agent: claude\nescalate: [claude:a, kimi:b]\nreview: codex\nchecks: []"
        let prd = "---\n\(matter)\n---\n- [ ] a\n"
        let newcomer = try Newcomer(["PRD.md": prd])
        try newcomer.logIn()
        let ctl = newcomer.ctl()
        #expect(await ctl.run(["doctor", "--json"]) == 1)
        let found = try findings(ctl)
        #expect(found["agent claude"]?.verdict == "ok")
        #expect(found["agent kimi"]?.verdict == "warn")
        #expect(found["agent codex"]?.verdict == "bad")
        #expect(found["agent codex"]?.message.contains("no program codex") == true)
    }

    @Test("credential files are read as the daemon reads them, and one that others can read is told")
    func credentials() async throws {
        let newcomer = try Newcomer(["PRD.md": "---\nagent: claude\nchecks: []\n---\n- [ ] a\n"])
        let variable = "CLAUDE_CODE_OAUTH_TOKEN"
        try newcomer.home.write("credentials: {claude: {\(variable): token}}\n", to: newcomer.config)
        func look() async throws -> (verdict: String, message: String, mend: String?)? {
            let ctl = newcomer.ctl()
            _ = await ctl.run(["doctor", "--json"])
            return try findings(ctl)["agent claude"]
        }
        // The unit may load it.
        #expect(try await look()?.verdict == "ok")
        let file = try newcomer.home.write(" \n", to: ".config/ralphd/token").string
        #expect(try await look()?.verdict == "bad")
        #expect(try await look()?.message == "its credential \(variable): \(file) is empty")
        try newcomer.home.write("sk-ant-oat01-abcdef\n", to: ".config/ralphd/token")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        #expect(try await look()?.verdict == "warn")
        #expect(try await look()?.mend == "chmod 600 \(file)")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        #expect(try await look()?.verdict == "ok")
    }

    @Test("outside of a repository it says what is missing")
    func nowhere() async throws {
        let newcomer = try Newcomer()
        let plain = try TemporaryDirectory("ralph-plain")
        let ctl = newcomer.ctl(in: plain.path)
        #expect(await ctl.run(["doctor", "--json"]) == 1)
        #expect(try findings(ctl)["repository"]?.verdict == "bad")
        #expect(try findings(ctl)["PRD"]?.mend?.contains("ralphctl init") == true)
    }

    @Test("a history that was written over is found, and a sound one can be copied while it is open")
    func database() async throws {
        let stopped = try StoppedProject()
        let copy = stopped.root.path.appending("copy.sqlite")
        let writer = try SQLiteHistory.open(directory: stopped.stateDirectory)
        let ctl = stopped.ctl()
        _ = await ctl.run(["doctor", "--json", "--backup", copy.string])
        writer.close()
        #expect(try findings(ctl)["database"]?.verdict == "ok")
        #expect(FileManager.default.fileExists(atPath: copy.string))
        let again = stopped.ctl()
        #expect(await again.run(["doctor", "--backup", copy.string]) == 1)
        #expect(again.errors.text.contains("is there already"))
        let file = stopped.stateDirectory.appending("history.sqlite").string
        try FileManager.default.removeItem(atPath: file)
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: file))
        let broken = stopped.ctl()
        #expect(await broken.run(["doctor", "--json"]) == 1)
        #expect(try findings(broken)["database"]?.verdict == "bad")
    }
}
