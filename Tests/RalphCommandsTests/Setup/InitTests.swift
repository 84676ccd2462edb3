import Foundation
import RalphCore
import RalphPRD
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphCommands

@Suite("ralphctl init", .timeLimit(.minutes(5)))
struct InitTests {
    private func json(_ ctl: Ctl) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(ctl.output.text.utf8)) as? [String: Any])
    }

    @Test(
        "in a fresh repository it finds path, agent, login and checks, and writes an example in which nothing runs"
    )
    func fresh() async throws {
        let newcomer = try Newcomer()
        try newcomer.logIn()
        let ctl = newcomer.ctl()
        #expect(await ctl.run(["init"]) == 0, "\(ctl.errors.text)")
        let config = try newcomer.home.read(newcomer.config)
        #expect(config.contains("prd: \(newcomer.repository.path)/PRD.md\n"))
        #expect(config.contains("path: \"\(newcomer.home.path)/bin:/usr/bin:/bin\"\n"))
        let host = try SettingsReader.host(Array(config.utf8))
        #expect(host.path == "\(newcomer.home.path)/bin:/usr/bin:/bin")
        let document = try PRD.parse(Array(newcomer.repository.directory.read("PRD.md").utf8))
        #expect(document.problems == [])
        #expect(document.settings.agents.map(\.description) == ["claude"])
        #expect(document.settings.checks?.map(\.run) == ["make test"])
        #expect(!document.items.isEmpty && document.items.allSatisfy { $0.attributes.mode == .later })
        // Long paths break the line.
        let said = ctl.output.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            said.contains(
                "claude 2.1.330 at \(newcomer.home.path)/bin/claude: logged in, a plan pays"
            )
        )
        #expect(ctl.output.text.contains("`make test` (from Makefile)"))
        #expect(!ctl.output.text.contains("secret-token"))
    }

    @Test("the README's walk names no item that the example has, too")
    func readme() throws {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            .removingLastComponent()
        let readme = try #require(FileManager.default.contents(atPath: root.appending("README.md").string))
        let key = try #require(String(decoding: readme, as: UTF8.self).firstMatch(of: /log -f (\w+)/)?.1)
        let example = ExamplePRD(name: "x", agents: [], checks: []).text
        let walked = example.replacing("## Later", with: "- [ ] `--\(key)` prints each file name\n\n## Later")
        let items = try PRD.parse(Array(walked.utf8)).items
        let matches = items.filter { $0.key.contains(key) || $0.title.contains(key) }
        #expect(matches.count == 1)
    }

    @Test("an agent that is not logged in and a check that cannot start are told")
    func missing() async throws {
        let newcomer = try Newcomer(["go.mod": "module x\n"])
        let ctl = newcomer.ctl()
        #expect(await ctl.run(["init", "--json"]) == 0)
        let problems = try #require(try json(ctl)["problems"] as? [String])
        #expect(problems.contains { $0.hasPrefix("claude is not logged in: ") }, "\(problems)")
        #expect(
            problems.contains { $0.contains("`go test ./...`: no program go on your PATH") },
            "\(problems)"
        )
        let prd = try newcomer.repository.directory.read("PRD.md")
        #expect(prd.contains("\nagent: claude            # found, not logged in\n"))
    }

    @Test("in a subdirectory the next commands begin with the way to the repository")
    func subdirectory() async throws {
        let newcomer = try Newcomer(["Makefile": "test:\n\ttrue\n", "src/a.c": ""])
        let ctl = newcomer.ctl(in: newcomer.repository.path.appending("src"))
        #expect(await ctl.run(["init", "--json"]) == 0)
        let next = try #require(try json(ctl)["next"] as? [String])
        #expect(next.first == "cd \(newcomer.repository.path)")
        #expect(next.contains("ralphd"))
        let above = newcomer.ctl()
        #expect(await above.run(["init", "--json"]) == 0)
        let there = try #require(try json(above)["next"] as? [String])
        #expect(there.contains("cd \(newcomer.repository.path) && ralphd") && there.first?.first == "r")
        // The plan is found from there as well, and by name from anywhere.
        for (place, arguments) in [
            (newcomer.repository.path.appending("src"), []),
            ("/", ["--project", newcomer.repository.path.lastComponent?.string ?? ""]),
        ] as [(FilePath, [String])] {
            let check = newcomer.ctl(in: place)
            #expect(await check.run(["prd", "check"] + arguments) == 0, "\(check.errors.text)")
            #expect(check.output.text.contains("#quiet"))
        }
        #expect(await newcomer.ctl(in: "/").run(["prd", "check", "--project", "nobody"]) == 66)
    }

    @Test("a second time it says what is there and changes nothing")
    func twice() async throws {
        let newcomer = try Newcomer()
        #expect(await newcomer.ctl().run(["init"]) == 0)
        let before = try newcomer.everything()
        let again = newcomer.ctl()
        #expect(await again.run(["init", "--json"]) == 0)
        #expect(try newcomer.everything() == before)
        let view = try json(again)
        #expect((view["config"] as? [String: Any])?["written"] as? Bool == false)
        #expect((view["prd"] as? [String: Any])?["written"] as? Bool == false)
        let third = newcomer.ctl()
        #expect(await third.run(["init"]) == 0)
        #expect(third.output.text.contains("is set up already; nothing was changed"))
    }

    @Test("a PRD that is there is not touched; what it leaves open goes into the host's file")
    func existing() async throws {
        let prd =
            "# Plan\n- [x] Old\n- [ ] Second {after=first}\n- [ ] First {#first}\n- [ ] Licence {manual}\n"
        let newcomer = try Newcomer(
            ["docs/PRD.md": prd, "go.mod": "module x\n"],
            agents: ["codex", "claude"]
        )
        try newcomer.home.write(#"{"tokens":{"access_token":"t"}}"#, to: ".codex/auth.json")
        let ctl = newcomer.ctl()
        #expect(await ctl.run(["init", "--json"]) == 0, "\(ctl.errors.text)")
        #expect(try newcomer.repository.directory.read("docs/PRD.md") == prd)
        let host = try SettingsReader.host(Array(newcomer.home.read(newcomer.config).utf8))
        #expect(host.project.agents.map(\.description) == ["codex"])
        #expect(host.project.checks?.map(\.run) == ["go test ./..."])
        let view = try json(ctl)
        #expect(view["agent"] as? [String] == ["codex"])
        let plan = try #require(view["plan"] as? [String: Any])
        #expect((plan["items"] as? [Any])?.count == 4)
        let text = newcomer.ctl()
        _ = await text.run(["init"])
        #expect(text.output.text.contains("4 items: 1 done, 2 to run, 1 not"))
    }

    @Test("keys in the environment are named as not passed on, and an API key's login as billed")
    func keys() async throws {
        var newcomer = try Newcomer(agents: ["claude", "codex"])
        try newcomer.home.write(#"{"OPENAI_API_KEY":"sk-secret","tokens":null}"#, to: ".codex/auth.json")
        newcomer.variables = ["ANTHROPIC_API_KEY": "sk-other"]
        let ctl = newcomer.ctl()
        #expect(await ctl.run(["init", "--json"]) == 0)
        let agents = try #require(try json(ctl)["agents"] as? [[String: Any]])
        #expect(agents.map { $0["name"] as? String } == ["codex", "claude"])
        #expect(agents.first?["bills"] as? Bool == true)
        #expect(agents.last?["withheld"] as? [String] == ["ANTHROPIC_API_KEY"])
        #expect(!ctl.output.text.contains("sk-"))
        #expect(try newcomer.repository.directory.read("PRD.md").contains("agent: codex\n"))
    }

    @Test("without an agent, checks or a commit it still sets up, and says what is missing")
    func nothingThere() async throws {
        let newcomer = try Newcomer(nil, agents: [])
        let ctl = newcomer.ctl()
        #expect(await ctl.run(["init"]) == 0, "\(ctl.errors.text)")
        for words in [
            "has no commit yet", "agent claude is not on your PATH", "no checks were found", "git add -A",
        ] {
            #expect(ctl.output.text.contains(words), "\(words)")
        }
        #expect(newcomer.repository.directory.exists("PRD.md"))
    }

    @Test("in the wrong place it says so in one line, and writes nothing")
    func wrongPlaces() async throws {
        let newcomer = try Newcomer()
        let bare = try TemporaryDirectory("ralph-bare")
        try newcomer.repository.git(
            "clone",
            "--quiet",
            "--bare",
            newcomer.repository.path.string,
            bare.path.string
        )
        let plain = try TemporaryDirectory("ralph-plain")
        let before = try newcomer.everything()
        for (directory, words) in [
            (bare.path, "is a bare repository"), (plain.path, "is not in a git repository"),
            (newcomer.repository.path.appending(".git"), "is inside a git directory"),
        ] {
            let ctl = newcomer.ctl(in: directory)
            #expect(await ctl.run(["init"]) == 1)
            #expect(ctl.errors.text.contains(words), "\(ctl.errors.text)")
            #expect(ctl.errors.text.split(separator: "\n").count == 1)
        }
        #expect(try newcomer.everything() == before)
    }

    @Test("another project's file of the same name is not taken over")
    func sameName() async throws {
        let newcomer = try Newcomer()
        try newcomer.home.write("prd: /elsewhere/PRD.md\n", to: ".config/ralphd/mine.yaml")
        let ctl = newcomer.ctl()
        #expect(await ctl.run(["init", "--name", "mine"]) == 1)
        #expect(ctl.errors.text.contains("is for /elsewhere/PRD.md"))
        #expect(try newcomer.home.read(".config/ralphd/mine.yaml") == "prd: /elsewhere/PRD.md\n")
        #expect(!newcomer.repository.directory.exists("PRD.md"))
        #expect(await newcomer.ctl().run(["init", "--name", "../up"]) == 1)
    }

    @Test("two PRDs are a question that only the person can answer")
    func twoPRDs() async throws {
        let newcomer = try Newcomer(["PRD.md": "- [ ] a\n", "docs/prd.md": "- [ ] b\n"])
        let ctl = newcomer.ctl()
        #expect(await ctl.run(["init"]) == 64)
        #expect(ctl.errors.text.contains("pass the path of one"))
        #expect(await newcomer.ctl().run(["init", "docs/prd.md"]) == 0)
        #expect(try newcomer.home.read(newcomer.config).contains("docs/prd.md"))
    }

    @Test(
        "scalars in YAML are read back as they are",
        arguments: [
            "a", "/x/y z", "yes", "a: b", "- x", "#c", "\"q\"", "\\", "tab\t", "ü", "12", "[a]", "it's",
            "a\nb",
        ]
    )
    func scalars(text: String) throws {
        let host = try SettingsReader.host(Array("prd: \(YAMLText.scalar(text))\n".utf8))
        #expect(host.prd == text)
    }
}
