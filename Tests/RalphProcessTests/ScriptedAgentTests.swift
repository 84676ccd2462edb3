import Foundation
import Glibc
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphProcess

/// The program next to the test bundle.
private let program: String = {
    var directory = FilePath(CommandLine.arguments[0]).removingLastComponent()
    if let self = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
        directory.isEmpty
    {
        directory = FilePath(self).removingLastComponent()
    }
    return directory.appending("scripted-agent").string
}()

private struct Workspace {
    let place: TemporaryDirectory
    var output = "text"

    init(script: String) throws {
        place = try TemporaryDirectory("scripted")
        try place.write(script, to: "script")
        try place.write("", to: "work/.keep")
    }

    func spec(_ prompt: String, in containment: Containment = .group) -> ProcessSpec {
        var spec = ProcessSpec(
            program,
            ["--script", place.path.appending("script").string, "--output", output],
            environment: ["PATH": "/usr/bin:/bin"],
            directory: place.path.appending("work"),
            timeout: .seconds(30),
            mark: "agent-\(UUID().uuidString)/1"
        )
        spec.input = Array(prompt.utf8)
        spec.containment = containment
        spec.grace = .milliseconds(200)
        spec.lingerAfterFinalFrame = .milliseconds(200)
        return spec
    }

    func run(_ prompt: String, in containment: Containment = .group) async -> (TreeResult, [String]) {
        let lines = Lines()
        let result = await runTree(spec(prompt, in: containment), onLine: lines.reader)
        return (result, lines.texts)
    }
}

private let firstTry =
    "You work alone.\n\n# Item #greet: Say hullo\nSection: x\n\n# Last try\nNone, this is the first.\n"
private let secondTry =
    "# Item #greet: Say hullo\n\n# Last try (1 of 5): checks failed\nFailed: test (exit 2)\n"

@Suite("the scripted agent", .timeLimit(.minutes(5)))
struct ScriptedAgentTests {
    @Test("without a word on the item it writes one small file and its note")
    func defaults() async throws {
        let workspace = try Workspace(script: "item #other\nhang\n")
        let (result, _) = await workspace.run("# Item: Add `tally stop`!\n")
        #expect(result.ending == .exited(0))
        #expect(try workspace.place.read("work/add-tally-stop.txt") == "Add `tally stop`!\n")
        #expect(try workspace.place.read("work/.ralphd/outbox/summary.md") == "Wrote add-tally-stop.txt.\n")
    }

    @Test("does on the second try what it says for the second try, having read the failure")
    func tries() async throws {
        let workspace = try Workspace(
            script: """
                # A first try that is wrong.
                item #greet
                try 1
                  write a/greet.sh
                    | echo 'wrong'
                  summary Done.
                try 2
                  expect Failed: test
                  append a/greet.sh
                    | echo "hullo"
                    |
                    |  end
                  run chmod +x a/greet.sh; ls a
                  summary Now it greets.
                """
        )
        _ = await workspace.run(firstTry)
        #expect(try workspace.place.read("work/a/greet.sh") == "echo 'wrong'\n")
        let (result, lines) = await workspace.run(secondTry)
        #expect(result.ending == .exited(0))
        #expect(try workspace.place.read("work/a/greet.sh") == "echo 'wrong'\necho \"hullo\"\n\n end\n")
        #expect(lines.contains("greet.sh"))
        let (third, _) = await workspace.run("# Item #greet: x\n# Last try (2 of 5): no change\n")
        #expect(third.ending == .exited(97), "the prompt of the third does not tell of the failure")
    }

    @Test("counts tries in its state directory, when it has one")
    func state() async throws {
        let workspace = try Workspace(script: "item *\ntry 1\nsay one\ntry 3\nsay three\n")
        var spec = workspace.spec(firstTry)
        spec.arguments += ["--state", workspace.place.path.appending("state").string]
        var said: [[String]] = []
        for _ in 1...4 {
            let lines = Lines()
            _ = await runTree(spec, onLine: lines.reader)
            said.append(lines.texts)
        }
        #expect(said == [["one", "Done."], ["one", "Done."], ["three", "Done."], ["three", "Done."]])
    }

    @Test("speaks in frames")
    func frames() async throws {
        var workspace = try Workspace(script: "item *\nsay hullo\nrun echo x\nfinal All done.\nsay more\n")
        workspace.output = "claude"
        let (_, lines) = await workspace.run(firstTry)
        let types = try lines.map { line in
            let frame = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(frame?["type"] as? String)
        }
        #expect(types == ["system", "assistant", "assistant", "user", "result", "assistant"])
        #expect(lines[4].contains("\"result\":\"All done.\""))
        #expect(lines[4].contains("\"total_cost_usd\":0.0125"))
    }

    @Test("replays captured output just so")
    func replay() async throws {
        var workspace = try Workspace(script: "item *\nreplay captured\nexit 1\n")
        workspace.output = "claude"
        try workspace.place.write("{\"type\":\"result\"}\n", to: "captured")
        let (result, lines) = await workspace.run(firstTry)
        #expect(lines == ["{\"type\":\"result\"}"])
        #expect(result.ending == .exited(1))
    }

    @Test(
        "misbehaves on demand",
        arguments: [
            ("exit 7", .exited(7)), ("signal KILL", .signaled(SIGKILL)), ("error no", .exited(1)),
            ("final x\nhang", .finishedEarly), ("ignore-term\nfinal x\nhang", .finishedEarly),
            ("daemon 100", .exited(0)), ("close-output\nexit 3", .exited(3)),
            ("background sleep 100", .exited(0)),
            ("signal STOP", .stalled), ("flood 3M\nlong-line 9M\nsleep 0.01", .exited(0)),
        ] as [(String, ProcessEnding)]
    )
    func misbehaviour(acts: String, ending: ProcessEnding) async throws {
        let workspace = try Workspace(script: "item *\n\(acts)\n")
        var spec = workspace.spec(firstTry)
        spec.idleTimeout = .milliseconds(400)
        let result = await runTree(
            spec,
            onLine: { _, line, _ in line == Array("x".utf8) ? .finalFrameSeen : .go }
        )
        #expect(result.ending == ending)
        #expect(alive(spec).isEmpty)
    }

    @Test(
        "a script that means nothing is refused with its line",
        arguments: [
            ("say x", "line 1 of the script: an act before the first item"),
            ("item *\n\n fly", "line 3 of the script: no act fly: scripted-agent --acts lists them"),
            ("item *\ntry 2\ntry 1", "line 3 of the script: tries must go up"),
            ("item *\nsleep long", "line 2 of the script: sleep needs a number of seconds"),
            ("item *\nhang on", "line 2 of the script: hang takes nothing"),
            ("item *\n| x", "line 2 of the script: text before an act"),
        ]
    )
    func refused(script: String, message: String) {
        let failure = #expect(throws: Failure.self) { try AgentScript(script) }
        #expect(failure?.message == message)
    }

    @Test("reads item and try from the prompt")
    func prompt() {
        let first = PromptReading(firstTry)
        #expect(
            first.key == "greet" && first.title == "Say hullo" && first.tryNumber == 1
                && first.slug == "greet"
        )
        #expect(PromptReading(secondTry).tryNumber == 2)
        let plain = PromptReading("# Item: A title: with a colon\n")
        #expect(
            plain.key == nil && plain.title == "A title: with a colon" && plain.slug == "a-title-with-a-colon"
        )
    }
}
