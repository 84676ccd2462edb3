/// What a reviewer is told: the item, what was done, and how to say that it must not land.
package struct ReviewPrompt: Sendable {
    /// What the reviewer is asked.
    package enum Question: Equatable, Sendable {
        /// Whether this work may land; with the author's own account of it.
        case work(KeptWork, summary: String?)
        /// Whether the item was done before anybody began; with the agent's evidence.
        case alreadyDone(String)
    }

    package var project: String
    package var branch: String
    package var timeout: Duration
    package var item: Item
    package var question: Question
    /// Names of the checks that passed.
    package var passed: [String]

    package init(
        project: String,
        branch: String,
        timeout: Duration,
        item: Item,
        question: Question,
        passed: [String]
    ) {
        self.project = project
        self.branch = branch
        self.timeout = timeout
        self.item = item
        self.question = question
        self.passed = passed
    }

    /// Bytes of what the one who did the work says.
    private static let wordBytes = 1500

    package var text: String {
        [opening, Prompt.words(of: item), account, advice, outbox].joined(separator: "\n\n") + "\n"
    }

    private var opening: String {
        """
        You review one item of the project "\(PlainText.line(project))", alone and unattended, before its box is ticked on branch \
        \(branch). Somebody
        else did the work. Change nothing: this directory is a copy that is thrown away, except for your verdict (below). You have \
        \(timeout.words).
        """
    }

    private var account: String {
        let checks =
            passed.isEmpty ? "The project has no checks." : "Passed: \(passed.joined(separator: ", "))."
        switch question {
        case .work(let work, let summary):
            let said = summary.map { "\nWhoever did it says:\n" + Self.quoted($0) } ?? ""
            return """
                # What was done
                It is in this directory, uncommitted: `git diff HEAD` (\(work.filesChanged) \
                file\(work.filesChanged == 1 ? "" : "s"), +\(work.insertions) -\(work.deletions)). \(checks)
                """ + said
        case .alreadyDone(let evidence):
            return """
                # What was done
                Nothing: an agent says that all of it held before. \(checks) Its evidence:
                """ + "\n" + Self.quoted(evidence)
        }
    }

    private static func quoted(_ text: String) -> String {
        PlainText.cut(PlainText.inert(text), bytes: wordBytes).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        .map { "> \($0)" }.joined(separator: "\n")
    }

    private var advice: String {
        """
        # What to look for
        - A criterion of the item that does not hold, or only for the cases that its tests name. Try it.
        - Stubs, hard-coded answers, tests that were deleted, weakened or skipped, or that assert nothing.
        - What worked before and is broken now; lost data, leaked secrets, unchecked input.
        Not: taste, more features, other items, or what was there before. Take nobody's word for anything; read the code, run what you need.
        """
    }

    private var outbox: String {
        """
        # Before you stop, write exactly one of these to .ralphd/outbox/
        - not-done.md: it must not land. Numbered findings, the worst first: file and line, what is wrong, how to see it. Whoever goes
          on reads them.
        - summary.md: you found nothing that must keep it from landing. One sentence on what you tried.
        """
    }
}
