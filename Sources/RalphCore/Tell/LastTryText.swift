/// The prompt's account of the iteration before: what failed, whose fault it is, and what to do differently.
struct LastTryText {
    var prompt: Prompt

    /// Bytes of the whole block, and of the output in it.
    private static let blockBytes = 3072
    private static let outputBytes = 1800
    private static let noteBytes = 600

    var text: String {
        guard let last = prompt.lastTry else { return "# Last try\nNone, this is the first." }
        let heading =
            "# Last try (\(max(1, prompt.tryNumber - 1)) of \(prompt.attempts)): \(last.outcome.rawValue.replacing("_", with: " "))"
        let parts = [heading, directory, detail(last), last.checks.isEmpty ? "" : checks(last), hidden(last)]
        return PlainText.cut(parts.filter { !$0.isEmpty }.joined(separator: "\n"), bytes: Self.blockBytes)
    }

    private var directory: String {
        guard let kept = prompt.kept else { return "" }
        return
            "Its changes are in this directory (`git diff HEAD`: \(kept.filesChanged) files, +\(kept.insertions) "
            + "-\(kept.deletions)). Build on them, or undo them if the\napproach was wrong."
    }

    private func detail(_ last: LastTry) -> String {
        let note = last.detail.map { PlainText.cut(PlainText.inert($0), bytes: Self.noteBytes) }
        switch last.outcome {
        case .noChange:
            return "The last run changed no file and left no note; say why if nothing is to be done."
        case .incomplete: return "It said of its own work that it is not done:\n" + (note ?? "(no words)")
        case .timedOut, .stalled, .turnsExhausted, .contextOverflow, .budgetExhausted:
            return "It was stopped before it was done" + (note.map { ": \($0)" } ?? ".")
        case .conflict:
            return
                "\(prompt.branch) moved and the old work no longer merges; your old diff is in .ralphd/old.diff."
        case .protectedPath: return "It changed what it may not; these were put back: " + (note ?? "")
        case .checksFailed: return ""
        default: return note ?? ""
        }
    }

    private func checks(_ last: LastTry) -> String {
        let failing = last.checks.filter { !$0.verdict.isGreen }
        guard !failing.isEmpty else { return "" }
        let passed = last.checks.filter(\.verdict.isGreen).map(\.name)
        var lines = [
            "Failed: "
                + failing.map { "\($0.name) (\($0.summary), \($0.duration.words))" }.joined(separator: ", ")
                + "."
                + (passed.isEmpty ? "" : " Passed: \(passed.joined(separator: ", ")).")
        ]
        let new = failing.filter { !last.failingOnBase.contains($0.name) }
        let named = new.flatMap(FailureDigest.failures).prefix(10)
        if !named.isEmpty {
            lines.append("New failures; these pass on \(prompt.branch), so the changes above broke them:")
            lines += named.enumerated().map { "\($0.offset + 1). \($0.element)" }
        } else if !new.isEmpty, !last.failingOnBase.isEmpty {
            lines.append(
                "Passing on \(prompt.branch), so the changes above broke them: "
                    + new.map(\.name).joined(separator: ", ") + "."
            )
        }
        let old = failing.map(\.name).filter(last.failingOnBase.contains)
        if !old.isEmpty {
            lines.append(
                "Failing on \(prompt.branch) too, but everything must pass to land: \(old.joined(separator: ", "))."
            )
        }
        if last.repeats > 1 {
            lines.append(
                "Same failure as the try before that: yes. Doing the same again will not help; find the cause first."
            )
        }
        if let first = new.first ?? failing.first {
            lines += output(of: first, used: lines.joined().utf8.count)
        }
        return lines.joined(separator: "\n")
    }

    private func output(of check: CheckResult, used: Int) -> [String] {
        let room = min(Self.outputBytes, Self.blockBytes - used - 400)
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
        return "New files that .gitignore hides cannot land: "
            + last.hiddenFiles.prefix(10).joined(separator: ", ")
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
