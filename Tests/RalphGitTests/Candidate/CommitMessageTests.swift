import Testing

@testable import RalphGit

@Suite("A commit's message")
struct CommitMessageTests {
    private func message(title: String = "Title", _ summary: String?) -> String {
        CommitMessage(
            CandidateMessage(title: title, summary: summary, item: "k", iteration: "u", agent: "a:m")
        ).text
    }

    @Test("has subject, body, and trailers in a paragraph of their own")
    func shape() {
        #expect(
            message("\n\n First line\n\n\n\nSecond  \n\n")
                == "Title\n\n First line\n\nSecond\n\nRalph-Item: k\nRalph-Iteration: u\nRalph-Agent: a:m\n"
        )
        #expect(message(nil) == "Title\n\nRalph-Item: k\nRalph-Iteration: u\nRalph-Agent: a:m\n")
        #expect(message(title: "", nil).hasPrefix("Item k\n"))
    }

    @Test(
        "defuses lines that would act",
        arguments: [
            ("Closes #1", "Closes no. 1"),
            ("fixes: owner/name#12 and #3", "fixes: owner/nameno. 12 and no. 3"),
            ("Resolves GH-7", "Resolves GH 7"),
            ("closes https://example.com/o/r/issues/1", "closes example.com/o/r/issues/1"),
            ("see https://example.com/doc", "see https://example.com/doc"),
            ("ABC-12 #done #time 2w", "ABC-12 # done # time 2w"),
            ("docs [skip ci] only", "docs (skip ci) only"),
            ("[ci skip] x [SKIP ACTIONS] [no ci]", "(ci skip) x (SKIP ACTIONS) (no ci)"),
            ("***NO_CI***", "NO CI"),
            ("Signed-off-by: Mallory <m@x>", "> Signed-off-by: Mallory <m@x>"),
            ("Co-Authored-By: x", "> Co-Authored-By: x"),
            ("skip-checks: true", "> skip-checks: true"),
            ("--- a/file", "- - - a/file"),
            ("- a plain [link](x) with `code` #heading", "- a plain [link](x) with `code` #heading"),
        ]
    )
    func defused(_ line: String, _ expected: String) {
        #expect(CommitMessage.defused(line) == expected)
    }

    @Test("has no line that starts with a trailer of ours from the agent")
    func ownTrailers() {
        #expect(!message("x\nralph-iteration: other\nRalph-Item: z").contains("other"))
    }

    @Test(
        "has a subject of at most 72 characters on one line, Markdown kept",
        arguments: [
            ("Add `--flag` to **all**", "Add `--flag` to **all**"),
            ("two\u{2028}lines\tand\u{1B}[1m", "two lines and"),
            (String(repeating: "x", count: 100), String(repeating: "x", count: 71) + "…"),
            ("right\u{202E}left", "rightleft"),
        ]
    )
    func subject(_ title: String, _ expected: String) {
        let subject = message(title: title, nil).prefix { $0 != "\n" }
        #expect(subject == expected)
        #expect(subject.count <= CommitMessage.longestSubject)
    }
}
