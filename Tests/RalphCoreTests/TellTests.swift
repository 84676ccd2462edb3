import Foundation
import Testing

@testable import RalphCore

/// How a run ended, and words of the next prompt.
struct EndCase: Sendable {
    var outcome: Outcome
    var detail: String?
    var words: String

    init(_ outcome: Outcome, _ detail: String?, _ words: String) {
        self.outcome = outcome
        self.detail = detail
        self.words = words
    }
}

@Suite("What the agent is told")
struct TellTests {
    private func prompt(_ edit: (inout Prompt) -> Void = { _ in }) -> Prompt {
        let item = Item(
            key: "stop",
            explicitID: "stop",
            title: "`tally stop` ends the running entry",
            section: ["tally", "Recording"],
            line: 31,
            criteria: [Criterion(text: "exit status 1", line: 32, boxOffset: 5, isTicked: false)],
            details: "The duration is printed as `1h 05m`."
        )
        var prompt = Prompt(
            project: "tally",
            branch: "main",
            base: ObjectID("4be1c90aa"),
            timeout: .seconds(3600),
            item: item,
            checks: [Prompt.KnownCheck(name: "test", run: "make test", onBase: nil, isItems: false)],
            protectedPaths: ["PRD.md", "tests/golden/**"],
            tryNumber: 1,
            attempts: 5
        )
        edit(&prompt)
        return prompt
    }

    private func work(files: Int) -> KeptWork {
        KeptWork(
            commit: ObjectID("b"),
            base: ObjectID("4be1c90aa"),
            filesChanged: files,
            insertions: 2,
            deletions: 0
        )
    }

    @Test("the first prompt names item, criteria, checks and rules, within 3 KB")
    func first() {
        let text = prompt().text
        for part in [
            "# Item #stop: `tally stop` ends the running entry", "Section: tally > Recording",
            "1. exit status 1",
            "- test: `make test`", "None, this is the first.",
            "- Off limits: PRD.md, tests/golden/**. Whoever touches one lands nothing",
        ] {
            #expect(text.contains(part), "missing: \(part)")
        }
        #expect(text.utf8.count < 3072)
    }

    @Test("a prompt after a huge failure on a huge item still fits, and its fences hold")
    func bounded() {
        let noise = (1...5000).map { "~~~~~~ FAIL case \($0) \u{1B}[31mred\u{1B}[0m" }.joined(separator: "\n")
        let text = prompt {
            $0.item.details = String(repeating: "Long. ", count: 5000)
            $0.lastTry = LastTry(
                outcome: .checksFailed,
                checks: [
                    CheckResult(
                        name: "test",
                        verdict: .failed,
                        exitCode: 2,
                        duration: .seconds(38),
                        summary: "exit 2",
                        head: noise,
                        tail: noise,
                        lineCount: 10_000
                    )
                ],
                repeats: 2
            )
            $0.tryNumber = 2
        }.text
        #expect(text.utf8.count < 10_240)
        #expect(!text.contains("\u{1B}"))
        #expect(text.contains("# Last try (1 of 5): checks failed"))
        #expect(text.contains("Same failure as the try before that: yes"))
    }

    @Test(
        "at its fullest, with the author's words and every failure, a prompt for an item like those of the example fits 6 KB"
    )
    func fullest() {
        let failures = (1...10).map {
            "test number \($0)\n" + String(repeating: "   why it failed\n", count: 20)
        }
        let line = String(repeating: "a line of output, not short at all; ", count: 8)
        let text = prompt {
            $0.lastTry = LastTry(
                outcome: .checksFailed,
                detail: String(repeating: "note ", count: 1000),
                checks: ["test", "lint"].map {
                    CheckResult(
                        name: $0,
                        verdict: .failed,
                        exitCode: 2,
                        duration: .seconds(38),
                        summary: "exit 2",
                        head: Array(repeating: line, count: 60).joined(separator: "\n"),
                        tail: Array(repeating: line, count: 200).joined(separator: "\n"),
                        lineCount: 5000,
                        failures: failures
                    )
                },
                failingOnBase: ["lint"],
                repeats: 2,
                hiddenFiles: (1...20).map { "a/deep/path/that/is/hidden/\($0).generated.txt" }
            )
            $0.isReviewed = true
            $0.protectedPaths += (1...20).map { "some/dir/\($0)/**" }
            $0.kept = KeptWork(
                commit: ObjectID("b"),
                base: ObjectID("4be1c90aa"),
                filesChanged: 3,
                insertions: 74,
                deletions: 9
            )
            $0.answer = Answer(
                question: String(repeating: "which? ", count: 200),
                answer: String(repeating: "that. ", count: 300)
            )
            $0.note = String(repeating: "mind this. ", count: 300)
            $0.tryNumber = 3
        }.text
        #expect(text.utf8.count <= 6 << 10, "\(text.utf8.count)")
        #expect(text.contains("1. test number 1"))
        #expect(text.components(separatedBy: "~~~").count % 2 == 1)
    }

    @Test(
        "a try that ended before its work was judged leaves what was wrong in the prompt, and says of which try it is"
    )
    func standing() {
        var check = failing("a.c:1:1: error: no")
        check.verdict = .failed
        func text(_ last: LastTry) -> String {
            prompt {
                $0.lastTry = last
                $0.tryNumber = 3
            }.text
        }
        let red = LastTry(outcome: .checksFailed, checks: [check], failingOnBase: [])
        let crashed = LastTry(outcome: .agentFailed, detail: "it crashed").keeping(red)
        let first = text(crashed)
        #expect(
            first.contains(
                "# Last try (2 of 5): agent failed\nIt broke off: it crashed\nIts work was not judged. The try before it failed: "
            )
        )
        #expect(first.contains("passed on main then, so this came from the changes:\n1. a.c:1:1: error: no"))
        #expect(first.contains(".ralphd/feedback.md (all of what failed)"))
        #expect(LastTry(outcome: .conflict).keeping(red).standing == nil)

        let later = LastTry(outcome: .timedOut).keeping(crashed)
        #expect(later.checks.isEmpty)
        #expect(text(later).contains("The last one that was, 2 tries before it, failed: "))

        let findings = LastTry(outcome: .reviewRejected, detail: "1. made:1 is a stub").keeping(red)
        #expect(findings.standing == nil)
        let half = LastTry(outcome: .incomplete, detail: "half").keeping(findings)
        #expect(
            text(half).contains(
                "not done:\nhalf\nIts work was not judged. The try before it passed its checks, but"
            )
        )
        #expect(text(LastTry(outcome: .stalled).keeping(half)).contains("1. made:1 is a stub"))
        let ownWord = LastTry(outcome: .agentFailed).keeping(LastTry(outcome: .incomplete, detail: "half"))
        #expect(text(ownWord).contains("The try before it said of its own work that it is not done:\nhalf"))
        #expect(
            text(LastTry(outcome: .checksFailed, checks: [check]).keeping(half)).contains("made:1") == false
        )
    }

    @Test("a criterion that is ticked is told as that, and must hold all the same")
    func tickedCriterion() {
        let text = prompt {
            $0.item.criteria = [
                Criterion(text: "one", line: 2, boxOffset: 5, isTicked: true),
                Criterion(text: "two", line: 3, boxOffset: 9, isTicked: false),
            ]
        }.text
        #expect(text.contains("Criteria, all must hold:\n1. one (ticked already)\n2. two\n"))
    }

    @Test(
        "after an answer, the run before is one that asked, whether it left work or not",
        arguments: [0, 1]
    )
    func answered(files: Int) {
        let text = prompt {
            if files > 0 { $0.kept = work(files: files) }
            $0.answer = Answer(question: "Which port?", answer: "8080")
        }.text
        #expect(text.contains("# Last try\nThe last run stopped to ask the question above."))
        #expect(!text.contains("interrupted"))
        #expect(text.contains("git diff HEAD`: 1 file") == (files > 0))
    }

    @Test("what is too long of the author's words is named with the file that has all of it")
    func longWords() {
        let words = (1...600).map { "w\($0)" }.joined(separator: " ")
        let answer = Answer(question: "Which?", answer: words + " LAST")
        let text = prompt {
            $0.answer = answer
            $0.note = "short"
        }.text
        #expect(!text.contains("LAST"))
        #expect(text.components(separatedBy: "read all of it in .ralphd/author.md").count == 2)
        let file = Prompt.authorFile(answer: answer, note: "short") ?? ""
        #expect(file.contains("w600 LAST\n\n# Note from the author\n\nshort\n"))
        #expect(Prompt.authorFile(answer: nil, note: nil) == nil)
    }

    @Test(
        "each end of the last run is told in words that are true of it",
        arguments: [
            EndCase(
                .noChange,
                "it left only a note",
                "changed no file: it left only a note. If all holds already"
            ),
            EndCase(
                .timedOut,
                "stopped after 60 minutes while running Bash: make",
                "make. Work in smaller steps"
            ),
            EndCase(.protectedPath, "check.sh: protected", "these were put back: check.sh: protected"),
            EndCase(.conflict, nil, "# Last try: conflict\nmain moved while it was to land."),
            EndCase(.internalError, "disk", "# Last try: internal error\n"),
            EndCase(
                .interrupted,
                "the daemon ended while it ran",
                "It was interrupted, through no fault of its own: the daemon ended while it ran."
            ),
            EndCase(.incomplete, "half", "# Last try (1 of 5): incomplete\n"),
        ]
    )
    func ends(_ row: EndCase) {
        let text = prompt {
            $0.lastTry = LastTry(outcome: row.outcome, detail: row.detail)
            $0.tryNumber = 2
        }.text
        #expect(text.contains(row.words), "\(text)")
    }

    @Test("a credential in the files is not said to be put back")
    func leak() {
        let text = prompt {
            $0.lastTry = LastTry(outcome: .protectedPath, detail: "the files hold a credential", isLeak: true)
        }.text
        #expect(text.contains("Nothing landed: the files hold a credential."))
        #expect(!text.contains("put back"))
    }

    @Test(
        "after a conflict the paths are named, and where the old diff is",
        arguments: [Outcome.conflict, .checksFailed]
    )
    func conflict(_ outcome: Outcome) {
        let text = prompt {
            $0.lastTry = LastTry(outcome: outcome, detail: "conflicts in s.txt")
            $0.conflicts = ["s.txt", "src/a.txt"]
        }.text
        #expect(
            text.contains("main moved, and the old changes no longer merge: conflicts in s.txt, src/a.txt.")
        )
        #expect(text.contains("the old diff is in .ralphd/old.diff. Redo it on them."))
        #expect(!text.contains("git diff HEAD"))
    }

    @Test(
        "files that are ignored are named after red checks, and a check that passes on the branch is called so"
    )
    func hidden() {
        let text = prompt {
            $0.kept = work(files: 1)
            $0.lastTry = LastTry(
                outcome: .checksFailed,
                checks: [failing("boom")],
                hiddenFiles: ["out.log", "gen/"]
            )
        }.text
        #expect(
            text.contains("New files that .gitignore hides do not land, and no check saw them: out.log, gen/")
        )
        #expect(text.contains("`test` passes on main, so this comes from the changes above"))
        #expect(!text.contains("broke them"))
    }

    @Test("a reviewer is announced")
    func reviewer() {
        #expect(!prompt().text.contains("another agent"))
        let text = prompt { $0.isReviewed = true }.text
        #expect(
            text.contains(
                "Then another agent looks in your changes for unmet criteria, stubs and weakened tests"
            )
        )
    }

    @Test("work of an interrupted run is spoken of, and no file is named that is not there")
    func interrupted() {
        let text = prompt {
            $0.kept = work(files: 1)
        }.text
        #expect(text.contains("It was interrupted, through no fault of its own"))
        #expect(text.contains("`git diff HEAD`: 1 file, +2 -0"))
        #expect(!text.contains("None, this is the first."))
        #expect(!text.contains("feedback.md"))
    }

    @Test(
        "escape sequences go whole, and one that never ends takes no more than its line",
        arguments: [
            ("a\u{1B}[31;1mb\u{1B}[0mc", "abc"), ("a\u{1B}]0;title\u{07}b", "ab"),
            ("a\u{1B}]8;;http://x\u{1B}\\b", "ab"), ("a\u{1B}]0;pwn\u{1B}[2Jb", "ab"),
            ("a\u{1B}]0;pwn\nb", "a\nb"), ("a\u{1B}[31\nb", "a\nb"), ("a\u{1B}Mb", "ab"), ("a\u{1B}", "a"),
            ("a\u{1B}\u{1B}[1mb", "ab"), ("a\u{1B}Ppayload\u{1B}\\b", "ab"),
        ]
    )
    func escapes(_ text: String, _ inert: String) { #expect(PlainText.inert(text) == inert) }

    @Test("a title with escapes, newlines and ten thousand characters is one inert line")
    func inertTitle() {
        let text = prompt { $0.item.title = "x\u{1B}[2J\ny\u{202E}z" + String(repeating: "w", count: 10_000) }
            .text
        let line = text.split(separator: "\n").first { $0.hasPrefix("# Item") } ?? ""
        #expect(line.hasPrefix("# Item #stop: x yzwww"))
        #expect(line.utf8.count < 400)
    }

    @Test(
        "failures that differ only in digits, times, paths and addresses are the same",
        arguments: [
            ("line 12: end: parameter not set", "line 988: end: parameter not set", true),
            ("took 3.21s at 12:03:59", "took 14.9s at 01:00:00", true),
            ("/tmp/a1/x.sh: no", "/tmp/b2/x.sh: no", true),
            ("object 0x7ffe12", "object 0x1", true),
            ("expected 2 got 3", "unexpected end", false),
        ]
    )
    func signature(a: String, b: String, same: Bool) {
        #expect((FailureSignature.of([failing(a)]) == FailureSignature.of([failing(b)])) == same)
    }

    @Test("a green run has no signature")
    func noSignature() {
        var green = failing("")
        green.verdict = .flaky
        #expect(FailureSignature.of([green]) == nil)
    }

    @Test("the digest names the failing tests with what explains them")
    func digest() {
        let output = """
            ok 1 - version
            not ok 2 - stops the other
              expected: 2 lines   got: 3
            0 failed in an other suite
            """
        var check = failing(output)
        check.lineCount = 4
        #expect(
            FailureDigest.failures(in: check).entries.first?.hasPrefix(
                "not ok 2 - stops the other\n   expected:"
            )
                == true
        )
    }

    @Test(
        "where no tool is known, the last lines that look like failures are shown, once each, and called so"
    )
    func guesses() {
        let noise = (1...300).map { "12:00:0\($0).5 DEBUG expected key \($0), no Exception, No such file" }
        let last = (1...8).map { "step \(Character(UnicodeScalar(UInt8(96 + $0)))) Failed" }
        let check = failing((["early Failed"] + noise + last + last).joined(separator: "\n"))
        let found = FailureDigest.failures(in: check)
        #expect(found.areGuesses)
        #expect(found.entries == Array(last.suffix(5)))
        let text = prompt {
            $0.kept = work(files: 1)
            $0.lastTry = LastTry(outcome: .checksFailed, checks: [check])
        }.text
        #expect(text.contains("the changes above:\nLines that look like failures:\n1. step d Failed\n"))
    }

    @Test("Maven's advice at the end gives its place to what came before")
    func advice() {
        var check = failing(
            ((1...50).map { "line \($0) of a long log" } + [
                "[ERROR] It failed.", "[ERROR] -> [Help 1]", "[ERROR] ",
            ]
                + (1...3).map { _ in
                    "[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch."
                }
                + ["[ERROR] [Help 1] http://cwiki.apache.org/"]).joined(separator: "\n")
        )
        check.lineCount = 57
        let ends = FailureDigest.bothEnds(of: check, bytes: 300)
        #expect(ends.text.hasSuffix("line 50 of a long log\n[ERROR] It failed."))
        #expect(ends.heading == "lines 1-4 and 43-57 of 57")
    }

    @Test(
        "checks are inferred from the base",
        arguments: [
            (["Package.swift"], "", ["swift test"]),
            (["package.json"], #"{"scripts": {"test": "jest"}}"#, ["npm test"]),
            (["package.json"], #"{"scripts": {"test": "echo \"Error: no test specified\" && exit 1"}}"#, []),
            (["Makefile"], "all:\n\ttrue\ntest: all\n\ttrue\n", ["make test"]),
            (["Makefile"], "test := x\nall:\n\ttrue\n", []),
            (["go.mod", "Cargo.toml"], "", ["cargo test", "go test ./..."]),
            (["pyproject.toml", "tests/"], "", ["python3 -m pytest"]),
            (["README.md"], "", []),
        ]
    )
    func inference(names: [String], text: String, expected: [String]) {
        #expect(CheckInference.infer(topLevel: names) { _ in text }.map(\.check.run) == expected)
    }
}
