import Foundation
import RalphCore
import RalphHistory
import RalphProcess
import RalphTestSupport
import SystemPackage
import Testing

/// Agents that break their surroundings, and editors that save what is stale.
@Suite("rough handling", .timeLimit(.minutes(5)))
struct RoughTests {
    @Test(
        "trap 13: an agent that kills every ralphd it can find ends none, or the next life goes on whole",
        arguments: ["best", "without bubblewrap"]
    )
    func killer(containment: String) throws {
        let project = try Project(
            "- [ ] Work {#a}\n- [ ] Next {#b}",
            script: """
                item #a
                  write a.txt
                    | a
                  run mkdir {place}/once && pkill -9 -f '[/]ralphd --state-dir {place}/state'; true
                """
        )
        if containment != "best" {
            chmod(try project.place.write("#!/bin/sh\nexit 1\n", to: "bin/bwrap").string, 0o755)
        }
        let finding = Containment.detect(environment: project.environment)
        let isContained = if case .namespace = finding.containment { true } else { false }
        let ending = try project.start().wait()
        #expect(ending.status == (isContained ? 0 : -SIGKILL), "\(ending.errors)")
        if !isContained { #expect(try project.run().status == 0) }
        try project.assertWhole(ending.errors)
        #expect(try project.landedItems().sorted() == ["a", "b"])
        #expect(try project.boxes() == [true, true])
        let interrupted: [String] = isContained ? [] : ["a interrupted"]
        #expect(try project.outcomes().sorted() == interrupted + ["a landed", "b landed"])
    }

    @Test("trap 27: a workspace that its agent removes ends the iteration, and the next makes it anew")
    func workspaceRemoved() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                  write a.txt
                    | a
                  run if mkdir {place}/once 2>/dev/null; then rm -rf "$PWD"; fi
                """
        )
        #expect(try project.run().status == 0)
        #expect(try project.outcomes().last == "a landed")
        #expect(try project.outcomes().count == 2)
        #expect(try project.repository.git("status", "--porcelain") == "")
    }

    @Test(
        "trap 27: a workspace that is made read-only ends the iteration, and the next item has it anew",
        arguments: ["chmod -R a-w .", "chmod 0 ."]
    )
    func workspaceClosed(command: String) throws {
        let project = try Project(
            "- [ ] Work {#a attempts=1}\n- [ ] Next {#b}",
            script: "item #a\n  write a.txt\n    | a\n  run \(command)\nitem #b\n  write b.txt\n    | b"
        )
        // Whether it hinders anybody depends on who runs this: root is not.
        _ = try project.run()
        let outcomes = try project.outcomes()
        let known = ["a landed", "a protected_path", "a no_change"]
        let first = try #require(outcomes.first)
        #expect(known.contains(first), "\(outcomes)")
        #expect(Array(outcomes.dropFirst()) == ["b landed"], "\(outcomes)")
        #expect(try project.repository.show("b.txt") == "b")
    }

    @Test("trap 30: nothing that an agent or a check leaves running outlives its iteration")
    func leftovers() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                  write a.txt
                    | a
                  background exec sleep 300
                  daemon 300
                """,
            checks: "[\"(setsid sleep 300 >/dev/null 2>&1 &) ; true\"]"
        )
        let daemon = try project.start(untilDone: false)
        try wait(for: "the landing") { try project.boxes() == [true] }
        try wait(for: "the end of the iteration") { try project.history().openIterations().isEmpty }
        #expect(try project.livingProcesses() == [])
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole()
    }

    @Test(
        "trap 31: a question that is a link, a pipe or endless is no question",
        arguments: [
            "ln -s /etc/hostname .ralphd/outbox/question.md", "mkfifo .ralphd/outbox/question.md",
            "truncate -s 10G .ralphd/outbox/question.md", "rm -rf .ralphd && ln -s / .ralphd",
        ]
    )
    func oddQuestion(command: String) throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: "item *\n  write a.txt\n    | a\n  run \(command)"
        )
        let ending = try project.run()
        #expect(ending.status == 0)
        #expect(ending.errors.contains("an outbox file was ignored"), "\(ending.errors)")
        #expect(try project.outcomes() == ["a landed"])
        #expect(try project.repository.git("show", "--name-only", "--format=", "HEAD") == "PRD.md\na.txt")
    }

    @Test("trap 40: a stale buffer that is saved over fresh ticks drops none of them, and redoes nothing")
    func staleBuffer() throws {
        let project = try Project("- [ ] One {#a}\n- [ ] Two {#b}\n- [ ] Three {#c}")
        let stale = try project.prd()
        let daemon = try project.start(untilDone: false)
        try wait(for: "all to land") { try project.boxes() == [true, true, true] }
        try wait(for: "the ticks to be read") { try project.history().items().allSatisfy(\.item.isTicked) }
        try project.repository.directory.write(stale + "\nA thought.\n", to: "PRD.md")
        try wait(for: "the ticks to be put back") { try project.boxes() == [true, true, true] }
        #expect(try project.prd().hasSuffix("\nA thought.\n"))
        try wait(for: "status to say so") {
            try project.history().project()?.prdProblems.contains {
                $0.severity == .warning && $0.message.contains("3 ticks of what is done (a, b, c): put back")
            } == true
        }
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole()
        #expect(try project.outcomes() == ["a landed", "b landed", "c landed"])
    }

    @Test(
        "trap 40: ticks that git takes out of the PRD are put back, and nothing is redone",
        arguments: ["git checkout OLD", "git stash"]
    )
    func ticksTakenByGit(command: String) throws {
        let project = try Project("- [ ] One {#a}\n- [ ] Two {#b}")
        let isStash = command == "git stash"
        // Beside what its author has not committed, the ticks are not committed either.
        if isStash {
            try project.repository.directory.write(project.prd() + "\nA thought.\n", to: "PRD.md")
        }
        let old = try project.repository.resolve("main").rawValue
        let daemon = try project.start(untilDone: false)
        try wait(for: "both to land") { try project.boxes() == [true, true] }
        try wait(for: "the ticks to be read") { try project.history().items().allSatisfy(\.item.isTicked) }
        try project.repository.git(isStash ? ["stash"] : ["checkout", "--quiet", old, "--", "PRD.md"])
        try wait(for: "the ticks to be put back") { try project.boxes() == [true, true] }
        // What git put there has open boxes and no thought.
        #expect(try project.repository.git("show", ":PRD.md").components(separatedBy: "- [ ]").count == 3)
        #expect(try !project.prd().contains("A thought."))
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole()
        #expect(try project.outcomes() == ["a landed", "b landed"])
        #expect(try project.landedItems() == ["b", "a"])
    }

    @Test("a box that is unticked alone is an order to do its item again")
    func untickedAlone() throws {
        let project = try Project(
            "- [ ] One {#a}\n- [ ] Two {#b}",
            script: "item #a\n  run date +%N > a.txt"
        )
        let daemon = try project.start(untilDone: false)
        try wait(for: "both to land") { try project.boxes() == [true, true] }
        try wait(for: "the ticks to be read") { try project.history().items().allSatisfy(\.item.isTicked) }
        let text = try project.prd().replacing("- [x] One", with: "- [ ] One")
        try project.repository.directory.write(text, to: "PRD.md")
        try wait(for: "the second landing") { try project.landedItems() == ["a", "b", "a"] }
        try wait(for: "the tick") { try project.boxes() == [true, true] }
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole()
    }
}
