import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// An agent that tells everybody what it knows.
@Suite("credentials", .timeLimit(.minutes(5)))
struct CredentialTests {
    private static let secret = "sk-very-secret-0123456789"

    /// A `claude` that prints its key in text, on standard error, in its outbox, and runs `command`.
    private func project(_ command: String = "echo made > made.txt", checks: String = "[\"true\"]") throws
        -> Project
    {
        var project = try Project("- [ ] Work {#a}", checks: checks, agent: "claude")
        let text = "the key is $ANTHROPIC_API_KEY"
        let said =
            #"{\"type\":\"assistant\",\"message\":{\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\""#
        let result =
            #"{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"num_turns\":1,\"result\":\""#
            + text + #"\",\"usage\":{\"input_tokens\":5,\"output_tokens\":5}}"#
        let script = """
            #!/bin/sh
            [ "$1" = --version ] && echo "9.8.7 (Claude Code)" && exit 0
            env > \(project.place.path)/agent-env
            cat > /dev/null
            printf '%s\\n' "$ANTHROPIC_API_KEY" >&2
            printf '%s\\n' "\(said)\(text)\\"}]}}"
            mkdir -p .ralphd/outbox && echo "I used $ANTHROPIC_API_KEY" > .ralphd/outbox/summary.md
            \(command)
            printf '%s\\n' "\(result)"
            """
        let file = try project.place.write(script + "\n", to: "bin/claude")
        chmod(file.string, 0o755)
        project.extra = [
            "ANTHROPIC_API_KEY": "sk-of-the-shell", "CLAUDECODE": "1", "CLAUDE_CODE_SESSION_ID": "s",
            "OTHER": "x",
        ]
        return project
    }

    private func config(_ project: Project, _ file: String = "key") throws -> String {
        try project.place.write(
            "credentials: {claude: {ANTHROPIC_API_KEY: \"\(file)\"}}\n",
            to: "host.yaml"
        ).string
    }

    private func agentEnvironment(_ project: Project) throws -> Set<String> {
        Set(try project.place.read("agent-env").split(separator: "\n").map(String.init))
    }

    /// Files of the daemon's own in which the text stands; what an agent leaves in its workspace is the agent's.
    private func traces(of text: String, in project: Project) throws -> [String] {
        let state = project.state.string
        let files = try #require(FileManager.default.enumerator(atPath: state)).compactMap { $0 as? String }
        return files.filter { !$0.hasPrefix("workspaces/") }.filter {
            FileManager.default.contents(atPath: "\(state)/\($0)")?.range(of: Data(text.utf8)) != nil
        }
    }

    @Test("trap 49: a credential reaches its agent alone: no check, log, row, prompt or commit holds it")
    func agentAlone() throws {
        let project = try project(checks: "[\"env > {place}/check-env\"]")
        try project.place.write(Self.secret + "\n", to: "key")
        try project.run("--config", try config(project))
        #expect(try project.outcomes() == ["a landed"])
        let seen = try agentEnvironment(project)
        #expect(seen.contains("ANTHROPIC_API_KEY=\(Self.secret)"))
        #expect(!seen.contains { $0.hasPrefix("CLAUDECODE=") || $0.hasPrefix("CLAUDE_CODE_SESSION_ID=") })
        #expect(!seen.contains { $0.hasPrefix("OTHER=") })
        let checked = try project.place.read("check-env")
        for text in [Self.secret, "sk-of-the-shell", "ANTHROPIC_API_KEY", "CLAUDECODE", "OTHER="] {
            #expect(!checked.contains(text), "\(text)")
        }
        #expect(checked.contains("RALPH_STAGE="))
        #expect(try traces(of: Self.secret, in: project) == [])
        let row = try #require(try project.iterations(of: "a").first)
        #expect(row.summary?.contains("I used [redacted]") == true, "\(row.summary ?? "")")
        #expect(try !project.repository.git("log", "--format=%B").contains(Self.secret))
        #expect(try project.ctl("log", "a").output.contains("the key is **"))
    }

    @Test("a token that env: passes on is in no log, row, prompt or commit either, and lands in no file")
    func passedByName() throws {
        var project = try Project(
            "- [ ] Work {#a}\n- [ ] Leak {#b}",
            script: """
                item #a
                  write a.txt
                    | a
                  run mkdir -p .ralphd/outbox && echo "I used $NPM_TOKEN" > .ralphd/outbox/summary.md
                item #b
                  run echo "$NPM_TOKEN" > npmrc
                """,
            checks: "[\"echo checked with $NPM_TOKEN\"]",
            settings: "attempts: 1\nenv: [NPM_TOKEN, PLAIN]"
        )
        project.extra = ["NPM_TOKEN": Self.secret, "PLAIN": "nothing-to-hide"]
        try project.run()
        #expect(try project.outcomes() == ["a landed", "b protected_path"])
        #expect(try traces(of: Self.secret, in: project).filter { !$0.hasPrefix("store.git/") } == [])
        #expect(try traces(of: "checked with ***", in: project) != [])
        #expect(try !project.repository.git("log", "--format=%B").contains(Self.secret))
    }

    @Test("a file that cannot be had stops the agent before it starts: another login would pay")
    func missingFile() throws {
        let project = try project()
        let ending = try project.run("--config", try config(project, "./nowhere/key"))
        #expect(ending.status == 3)
        #expect(try project.outcomes() == ["a auth_failed"])
        #expect(!FileManager.default.fileExists(atPath: project.place.path.appending("agent-env").string))
        let row = try #require(try project.iterations(of: "a").first)
        #expect(row.error?.contains("credentials: claude: ANTHROPIC_API_KEY: no file at") == true)
        #expect(try project.item("a").strikes == 0)
    }

    @Test("a relative file is systemd's credential of that name, before one beside the configuration")
    func systemd() throws {
        var project = try project()
        try project.place.write("sk-beside-the-configuration", to: "key")
        try project.place.write(Self.secret, to: "loaded/key")
        project.extra["CREDENTIALS_DIRECTORY"] = project.place.path.appending("loaded").string
        try project.run("--config", try config(project))
        let seen = try agentEnvironment(project)
        #expect(seen.contains("ANTHROPIC_API_KEY=\(Self.secret)"))
        #expect(!seen.contains { $0.hasPrefix("CREDENTIALS_DIRECTORY=") })
    }

    @Test("work that holds the credential does not land, and the next try is told why")
    func leakedIntoFiles() throws {
        let project = try project("echo \"key=$ANTHROPIC_API_KEY\" > settings.txt")
        try project.place.write(Self.secret, to: "key")
        try project.run("--config", try config(project))
        #expect(try project.outcomes().first == "a protected_path")
        #expect(try project.landedItems() == [])
        let row = try #require(try project.iterations(of: "a").dropFirst().first)
        #expect(try project.prompt(of: row).contains("hold a credential"))
        #expect(try traces(of: Self.secret, in: project).filter { $0.hasPrefix("logs/") } == [])
    }

    @Test("agents lists each with place, version and success; test makes one run, with a daemon and without")
    func listAndTest() throws {
        let project = try project()
        try project.place.write(Self.secret, to: "key")
        let config = try config(project)
        let daemon = try project.start(["--config", config], untilDone: false)
        defer { daemon.send(SIGTERM) }
        try wait(for: "the landing") { (try? project.boxes()) == [true] }
        try wait(for: "the end of the row") { try project.outcomes() == ["a landed"] }
        let list = try object(project.ctl("agents", "--json").output)
        let agent = try #require((list as? [[String: Any]])?.first)
        #expect(agent["name"] as? String == "claude")
        #expect(agent["state"] as? String == "ready")
        #expect(agent["path"] as? String == project.place.path.appending("bin/claude").string)
        #expect(agent["version"] as? String == "9.8.7")
        #expect(agent["success_rate"] as? Double == 1)
        #expect(agent["landed"] as? Int == 1)

        let live = try #require(
            try object(project.ctl("agents", "test", "claude", "--json").output) as? [String: Any]
        )
        #expect(live["ok"] as? Bool == true)
        #expect(live["login"] as? String == "ANTHROPIC_API_KEY from credentials:")
        #expect(live["bills"] as? Bool == true)
        #expect(live["text"] as? String == "the key is \(String(repeating: "*", count: Self.secret.count))")
        #expect((live["tokens"] as? [String: Any])?["output"] as? Int == 5)
        #expect(try project.outcomes() == ["a landed"])
        #expect(try project.ctl("agents", "test", "nobody").status != 0)
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)

        // Without a daemon, `ralphd` is asked; it finds the login that the person has.
        let alone = try project.ctl("agents", "test", "claude")
        #expect(alone.status == 0, "\(alone.errors)")
        #expect(alone.output.hasPrefix("claude works"), "\(alone.output)")
        let missing = try project.ctl("agents", "test", "gemini")
        #expect(missing.status == 1)
        #expect(missing.output.contains("agent missing"))
        #expect(missing.output.contains("install gemini"))
        try project.assertWhole()
    }

    private func object(_ text: String) throws -> Any {
        try JSONSerialization.jsonObject(with: Data(text.utf8))
    }
}
