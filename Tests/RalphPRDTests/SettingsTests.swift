import RalphCore
import Testing

@testable import RalphPRD

@Suite("Settings")
struct SettingsTests {
    private func read(_ yaml: String) -> (settings: ProjectSettings, problems: [String]) {
        do {
            return (try document("---\n\(yaml)\n---\n- [ ] a\n").settings, [])
        } catch let rejection as Rejection {
            return (ProjectSettings(), rejection.problems.map { "\($0.line):\($0.column) \($0.message)" })
        } catch {
            return (ProjectSettings(), ["\(error)"])
        }
    }

    @Test("every key of the front matter is read")
    func all() {
        let (settings, problems) = read(
            """
            name: tally            # a comment
            agent: [claude:opus, codex, mine]
            agents:
              mine: {command: [my-agent, "{prompt}"], prompt: argument, output: claude-stream-json, env: [MY_KEY]}
            checks:
              - sh -n tally
              - {name: test, run: make test, timeout: 5m, retry: 2, paths: [src/**]}
              - make test ONLY=x
              - ./scripts/make test
              - CI=1 ./scripts/e2e.sh --all
            shell: bash
            setup: npm ci
            setup-inputs: [package.json]
            include: [.env.test]
            env: [HTTP_PROXY, LANG]
            workers: 1
            order: strict
            attempts: 4
            timeout: 1h30m
            idle-timeout: 90s
            branch: main
            protect: [tests/golden/**, .github/**]
            verify: clean
            """
        )
        #expect(problems == [])
        var expected = ProjectSettings()
        expected.name = "tally"
        expected.agents = [
            AgentChoice(name: "claude", model: "opus"), AgentChoice(name: "codex"), AgentChoice(name: "mine"),
        ]
        var mine = CustomAgent(command: ["my-agent", "{prompt}"])
        mine.prompt = .argument
        mine.output = .claudeStreamJSON
        mine.environment = ["MY_KEY"]
        expected.customAgents = ["mine": mine]
        var checks = [
            Check(name: "sh", run: "sh -n tally"), Check(name: "test", run: "make test"),
            Check(name: "make test", run: "make test ONLY=x"),
            Check(name: "make test-2", run: "./scripts/make test"),
            Check(name: "e2e.sh", run: "CI=1 ./scripts/e2e.sh --all"),
        ]
        checks[1].timeout = .seconds(300)
        checks[1].retry = 2
        checks[1].paths = ["src/**"]
        for index in checks.indices { checks[index].line = 7 + index }
        expected.checks = checks
        expected.shell = "bash"
        expected.setup = ["npm ci"]
        expected.setupInputs = ["package.json"]
        expected.include = [".env.test"]
        expected.environment = ["HTTP_PROXY", "LANG"]
        expected.order = .strict
        expected.attempts = 4
        expected.timeout = .seconds(5400)
        expected.idleTimeout = .seconds(90)
        expected.branch = "main"
        expected.protect = ["tests/golden/**", ".github/**"]
        expected.verify = .clean
        #expect(settings == expected)
    }

    @Test(
        "a wrong key or value is an error with its place and what is allowed",
        arguments: [
            ("chekcs: [a]", "2:1 unknown key `chekcs`; did you mean `checks`?"),
            ("order: random", "2:8 `order` is `random`; allowed are document, strict"),
            ("verify: claen", "2:9 `verify` is `claen`; allowed are reuse, clean"),
            ("shell: zsh", "2:8 `shell` is `zsh`; allowed are sh, bash"),
            ("attempts: many", "2:11 `attempts` is `many`; allowed are numbers from 1 to 100"),
            ("timeout: 90", "2:10 `timeout` is `90`; write a duration like 90s, 30m, 1h30m or 2d"),
            ("timeout: 0s", "2:10 `timeout` is `0s`; write a duration like 90s, 30m, 1h30m or 2d"),
            (
                "env: [A=b]",
                "2:6 `env` takes names of variables, never values; write `env: [A]` and set it for the daemon"
            ),
            (
                "name: ../x",
                "2:7 `name` is `../x`; allowed are up to 64 ASCII letters, digits, `.`, `_` and `-`, with a letter or digit first"
            ),
            (
                "checks:",
                "2:8 `checks` is empty; write `checks: [make test]`, or `checks: []` for none on purpose"
            ),
            ("checks: [{name: a}]", "2:10 this check has no command; write `{name: test, run: make test}`"),
            (
                "checks: [{run: a, tiemout: 1m}]",
                "2:19 unknown key `tiemout` in `checks`; did you mean `timeout`?"
            ),
            (
                "checks: [{name: a, run: b}, {name: a, run: c}]",
                "2:29 two checks are named `a`; name them apart"
            ),
            (
                "agents: {mine: {prompt: stdin}}",
                "2:16 `mine` has no command; write `command: [my-agent, --flag]`"
            ),
            (
                "agents: {mine: {command: [./tool.sh]}}",
                "2:26 `./tool.sh` is a relative path; write an absolute one, or a name on PATH"
            ),
            ("workers: 2", "2:10 `workers: 2` is not built yet; leave it out"),
            (
                "review: [codex, claude]",
                "2:9 `review` takes one agent, not a list; write `review: claude:opus` or `review: {agent: codex, timeout: 30m}`"
            ),
            ("review: {agnt: codex}", "2:10 unknown key `agnt` in `review`; did you mean `agent`?"),
            (
                "prompt: [a, b]",
                "2:9 `prompt` takes one text, not a list; write `prompt: docs/prompt.mustache`"
            ),
            ("sandbox: none", "2:10 `sandbox` is `none`; allowed are true, false"),
            ("name: a\nname: b", "2:1 `name` stands here twice; leave one out"),
            ("- a list", "2:1 these are no settings but a list; write lines like `agent: claude`"),
        ]
    )
    func mistakes(yaml: String, message: String) {
        #expect(read(yaml).problems == [message])
    }

    @Test("all mistakes are told at once")
    func several() {
        #expect(read("order: x\nshell: y\nbranch: main").problems.count == 2)
    }

    @Test("an empty front matter and `checks: []` are what they say")
    func empty() {
        #expect(read("").settings == ProjectSettings())
        #expect(read("# only a comment").settings == ProjectSettings())
        #expect(read("checks: []").settings.checks == [])
        #expect(read("name: x").settings.checks == nil)
    }

    @Test("the front matter stands on the host's defaults")
    func defaults() throws {
        var host = ProjectSettings()
        host.agents = [AgentChoice(name: "codex")]
        host.attempts = 2
        let document = try PRD.parse(Array("---\nattempts: 7\n---\n- [ ] a\n".utf8), defaults: host)
        #expect(document.settings.agents == host.agents)
        #expect(document.settings.attempts == 7)
    }

    @Test("hostile YAML ends in an answer", .timeLimit(.minutes(5)))
    func hostile() {
        #expect(!read(String(repeating: "[", count: 100_000)).problems.isEmpty)
        #expect(!read("name: " + String(repeating: "{a: ", count: 5000)).problems.isEmpty)
        #expect(!read(String(repeating: "- ", count: 50_000)).problems.isEmpty)
        #expect(
            !read("a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]").problems.isEmpty
        )
        #expect(!read("name: \"unclosed").problems.isEmpty)
        #expect(!read("\t- tab").problems.isEmpty)
        #expect(!read("? {a: b}\n: c").problems.isEmpty)
    }

    @Test(
        "durations",
        arguments: [("90s", 90), ("30m", 1800), ("1h30m", 5400), ("2d", 172_800), ("1d1h1m1s", 90_061)]
    )
    func durations(text: String, seconds: Int) {
        #expect(DurationText.parse(text) == .seconds(seconds))
    }

    @Test(
        "what is no duration",
        arguments: ["", "5", "m", "5 m", "30m1h", "1m1m", "-5m", "5x", "0s", "99999999999999999999d", "5M"]
    )
    func noDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}

@Suite("Host settings")
struct HostSettingsTests {
    @Test("the host's own keys and defaults for projects are read")
    func all() throws {
        let settings = try SettingsReader.host(
            Array(
                """
                prd: docs/PRD.md
                repo: /home/me/tally
                state-dir: /var/lib/ralphd/tally
                socket: /run/ralphd/tally.sock
                log-level: debug
                path: [/usr/local/bin, /usr/bin]
                credentials: {claude: {CLAUDE_CODE_OAUTH_TOKEN: /run/cred/claude}}
                after-landing: git push
                notify: [wall "$RALPH_MESSAGE"]
                agent: codex
                attempts: 2

                """.utf8
            )
        )
        #expect(settings.prd == "docs/PRD.md")
        #expect(settings.repository == "/home/me/tally")
        #expect(settings.stateDirectory == "/var/lib/ralphd/tally")
        #expect(settings.socket == "/run/ralphd/tally.sock")
        #expect(settings.logLevel == .debug)
        #expect(settings.path == "/usr/local/bin:/usr/bin")
        #expect(settings.credentials == ["claude": ["CLAUDE_CODE_OAUTH_TOKEN": "/run/cred/claude"]])
        #expect(settings.afterLanding == ["git push"])
        #expect(settings.notify == ["wall \"$RALPH_MESSAGE\""])
        #expect(settings.project.agents == [AgentChoice(name: "codex")])
        #expect(settings.project.attempts == 2)
    }

    @Test(
        "mistakes are errors with their place",
        arguments: [
            (
                "listen: 0.0.0.0:80",
                "1:9 others can reach 0.0.0.0:80, and who gets in runs commands as you; give a token, `listen: {address: "
                    + "0.0.0.0:7777, token: /etc/ralphd/token, hosts: [buildbox]}`, or listen on 127.0.0.1"
            ),
            (
                "listen: 7777",
                "1:9 `listen` is `7777`, no address with a port; write 127.0.0.1:7777 or [::1]:7777"
            ),
            (
                "notify: {}",
                "1:9 `notify` takes a list of texts, not a map; write `notify: wall \"$RALPH_MESSAGE\"`"
            ),
            (
                "log-level: loud",
                "1:12 `log-level` is `loud`; allowed are trace, debug, info, notice, warning, error, critical"
            ),
            ("sokcet: /x", "1:1 unknown key `sokcet`; did you mean `socket`?"),
            (
                "credentials: {claude: {TOKEN: sk-secret}}",
                "1:31 `TOKEN` takes a file that holds the secret, never the secret: its path, or the name that LoadCredential= gives it"
            ),
        ]
    )
    func mistakes(yaml: String, message: String) {
        do {
            _ = try SettingsReader.host(Array(yaml.utf8))
            Issue.record("accepted")
        } catch {
            #expect(error.problems.map { "\($0.line):\($0.column) \($0.message)" } == [message])
        }
    }
}
