/// Picks the failures out of the output of a check while it comes: the name of each failing test, or the place of each
/// error of a compiler, and what explains it. Keeps no more than it will show.
///
/// Knows the forms of swift test, XCTest, pytest, unittest, jest, vitest, mocha, node, TAP, cargo, rustc, go, gcc, clang, tsc, eslint,
/// Maven, Gradle, dotnet, RSpec and PHPUnit.
package struct FailureScanner: Sendable {
    /// One failure: where or what, and at most a few lines that explain it.
    struct Finding: Equatable, Sendable {
        var title: String
        var lines: [String] = []
    }

    /// Failures named at most, and lines that explain each.
    private static let mostFindings = 10
    private static let mostLines = 4
    private static let titleBytes = 200
    private static let lineBytes = 160
    /// Where what explains a failure has to stand: so many lines behind it.
    private static let reach = 40

    private var found: [Finding] = []
    private var seen: Set<String> = []
    /// Failures that are not shown.
    private(set) var left = 0
    /// What the lines that follow belong to.
    private var open: (form: FailureForm, index: Int?, lines: Int)?
    private var context = FailureForm.Context()

    package init() {}

    /// - Parameter line: without control characters and escapes.
    package mutating func read(_ line: String) {
        let isMarked = FailureForm.mayMatter(line)
        guard isMarked || open != nil || context.wants(line) else { return }
        let trimmed = PlainText.trimmed(line)
        context.inside = open?.form
        if isMarked, let match = FailureForm.match(line, trimmed, in: &context) {
            begin(match)
        } else if let open {
            explain(open, line, trimmed)
        }
        context.note(line, trimmed)
    }

    /// The failures as text, each with what explains it on lines of its own.
    package var failures: [String] {
        let parents = Set(found.indices.filter(isMereParent))
        var entries = found.indices.filter { !parents.contains($0) }.map { index in
            ([found[index].title] + found[index].lines.map { "   " + $0 }).joined(separator: "\n")
        }
        if left > 0 { entries.append("and \(left) more") }
        return entries
    }

    private mutating func begin(_ match: FailureForm.Match) {
        if let summary = match.sameAs, let index = found.lastIndex(where: { $0.title == summary }) {
            // The summary knows the whole name; the section before it had the reason.
            found[index].title = PlainText.cut(match.title, bytes: Self.titleBytes)
            open = nil
            return
        }
        guard seen.insert(match.key).inserted else {
            open = nil
            return
        }
        guard found.count < Self.mostFindings else {
            left += 1
            open = nil
            return
        }
        let lines = match.lines.map { PlainText.cut($0, bytes: Self.lineBytes) }
        found.append(Finding(title: PlainText.cut(match.title, bytes: Self.titleBytes), lines: lines))
        open = (match.form, found.count - 1, 0)
    }

    private mutating func explain(
        _ current: (form: FailureForm, index: Int?, lines: Int),
        _ line: String,
        _ trimmed: String
    ) {
        guard let index = current.index, current.lines < Self.reach else {
            open = nil
            return
        }
        open?.lines += 1
        switch current.form.explanation(in: line, trimmed, of: found[index].title, after: found[index].lines)
        {
        case .nothing: break
        case .end: open = nil
        case .title(let text):
            found[index].title = PlainText.cut(PlainText.line(text), bytes: Self.titleBytes)
        case .line(let text):
            found[index].lines.append(PlainText.cut(PlainText.line(text), bytes: Self.lineBytes))
            if found[index].lines.count >= Self.mostLines { open = nil }
        }
    }

    /// A test that failed only because one inside it did: named right before it by go, right after it by TAP.
    private func isMereParent(_ index: Int) -> Bool {
        let parent = found[index]
        if parent.lines.contains(where: { $0.contains("subtestsFailed") || $0.contains("subtest failed") }) {
            return found.count > 1
        }
        return parent.lines.isEmpty && found.contains { $0.title.hasPrefix(parent.title + "/") }
    }
}
