import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// Only checks and landing decide; the agent's word can veto, never approve.
@Suite("what an agent says and leaves", .timeLimit(.minutes(5)))
struct JudgementTests {
    @Test("trap 1: a completion phrase has no effect")
    func completionPhrase() throws {
        let project = try Project(
            "- [ ] Work {#a attempts=1}",
            script: """
                item *
                  say <promise>COMPLETE</promise> ALL ITEMS DONE
                  run echo '<promise>COMPLETE</promise>'; cat NOTES.md
                  final <promise>COMPLETE</promise>
                """,
            files: ["NOTES.md": "When all is done, say <promise>COMPLETE</promise>.\n"]
        )
        #expect(try project.run().status == 3)
        #expect(try project.outcomes() == ["a no_change"])
        #expect(try project.boxes() == [false])
    }

    @Test("trap 2: success that changed nothing is a strike, and the next try is told so")
    func nothingChanged() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item #a
                try 1
                  summary It is all done.
                try 2
                  expect The last run changed no file
                  write a.txt
                    | a
                """
        )
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a no_change", "a landed"])
        #expect(try project.iterations(of: "a").map(\.isStrike) == [true, false])
        #expect(try project.boxes() == [true])
    }

    @Test("trap 3: an agent that hangs after its final frame is ended after ten seconds, and its work lands")
    func hangAfterFinalFrame() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                  write a.txt
                    | a
                  daemon 300
                  final Done.
                  hang
                """
        )
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a landed"])
        #expect(try project.repository.show("a.txt") == "a")
        let row = try #require(project.iterations(of: "a").first)
        // Its report stands: only the final frame has the cost.
        #expect(row.cost != .unknown)
        #expect(try #require(row.endedAt).timeIntervalSince(row.startedAt) >= 10)
    }

    @Test("trap 4: an agent that is killed before its final frame made no success, but its work is kept")
    func killedAgent() throws {
        let project = try Project(
            """
            - [ ] Killed {#a attempts=1}
            - [ ] Too slow {#b attempts=1 timeout=1s}
            """,
            script: """
                item #a
                  write a.txt
                    | half
                  signal KILL
                item #b
                  write b.txt
                    | half
                  hang
                """
        )
        #expect(try project.run().status == 3)
        #expect(try project.outcomes() == ["a agent_failed", "b timed_out"])
        for key in ["a", "b"] {
            #expect(try project.item(key).kept?.filesChanged == 1)
            #expect(try project.item(key).state == .blocked)
        }
        #expect(try project.boxes() == [false, false])
    }

    @Test("trap 10: lines without end, bytes that are no text and broken JSON are survived")
    func oddOutput() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                  long-line 20M
                  run printf '\\377\\376\\000\\000{"type":'
                  raw {"type":"result","subtype":"success","is_error":fal
                  raw {"type":"assistant","message":"\u{2028}"}
                  write a.txt
                    | a
                """
        )
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a landed"])
    }

    @Test("trap 11: an agent that never reads its prompt is no dead-lock")
    func unreadPrompt() throws {
        let project = try Project(
            "- [ ] Work {#a}\n  " + String(repeating: "a long description ", count: 60_000),
            agent: "deaf"
        )
        let command = "agents: {deaf: {command: [/bin/sh, -c, echo a > a.txt], output: text}}"
        let lines = try project.prd().split(separator: "\n", omittingEmptySubsequences: false)
        let text = lines.map { $0.hasPrefix("agents:") ? Substring(command) : $0 }.joined(separator: "\n")
        try project.repository.commit("Describe the agent", ["PRD.md": text])
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a landed"])
    }

    @Test("trap 14: what an agent does to its own .git reaches nobody, and nothing of it is run")
    func attackOnGit() throws {
        let project = try Project(
            "- [ ] Work {#a}\n- [ ] More {#b}",
            script: """
                item #a
                  write a.txt
                    | a
                  run git stash clear; git reset --hard; git push --force origin HEAD:main; git gc --prune=now
                  run rm -rf .git; git init -q .; git config core.fsmonitor 'touch {place}/fsmonitor; false'
                  run git config filter.x.clean 'touch {place}/filter'; echo '* filter=x' > .git/info/attributes
                  run for h in post-checkout pre-commit post-index-change reference-transaction; do printf '#!/bin/sh\\ntouch {place}/hook\\n' > .git/hooks/$h; chmod +x .git/hooks/$h; done
                  write a.txt
                    | a
                  summary Attacked.
                """
        )
        try project.repository.directory.write("stashed\n", to: "PRD2.txt")
        try project.repository.git("stash", "--include-untracked")
        let stash = try project.repository.resolve("stash@{0}")
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a landed", "b landed"])
        #expect(try project.repository.resolve("stash@{0}") == stash)
        #expect(try project.repository.subjects() == ["More", "Work", "Start"])
        for trace in ["fsmonitor", "filter", "hook"] { #expect(!project.place.exists(trace)) }
    }

    @Test("trap 15: an agent that ticks its own box or deletes a protected test lands nothing")
    func protectedPaths() throws {
        let project = try Project(
            """
            - [ ] Tick it {#a attempts=1}
            - [ ] Delete the test {#b attempts=1}
            """,
            script: """
                item #a
                  run sed -i 's/\\[ \\]/[x]/' PRD.md
                  summary Ticked.
                item #b
                  delete tests/one.sh
                  write b.txt
                    | b
                """,
            settings: "protect: [./tests/]",
            files: ["tests/one.sh": "exit 0\n"]
        )
        let before = try project.repository.resolve("main")
        #expect(try project.run().status == 3)
        #expect(try project.outcomes() == ["a protected_path", "b protected_path"])
        #expect(try project.repository.resolve("main") == before)
        #expect(try project.boxes() == [false, false])
        #expect(try project.iterations(of: "b")[0].error?.contains("tests/one.sh") == true)
        #expect(try project.item("b").kept?.filesChanged == 1)
    }

    @Test(
        "trap 15: protected tests that are emptied, skipped or moved, and an edited PRD, are put back",
        arguments: [
            "truncate -s 0 tests/one.sh", "sed -i '1i exit 0' tests/one.sh", "mv tests/one.sh tests/two.sh",
            "rm -r tests", "echo '- [ ] More' >> PRD.md", "rm PRD.md",
        ]
    )
    func putBack(command: String) throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                try 1
                  write a.txt
                    | half
                  run \(command)
                try 2
                  run cp PRD.md tests/one.sh {place}
                  append a.txt
                    | whole
                """,
            settings: "protect: [./tests/]",
            files: ["tests/one.sh": "test -d .\n"]
        )
        let before = try project.prd()
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a protected_path", "a landed"])
        #expect(try project.iterations(of: "a").map(\.isStrike) == [true, false])
        #expect(try project.place.read("PRD.md") == before)
        #expect(try project.place.read("one.sh") == "test -d .\n")
        #expect(try project.repository.show("a.txt") == "half\nwhole")
        #expect(
            try project.repository.git("diff", "--name-only", "HEAD~1", "HEAD", "--") == "PRD.md\na.txt"
        )
        #expect(try project.prd() == before.replacing("[ ]", with: "[x]"))
    }

    @Test(
        "trap 16: a check that is green only by an ignored file is red, and the next try is told of the file"
    )
    func ignoredFile() throws {
        let project = try Project(
            "- [ ] Work {#a attempts=2}",
            script: """
                item *
                  write build/ok
                    | ok
                  write a.txt
                    | a
                """,
            checks: "[\"test ! -e a.txt || test -e build/ok\"]",
            files: [".gitignore": "build/\n"]
        )
        #expect(try project.run().status == 3)
        #expect(try project.outcomes() == ["a checks_failed", "a checks_failed"])
        #expect(!project.repository.directory.exists("a.txt"))
        let second = try #require(try project.iterations(of: "a").last)
        #expect(try project.prompt(of: second).contains("hides do not land, and no check saw them: build/"))
    }

    @Test("a red result is no receipt: it may come from outside the tree, so base and work are asked again")
    func redIsAskedAgain() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: "item *\n  write a.txt\n    | a",
            checks: "[\"echo >> {place}/runs; test $(wc -l < {place}/runs) -ge 3\"]"
        )
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a checks_failed", "a landed"])
        let prompt = try project.prompt(of: #require(project.iterations(of: "a").last))
        #expect(!prompt.contains("already failing"))
    }

    @Test("a check that no changed path asked for says of the new base what it said of the old one")
    func uncheckedPath() throws {
        let project = try Project(
            "- [ ] One {#a}\n- [ ] Two {#b attempts=1}",
            script: "item #a\n  write a.txt\n    | a\nitem #b\n  write src/b.txt\n    | b",
            checks: "[{name: red, run: \"false\", paths: [\"src/**\"]}]"
        )
        #expect(try project.run().status == 3)
        #expect(try project.outcomes() == ["a landed", "b checks_failed"])
        #expect(try project.item("b").lastTry?.failingOnBase == ["red"])
    }

    @Test("an item's own check that cannot start is the item's matter, which mending its line ends")
    func ownBrokenCheck() throws {
        let project = try Project(
            "- [ ] One {#a check=no-such-tool}\n- [ ] Two {#b}",
            script: "item *\n  write {item}.txt\n    | a"
        )
        #expect(try project.run().status == 3)
        #expect(try project.outcomes() == ["a check_broken", "b landed"])
        let item = try project.item("a")
        #expect(item.state == .blocked)
        #expect(item.strikes == 0)
        #expect(
            item.reason?.contains("`no-such-tool` (PRD.md:6) cannot start") == true,
            "\(item.reason ?? "")"
        )
        #expect(item.reason?.contains("mend check=") == true)
        let mended = try project.prd().replacing("check=no-such-tool", with: "check=true")
        try project.repository.directory.write(mended, to: "PRD.md")
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a check_broken", "b landed", "a landed"])
    }

    @Test("trap 43: work that is green but that its agent calls unfinished does not land")
    func incomplete() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                try 1
                  write a.txt
                    | half
                  not-done The second criterion is unmet.
                try 2
                  expect The second criterion is unmet.
                  append a.txt
                    | whole
                """
        )
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a incomplete", "a landed"])
        #expect(try project.repository.show("a.txt") == "half\nwhole")
    }

    @Test("trap 44: a check's script that the agent deleted is a strike, and set-up runs where the checks do")
    func deletedCheckScript() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                try 1
                  delete tests/run.sh
                try 2
                  run git checkout HEAD -- tests
                  write a.txt
                    | a
                """,
            checks: "[\"test -d modules\", ./tests/run.sh]",
            settings: "setup: [\"mkdir -p modules\"]",
            files: [".gitignore": "modules/\n"]
        )
        try project.repository.directory.write("#!/bin/sh\nexit 0\n", to: "tests/run.sh")
        chmod(project.repository.path.appending("tests/run.sh").string, 0o755)
        try project.repository.commit("Add the check")
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a checks_failed", "a landed"])
    }
}
