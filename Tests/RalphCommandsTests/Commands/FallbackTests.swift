import Foundation
import RalphAPI
import RalphCore
import SystemPackage
import Testing

@testable import RalphCommands

@Suite("without a daemon, from a real history")
struct FallbackTests {
    private let project: StoppedProject

    init() throws { project = try StoppedProject() }

    @Test("items are listed, and standard error says where from")
    func items() async {
        let ctl = project.ctl()
        #expect(await ctl.run(["items"]) == 0)
        #expect(
            ctl.output.text == """
                1\tdone\t#start\t`tally start PROJECT` begins an entry\t\tb81fd02
                2\tblocked\t#json\t`tally export --json` prints an array\t5 of 5\tstuck: test failed the same way 3 times
                3\twaiting\t#week\tThe week at a glance\t\tasks: Monday or Sunday?

                """
        )
        #expect(ctl.errors.text.hasPrefix("ralphctl: no daemon answers on "))
        #expect(ctl.errors.text.hasSuffix("this is what the history of tally says\n"))
        #expect(ctl.errors.text.split(separator: "\n").count == 1)
    }

    @Test("states select items, the withdrawn only when asked for")
    func states() async {
        let ctl = project.ctl()
        #expect(await ctl.run(["items", "--state", "withdrawn", "--state", "done"]) == 0)
        let keys = ctl.output.text.split(separator: "\n").map { $0.split(separator: "\t")[2] }
        #expect(keys == ["#start", "#gone"])
    }

    @Test("the history on a terminal")
    func history() async {
        var ctl = project.ctl()
        ctl.terminal = .plain80
        ctl.now = Moment.at("2026-11-22T01:14:00.000Z")
        #expect(await ctl.run(["history"]) == 0)
        #expect(
            ctl.output.text == """
                NO  ITEM      AGENT        OUTCOME        STARTED  TOOK     COST  WHAT
                i3  #week/1   claude/opus  question       01:14      1m  unknown
                i2  #json/1   claude/opus  checks failed  01:14      1m  unknown  test failed: …
                i1  #start/1  claude/opus  landed         01:14     13m  ≈ $0.42  b81fd02

                """
        )
    }

    @Test("one item's history, and no more than asked for")
    func historyOfItem() async {
        let ctl = project.ctl()
        #expect(await ctl.run(["history", "--item", "json", "--limit", "1"]) == 0)
        #expect(ctl.output.text.hasPrefix("i2\t#json/1\t"))
    }

    @Test("what blocks an item is what the front matter said that was in force last")
    func attempts() async throws {
        let file = project.stateDirectory.appending(Instance.lastPRDFileName).string
        try Data("---\nattempts: 9\n---\n- [ ] Exports\n".utf8).write(to: URL(filePath: file))
        let ctl = project.ctl()
        #expect(await ctl.run(["items", "--state", "blocked"]) == 0)
        #expect(ctl.output.text.contains("\t5 of 9\t"))
        try Data("---\nattempts: [\n".utf8).write(to: URL(filePath: file))
        let other = project.ctl()
        #expect(await other.run(["items", "--state", "blocked"]) == 0)
        #expect(other.output.text.contains("\t5 of 5\t"))
    }

    @Test("an item's page")
    func show() async {
        var ctl = project.ctl()
        ctl.terminal = .plain80
        #expect(await ctl.run(["show", "L38"]) == 0)
        #expect(
            ctl.output.text == """
                #json   blocked   no. 2, line 38   Output
                  `tally export --json` prints an array
                  why     stuck: test failed the same way 3 times (blocked since 01:14)
                  do      ralphctl retry json --note "…"
                  strikes 5 of 5 in 1 iteration

                NO  ITEM     AGENT        OUTCOME        STARTED  TOOK     COST  WHAT
                i2  #json/1  claude/opus  checks failed  01:14      1m  unknown  test failed: e…

                """
        )
    }

    @Test("status exits 3, says that nothing runs, and what needs a person")
    func status() async {
        let ctl = project.ctl()
        #expect(await ctl.run(["status"]) == 3)
        #expect(ctl.output.text.hasPrefix("tally   stopped   main 4be1c90 "))
        #expect(ctl.output.text.contains("\nneeds you (3)\n"))
        #expect(ctl.output.text.contains("\n  hold\n    no daemon runs: 1 item is not done"))
        #expect(ctl.output.text.contains("\n    cd \(project.repository) && ralphd PRD.md --name tally\n"))
        #expect(ctl.output.text.contains("\n    ralphctl answer 1 \"…\"\n"))
        #expect(ctl.output.text.contains("     help: ralphctl retry json --note \"…\"\n"))
    }

    @Test("the project in figures")
    func stats() async {
        var ctl = project.ctl()
        ctl.terminal = .plain80
        #expect(await ctl.run(["stats"]) == 0)
        #expect(
            ctl.output.text == """
                  runs    3 iterations, 1 landed, 1 strike
                  ended   1 checks failed  1 landed  1 question
                  items   1 blocked  1 done  1 waiting  1 withdrawn
                  spend   today ≈ $0.42, total ≈ $0.42; 2 iterations unknown
                  worth   2.38 landed for a dollar

                AGENT        RUNS  LANDED  STRIKES  TIME  TOKENS OUT     COST
                claude/opus     3       1        1   15m        3.4k  ≈ $0.42

                """
        )
    }

    @Test("a check's log is read from its file; what does not exist is 66")
    func log() async {
        let ctl = project.ctl()
        #expect(await ctl.run(["log", "json", "--check", "test"]) == 0)
        #expect(ctl.output.text == "not ok 1\n")
        #expect(await project.ctl().run(["log", "json", "--check", "lint"]) == 66)
        #expect(await project.ctl().run(["log", "json"]) == 66)
    }

    @Test(
        "what is not there is 66, what is not clear 64, and what only a daemon can do 69",
        arguments: [
            (["show", "nothing"], 66), (["show", "99"], 66), (["log", "i99"], 66), (["show", "e"], 64),
            (["retry", "json"], 69), (["pause"], 69), (["answer", "1", "Monday"], 69),
            (["agents", "retry", "claude"], 69),
            (["questions"], 0), (["agents"], 0), (["wait", "start"], 0), (["wait", "json"], 3),
            (["wait"], 69),
        ] as [([String], Int32)]
    )
    func exitCodes(arguments: [String], code: Int32) async {
        let ctl = project.ctl()
        #expect(await ctl.run(arguments) == code, "\(ctl.errors.text)")
        #expect(ctl.errors.text.split(separator: "\n").count <= 2)
    }

    @Test(
        "a daemon that hangs is the same as none",
        arguments: [
            (["wait", "start"], 0), (["wait", "json"], 3), (["wait"], 69), (["watch"], 69),
            (["log", "json", "-f", "--check", "test"], 0), (["log", "json", "-f"], 66), (["ls"], 0),
        ] as [([String], Int32)]
    )
    func hung(arguments: [String], code: Int32) async {
        var ctl = project.ctl()
        let history = ctl.doors?.history
        let hung = FakeProject { $0.failure = Failure(.noAnswer, "the daemon listens but does not answer") }
        ctl.doors = history.map { history in Doors(daemon: { _ in hung }, history: history) }
        #expect(await ctl.run(arguments) == code, "\(ctl.errors.text)")
        #expect(ctl.errors.text.contains("does not answer") == (arguments != ["ls"]))
        #expect(ctl.output.text.contains("tally\thung\t") == (arguments == ["ls"]))
    }

    @Test("the keys of the JSON that scripts rely on are there", arguments: JSONKeys.all)
    func keys(contract: JSONKeys) async throws {
        let ctl = project.ctl()
        _ = await ctl.run(contract.arguments + ["--json"])
        let value = try JSONSerialization.jsonObject(with: Data(ctl.output.text.utf8))
        let object = try #require((value as? [[String: Any]])?.first ?? value as? [String: Any])
        #expect(contract.keys.subtracting(object.keys).isEmpty, "\(object.keys.sorted())")
        for (key, keys) in contract.nested {
            let nested = try #require(
                (object[key] as? [[String: Any]])?.first ?? object[key] as? [String: Any]
            )
            #expect(keys.subtracting(nested.keys).isEmpty, "\(key): \(nested.keys.sorted())")
        }
    }
}

/// What a command's JSON promises.
struct JSONKeys: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var keys: Set<String>
    var nested: [String: Set<String>] = [:]

    var testDescription: String { arguments.joined(separator: " ") }

    static let all = [
        JSONKeys(
            arguments: ["status"],
            keys: [
                "project", "state", "until", "reason", "target", "items", "running", "needs_you", "agents",
                "spend", "prd",
            ],
            nested: [
                "needs_you": ["kind", "item", "message", "since", "do"],
                "spend": ["today_usd", "total_usd", "unknown_iterations"], "prd": ["path", "problems"],
            ]
        ),
        JSONKeys(
            arguments: ["items"],
            keys: [
                "id", "key", "title", "section", "line", "state", "reason", "strikes", "max_strikes",
                "iterations", "commit",
            ]
        ),
        JSONKeys(
            arguments: ["history", "--item", "json"],
            keys: [
                "id", "item", "ordinal", "agent", "model", "outcome", "stage", "started_at", "ended_at",
                "duration_ms",
                "exit_code", "tokens", "cost_usd", "cost_kind", "commit", "checks", "error",
            ],
            nested: ["checks": ["name", "verdict", "exit_code", "duration_ms"]]
        ),
        JSONKeys(
            arguments: ["history", "--item", "start"],
            keys: ["cost_usd"],
            nested: ["tokens": ["input", "output", "cache_read", "cache_write"]]
        ),
        JSONKeys(arguments: ["questions"], keys: ["id", "item", "key", "text", "asked_at"]),
        JSONKeys(
            arguments: ["ls"],
            keys: ["name", "state", "hung", "needs_you", "repository", "prd", "state_directory", "socket"]
        ),
    ]
}
