/// The prompt's account of the iteration before: what failed, whose fault it is, and what to do differently.
struct LastTryText {
    var prompt: Prompt

    /// Bytes of the whole block when the author says nothing, of what names the failures, and of the output.
    private static let blockBytes = 3072
    private static let namesBytes = 1400
    private static let outputBytes = 1800
    private static let noteBytes = 600
    /// What a reviewer found is what the next one has to mend.
    private static let findingBytes = 2200
    /// Paths named at most, and their bytes.
    private static let mostPaths = 10
    private static let pathBytes = 300
    /// For the lines around the output.
    private static let reserve = 150
    /// What the author's words may take away from the block.
    private static let mostYielded = 1700

    private var room: Int { Self.blockBytes - min(prompt.authorText.utf8.count, Self.mostYielded) }

    var text: String {
        guard let last = prompt.lastTry else { return "# Last try\n" + unjudged }
        // What is no strike takes none of the tries.
        let count = last.outcome.isStrike ? " (\(max(1, prompt.tryNumber - 1)) of \(prompt.attempts))" : ""
        let heading = "# Last try\(count): \(last.outcome.rawValue.replacing("_", with: " "))"
        let head = [heading, directory, detail(last), hidden(last)].filter { !$0.isEmpty }.joined(
            separator: "\n"
        )
        let rest =
            last.standing.map { standing($0, used: head.utf8.count) }
            ?? failures(Failed(last.checks, last.failingOnBase, last.repeats), used: head.utf8.count)
        return PlainText.cut(rest.isEmpty ? head : head + "\n" + rest, bytes: room)
    }

    /// What there is to say when no try has come to an end of its own.
    private var unjudged: String {
        let stop =
            prompt.answer == nil
            ? "It was interrupted, through no fault of its own, before its work was judged."
            : "The last run stopped to ask the question above."
        guard prompt.answer != nil || !directory.isEmpty else { return "None, this is the first." }
        return [stop, directory].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private var directory: String {
        guard prompt.conflicts.isEmpty else {
            let named = prompt.conflicts.prefix(Self.mostPaths).map(PlainText.line).joined(separator: ", ")
            let more = prompt.conflicts.count - Self.mostPaths
            let paths = PlainText.cut(named, bytes: Self.pathBytes) + (more > 0 ? " and \(more) more" : "")
            return
                "\(prompt.branch) moved, and the old changes no longer merge: conflicts in \(paths). The files here are "
                + "\(prompt.branch)'s;\nthe old diff is in .ralphd/old.diff. Redo it on them."
        }
        guard let kept = prompt.kept else { return "" }
        return
            "Its changes are in this directory (`git diff HEAD`: \(kept.filesChanged) "
            + "file\(kept.filesChanged == 1 ? "" : "s"), +\(kept.insertions) -\(kept.deletions)). Build on them, or undo "
            + "them if the\napproach was wrong."
    }

    private func detail(_ last: LastTry) -> String {
        let note = last.detail.map { PlainText.cut(PlainText.inert($0), bytes: Self.noteBytes) }
        switch last.outcome {
        case .noChange:
            return "The last run changed no file" + (note.map { ": \($0)" } ?? "")
                + ". If all holds already, write already-done.md with the evidence; if you cannot\nbegin, question.md or not-done.md."
        case .reviewRejected:
            return
                "All checks passed, but a reviewer found why it must not land (all of it: .ralphd/feedback.md):\n"
                + findings(last.detail)
        case .incomplete: return "It said of its own work that it is not done:\n" + (note ?? "(no words)")
        case .timedOut:
            return "It was " + (note ?? "stopped at its deadline")
                + ". Work in smaller steps; what lies in the files is kept."
        case .stalled, .turnsExhausted, .contextOverflow, .budgetExhausted:
            return "It was ended before it was done" + (note.map { ": \($0)" } ?? "") + "."
        case .agentFailed: return "It broke off" + (note.map { ": \($0)" } ?? ".")
        case .conflict:
            return prompt.conflicts.isEmpty ? "\(prompt.branch) moved while it was to land." : ""
        case .protectedPath where last.isLeak: return "Nothing landed: " + (note ?? "") + "."
        case .protectedPath:
            return "Nothing landed, because it changed what it may not; these were put back: " + (note ?? "")
        case .checksFailed: return ""
        case .interrupted:
            return "It was interrupted, through no fault of its own" + (note.map { ": \($0)." } ?? ".")
        default: return note ?? ""
        }
    }

    private func findings(_ text: String?) -> String {
        text.map { PlainText.cut(PlainText.inert($0), bytes: Self.findingBytes) } ?? "(no words)"
    }

    /// What was wrong with the work before tries that changed nothing about that, as far as anybody knows.
    private func standing(_ flaw: LastTry.Flaw, used: Int) -> String {
        let since = flaw.triesSince
        let when =
            "Its work was not judged. "
            + (since == 1 ? "The try before it" : "The last one that was, \(since) tries before it,")
        switch flaw.outcome {
        case .reviewRejected:
            return "\(when) passed its checks, but a reviewer found why it must not land (all of it: "
                + ".ralphd/feedback.md):\n" + findings(flaw.detail)
        case .incomplete:
            let note = flaw.detail.map { PlainText.cut(PlainText.inert($0), bytes: Self.noteBytes) }
            return "\(when) said of its own work that it is not done:\n" + (note ?? "(no words)")
        default:
            var failed = Failed(flaw.checks, flaw.failingOnBase, 1)
            failed.when = when
            return failures(failed, used: used + when.utf8.count)
        }
    }

    /// Checks that failed, in the last try or in one before.
    private struct Failed {
        var checks: [CheckResult]
        var onBase: [String]
        var repeats: Int
        /// In whose words an earlier try is named; nil for the last.
        var when: String?

        init(_ checks: [CheckResult], _ onBase: [String], _ repeats: Int) {
            (self.checks, self.onBase, self.repeats) = (checks, onBase, repeats)
        }
    }

    private func failures(_ failed: Failed, used: Int) -> String {
        let failing = failed.checks.filter { !$0.verdict.isGreen }
        guard !failing.isEmpty else { return "" }
        let passed = failed.checks.filter(\.verdict.isGreen).map(\.name)
        var lines = [
            (failed.when.map { "\($0) failed: " } ?? "Failed: ")
                + failing.map { "\($0.name) (\($0.summary), \($0.duration.words))" }.joined(separator: ", ")
                + "."
                + (passed.isEmpty ? "" : " Passed: \(passed.joined(separator: ", ")).")
        ]
        let new = failing.filter { !failed.onBase.contains($0.name) }
        let old = failing.filter { failed.onBase.contains($0.name) }
        let branch = prompt.branch
        let names = new.map { "`\($0.name)`" }.joined(separator: ", ")
        let blame =
            failed.when == nil
            ? "\(names) \(new.count == 1 ? "passes" : "pass") on \(branch), so this comes from the changes above"
            : "\(names) passed on \(branch) then, so this came from the changes"
        lines += named(new, blame + ":", blame + ".")
        let both =
            "Failing on \(branch) too\(failed.when == nil ? "" : " then"), but everything must pass to land:"
        lines += named(
            old,
            both,
            both + " \(old.map(\.name).joined(separator: ", ")).",
            isShort: !new.isEmpty
        )
        if failed.repeats > 1 {
            lines.append(
                "Same failure as the try before that: yes. Doing the same again will not help; find the cause first."
            )
        }
        if let first = new.first ?? failing.first {
            lines += output(of: first, used: used + lines.joined(separator: "\n").utf8.count)
        }
        return lines.joined(separator: "\n")
    }

    /// The failures of some checks under a heading, as many as there is room for; the checks' names alone where no failure is
    /// known by name, or where others come first.
    private func named(_ checks: [CheckResult], _ heading: String, _ plain: String, isShort: Bool = false)
        -> [String]
    {
        guard !checks.isEmpty else { return [] }
        var lines: [String] = []
        var left = Self.namesBytes
        let findings = isShort ? [] : checks.map(FailureDigest.failures)
        var number = 0
        for found in findings where !found.entries.isEmpty {
            if found.areGuesses { lines.append("Lines that look like failures:") }
            for (index, failure) in found.entries.enumerated() {
                left -= failure.utf8.count
                guard left > 0 else {
                    lines.append("and \(found.entries.count - index) more")
                    break
                }
                number += 1
                lines.append(failure.hasPrefix("and ") ? failure : "\(number). \(failure)")
            }
            guard left > 0 else { break }
        }
        return lines.isEmpty ? [plain] : [heading] + lines
    }

    private func output(of check: CheckResult, used: Int) -> [String] {
        let room = min(Self.outputBytes, room - used - Self.reserve)
        guard room > 200, check.lineCount > 0 else { return [] }
        let ends = FailureDigest.bothEnds(of: check, bytes: room)
        let text = PlainText.inert(ends.text)
        let fence = String(repeating: "~", count: max(3, Self.longestRun(of: "~", in: text) + 1))
        return [
            "", "Output of \(check.name), \(ends.heading) (all of it: .ralphd/feedback.md):", fence, text,
            fence,
        ]
    }

    private func hidden(_ last: LastTry) -> String {
        guard !last.hiddenFiles.isEmpty else { return "" }
        let named = last.hiddenFiles.prefix(Self.mostPaths).map(PlainText.line).joined(separator: ", ")
        return "New files that .gitignore hides do not land, and no check saw them: "
            + PlainText.cut(named, bytes: Self.pathBytes)
    }

    private static func longestRun(of character: Character, in text: String) -> Int {
        var longest = 0
        var run = 0
        for next in text {
            run = next == character ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
