/// Everything the agent is told for one iteration, and the text made of it.
package struct Prompt: Sendable {
    /// A check as the agent should know it: what runs, how long it takes, and whether it passes on the base.
    package struct KnownCheck: Sendable {
        package var name: String
        package var run: String
        package var onBase: CheckResult?
        /// Comes from the item's own `check=`.
        package var isItems: Bool

        package init(name: String, run: String, onBase: CheckResult?, isItems: Bool) {
            self.name = name
            self.run = run
            self.onBase = onBase
            self.isItems = isItems
        }
    }

    package var project: String
    /// Short name of the target branch.
    package var branch: String
    package var base: ObjectID
    package var timeout: Duration
    package var item: Item
    package var checks: [KnownCheck]
    /// Globs that no iteration may change, the PRD's path first.
    package var protectedPaths: [String]
    /// From 1.
    package var tryNumber: Int
    package var attempts: Int
    package var lastTry: LastTry?
    /// What lies in the workspace from an earlier try.
    package var kept: KeptWork?
    /// Where such work conflicts with the branch as it is now, so that it is not there.
    package var conflicts: [String] = []
    package var answer: Answer?
    package var note: String?
    /// Whether another agent looks at the work before it lands.
    package var isReviewed = false

    package init(
        project: String,
        branch: String,
        base: ObjectID,
        timeout: Duration,
        item: Item,
        checks: [KnownCheck],
        protectedPaths: [String],
        tryNumber: Int,
        attempts: Int
    ) {
        self.project = project
        self.branch = branch
        self.base = base
        self.timeout = timeout
        self.item = item
        self.checks = checks
        self.protectedPaths = protectedPaths
        self.tryNumber = tryNumber
        self.attempts = attempts
    }

    /// Bytes of the item's own text; the rest stays in `.ralphd/prd.md`.
    private static let itemBytes = 4096
    private static let titleBytes = 300
    private static let questionBytes = 400
    private static let authorBytes = 800
    private static let mostProtected = 12

    /// The same size at iteration 500 as at 1: nothing here grows with the history.
    package var text: String {
        [opening, itemText, judgement, authorText, LastTryText(prompt: self).text, rules, outbox]
            .filter { !$0.isEmpty }
            .joined(separator: "\n\n") + "\n"
    }

    var opening: String {
        """
        You work alone and unattended on one item of the project "\(PlainText.line(project))". Nobody can answer or \
        confirm while you run, so decide
        small things yourself. This directory is your private copy of branch \(branch) at \(base.short). You have \
        \(timeout.words).
        """
    }

    var itemText: String { Self.words(of: item) }

    /// The item as an agent reads it, bounded.
    static func words(of item: Item) -> String {
        let title = PlainText.cut(PlainText.line(item.title), bytes: titleBytes)
        var lines = [item.explicitID == nil ? "# Item: \(title)" : "# Item #\(item.key): \(title)"]
        if !item.section.isEmpty {
            lines.append("Section: " + item.section.map(PlainText.line).joined(separator: " > "))
        }
        var body: [String] = []
        let details = PlainText.inert(item.details)
        if !details.isEmpty { body.append(details) }
        if !item.criteria.isEmpty {
            body.append("Criteria, all must hold:")
            body += item.criteria.enumerated().map { number, criterion in
                "\(number + 1). \(PlainText.line(criterion.text))"
                    + (criterion.isTicked ? " (ticked already)" : "")
            }
        }
        let joined = body.joined(separator: "\n")
        let cut = PlainText.cut(joined, bytes: itemBytes)
        lines.append(cut)
        let isTitleCut = PlainText.line(item.title).utf8.count > titleBytes
        if cut != joined || isTitleCut { lines.append("(rest in .ralphd/prd.md, line \(item.line))") }
        return lines.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    var judgement: String {
        guard !checks.isEmpty else {
            return
                "# How it is judged\nThis project has no checks. Only your own care stands between this work and the branch."
                + review
        }
        let lines = checks.map { check in
            "- \(check.name): `\(PlainText.cut(PlainText.line(check.run), bytes: 200))`" + check.standing
        }
        return """
            # How it is judged
            After you stop, these run on a clean checkout of your files (without files that git ignores). All must pass.
            """ + "\n" + lines.joined(separator: "\n") + review
    }

    private var review: String {
        guard isReviewed else { return "" }
        return
            "\nThen another agent looks in your changes for unmet criteria, stubs and weakened tests; it can keep them out."
    }

    /// The author's words; what failed last makes room for them.
    var authorText: String {
        var parts: [String] = []
        if let answer {
            parts.append(
                """
                # Answered by the author
                You asked: \(PlainText.cut(PlainText.line(answer.question), bytes: Self.questionBytes))
                Answer: \(Self.authors(answer.answer))
                """
            )
        }
        if let note { parts.append("# Note from the author\n" + Self.authors(note)) }
        return parts.joined(separator: "\n\n")
    }

    private static func authors(_ text: String) -> String {
        let whole = PlainText.inert(text)
        let cut = PlainText.cut(whole, bytes: authorBytes)
        return cut == whole ? whole : cut + "\n(cut; read all of it in .ralphd/author.md)"
    }

    /// The author's words in full, for `.ralphd/author.md`; nil when there are none.
    package static func authorFile(answer: Answer?, note: String?) -> String? {
        var parts: [String] = []
        if let answer {
            parts.append("# You asked\n\n" + PlainText.inert(answer.question))
            parts.append("# Answered by the author\n\n" + PlainText.inert(answer.answer))
        }
        if let note { parts.append("# Note from the author\n\n" + PlainText.inert(note)) }
        return parts.isEmpty ? nil : parts.joined(separator: "\n\n") + "\n"
    }

    private var offLimits: String {
        let named = protectedPaths.prefix(Self.mostProtected).map(PlainText.line)
        let more = protectedPaths.count - named.count
        return named.joined(separator: ", ")
            + (more > 0 ? ", and \(more) more (.ralphd/prd.md, protect:)" : "")
    }

    var rules: String {
        """
        # Rules
        - Only this item. Read the code it touches before you write; it may be partly there already. Keep to the style you find.
        - Finish it for real: no stubs, no hard-coded answers. Add tests that fail without your change. Never skip, weaken or
          delete a test to get green; if a test contradicts the item, that is a question (below).
        - Off limits: \(offLimits). Whoever touches one lands nothing at all of their run.
        - Run the checks yourself before you stop. Stop every server and background job you started.
        - Just leave your files; no commit or push needed. No notes or reports outside .ralphd/outbox/.
        """
    }

    var outbox: String {
        let feedback =
            lastTry?.checks.contains { !$0.verdict.isGreen } == true || lastTry?.outcome == .reviewRejected
            || lastTry?.standing != nil
        return """
            # Before you stop, write exactly one of these to .ralphd/outbox/
            - summary.md: done. What you did and why, in a few sentences (it becomes the commit message), then per criterion number
              how you checked it.
            - not-done.md: any criterion unmet. What is missing, what you tried. Your files are kept; the next run goes on from them.
            - already-done.md: all of it held before you changed anything. The evidence, per criterion. Change no files.
            - question.md: you cannot go on without a decision that only the author can take. One question, its options, your pick.
            Background, if needed: .ralphd/prd.md (whole plan, read only)\
            \(feedback ? ", .ralphd/feedback.md (all of what failed)" : "").
            """
    }
}

extension Prompt.KnownCheck {
    var standing: String {
        guard let onBase else { return "" }
        switch onBase.verdict {
        case .passed, .flaky: return " (\(onBase.duration.words), passes now)"
        case .failed:
            return isItems
                ? " (fails now, as it should)"
                : " (\(onBase.duration.words), fails now, before any change of yours)"
        case .broken: return " (cannot start now)"
        }
    }
}

extension Duration {
    /// "60 minutes", "about 40 s": as a prompt says it.
    package var words: String {
        let seconds = Int(self.seconds.rounded())
        if seconds < 1 { return "under 1 s" }
        if seconds < 120 { return "\(seconds) s" }
        if seconds < 7200 { return "\(seconds / 60) minutes" }
        return "\(seconds / 3600) hours" + (seconds % 3600 < 60 ? "" : " \(seconds % 3600 / 60) minutes")
    }
}
