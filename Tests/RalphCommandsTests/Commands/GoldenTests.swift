import Foundation
import RalphAPI
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphCommands

/// What scripts rely on: the JSON of every command, byte for byte. `RALPH_WRITE_GOLDENS=1` writes the files anew; what changed
/// in them is then for a person to judge.
@Suite("JSON for scripts", .timeLimit(.minutes(5)))
struct GoldenTests {
    private static let directory = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .appending("Goldens")

    private func compare(_ text: String, to name: String, _ place: SourceLocation = #_sourceLocation) throws {
        let file = Self.directory.appending("\(name).json").string
        if ProcessInfo.processInfo.environment["RALPH_WRITE_GOLDENS"] != nil {
            try FileManager.default.createDirectory(
                atPath: Self.directory.string,
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: URL(filePath: file))
        }
        let golden = try #require(
            FileManager.default.contents(atPath: file),
            "no golden \(name)",
            sourceLocation: place
        )
        #expect(text == String(decoding: golden, as: UTF8.self), "\(name)", sourceLocation: place)
    }

    @Test(
        "of a stopped project",
        arguments: [
            ["status"], ["report", "--since", "2d"], ["items"], ["items", "--state", "withdrawn"],
            ["show", "json"],
            ["show", "start"], ["history"], ["history", "--item", "week", "--limit", "1"], ["questions"],
            ["stats"],
            ["agents"], ["ls"], ["log", "json", "--check", "test"],
        ]
    )
    func reading(arguments: [String]) async throws {
        let project = try StoppedProject()
        let ctl = project.ctl()
        _ = await ctl.run(arguments + ["--json"])
        // The evening of who runs this is not everybody's.
        let text = ctl.output.text.replacing(project.root.path.string, with: "/ROOT")
            .replacing(/"since" : \{\n    "at" : "[^"]*"/, with: "\"since\" : {\n    \"at\" : \"EVENING\"")
        try compare(text, to: arguments.joined(separator: "-").replacing("--", with: ""))
    }

    @Test(
        "of what steers",
        arguments: [
            ["pause"], ["pause", "--now"], ["resume"], ["retry", "a"], ["skip", "a"], ["accept", "a"],
            ["answer", "1", "yes"], ["add", "x"], ["agents", "retry", "claude"], ["undo", "a", "--no-wait"],
        ]
    )
    func steering(arguments: [String]) async throws {
        let daemon = FakeProject {
            $0.action = ActionView("done", item: ItemID(3))
            $0.events = AsyncStream { $0.finish() }
        }
        let ctl = Ctl(daemon)
        var all = arguments
        all += ["--json", "--socket", "/nowhere/ralphd.sock"]
        #expect(await ctl.run(all) == 0, "\(ctl.errors.text)")
        try compare(ctl.output.text, to: "action")
    }

    @Test("of waiting, diffs, prompts and events")
    func others() async throws {
        var done = StatusFixture.busy
        (done.state, done.running, done.needsYou) = (.idle, [], [])
        let event = EventRecord(
            id: EventID(7),
            at: Moment.night,
            kind: .iterationEnded,
            details: ["outcome": "landed"]
        )
        let daemon = FakeProject {
            $0.statuses = [done]
            $0.diff = "+a\n"
            $0.prompt = "# Do\n"
            $0.items = []
            $0.events = AsyncStream { feed in
                feed.yield(EventView(event))
                feed.finish()
            }
        }
        for arguments in [["wait"], ["diff", "a"], ["prompt", "a"]] {
            let ctl = Ctl(daemon)
            #expect(
                await ctl.run(arguments + ["--json", "--socket", "/nowhere/s"]) == 0,
                "\(ctl.errors.text)"
            )
            try compare(ctl.output.text, to: arguments[0])
        }
        let watch = Ctl(
            FakeProject {
                $0.items = []
                $0.events = AsyncStream { feed in
                    feed.yield(EventView(event))
                    feed.finish()
                }
            }
        )
        #expect(await watch.ask("watch", "--json") == 0)
        try compare(watch.output.text, to: "watch")
    }

    @Test("of the plan, and of a set-up with its examination: the keys")
    func local() async throws {
        let newcomer = try Newcomer(["PRD.md": "- [ ] One {#a}\n  - [ ] part\n- [ ] Two {after=a bad=1}\n"])
        let check = newcomer.ctl()
        #expect(await check.run(["prd", "check", "--json"]) == 1)
        try compare(check.output.text, to: "prd-check")
        for command in ["init", "doctor"] {
            let ctl = newcomer.ctl()
            _ = await ctl.run([command, "--json"])
            let value = try JSONSerialization.jsonObject(with: Data(ctl.output.text.utf8))
            try compare(Self.keys(of: value).joined(separator: "\n") + "\n", to: "\(command)-keys")
        }
    }

    /// Paths to all keys, each once.
    private static func keys(of value: Any, under path: String = "") -> [String] {
        if let list = value as? [Any] {
            return Array(Set(list.flatMap { keys(of: $0, under: path + "[]") })).sorted()
        }
        guard let object = value as? [String: Any] else { return [] }
        return object.sorted { $0.key < $1.key }.flatMap { key, value in
            ["\(path).\(key)"] + keys(of: value, under: "\(path).\(key)")
        }
    }
}
