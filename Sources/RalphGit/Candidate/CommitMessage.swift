/// The text of a candidate: the author's title, the agent's words made inert, and trailers of ours in a paragraph of
/// their own, by which the landing is found again.
struct CommitMessage {
    /// Characters of the subject.
    static let longestSubject = 72
    /// Characters of the body.
    static let longestBody = 8_000

    let text: String

    init(_ message: CandidateMessage) {
        var paragraphs = [Self.subject(message)]
        let body = Self.body(message.summary ?? "")
        if !body.isEmpty { paragraphs.append(body) }
        paragraphs.append(
            [
                "Ralph-Item: \(Self.value(message.item))",
                "Ralph-Iteration: \(Self.value(message.iteration))",
                "Ralph-Agent: \(Self.value(message.agent))",
            ].joined(separator: "\n")
        )
        text = paragraphs.joined(separator: "\n\n") + "\n"
    }

    private static func subject(_ message: CandidateMessage) -> String {
        let title = PlainText.singleLine(String(message.title.prefix(1_000)))
        if title.isEmpty { return "Item \(value(message.item))" }
        guard title.count > longestSubject else { return title }
        let cut = title.prefix(longestSubject - 1)
        // At a word's end, unless that would lose much.
        let words = cut.lastIndex(of: " ").map { cut[..<$0] } ?? cut
        return (words.count > longestSubject / 2 ? words : cut) + "…"
    }

    private static func value(_ text: String) -> String { String(PlainText.singleLine(text).prefix(200)) }

    private static func body(_ summary: String) -> String {
        let lines = PlainText.withoutControls(String(summary.prefix(longestBody)))
            .split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.lowercased().hasPrefix("ralph-") }
            .map { defused(trimmedEnd($0)) }
        var kept: [String] = []
        for line in lines where !(line.isEmpty && kept.last?.isEmpty ?? true) { kept.append(line) }
        while kept.last?.isEmpty == true { kept.removeLast() }
        return kept.joined(separator: "\n")
    }

    private static func trimmedEnd(_ line: Substring) -> String {
        var line = line
        while line.last?.isWhitespace == true { line.removeLast() }
        return String(line)
    }

    /// A line that would close an issue, stop a pipeline, name somebody as author or end the message does not any more,
    /// and can still be read.
    static func defused(_ line: String) -> String {
        var line = line
        // Issue numbers and keys: `Closes #1`, `fixes owner/name#1`, `GH-1`.
        line.replace(#/#(?=[0-9])/#, with: "no. ")
        line.replace(#/\bGH-(?=[0-9])/#.ignoresCase(), with: "GH ")
        if line.contains(closingWord) { line.replace(#/https?:\/\//#.ignoresCase(), with: "") }
        // `ABC-12 #done` is a command to an issue tracker.
        if line.contains(#/\b[A-Z][A-Z0-9]+-[0-9]/#) { line.replace(#/#(?=[A-Za-z])/#, with: "# ") }
        // `[skip ci]` and its many kin, `***NO_CI***`.
        line.replace(#/\[([^\[\]]{0,40}\b(?:skip|no)\b[^\[\]]{0,40})\]/#.ignoresCase()) { "(\($0.output.1))" }
        line.replace(#/\*\*\*NO_CI\*\*\*/#.ignoresCase(), with: "NO CI")
        // `Signed-off-by: …`, `skip-checks: true`.
        if line.firstMatch(of: #/^\s*[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+\s*:/#) != nil {
            line = "> " + line
        }
        // `---` ends a message in a mailed patch.
        if line.hasPrefix("---") { line = "- - -" + line.dropFirst(3) }
        return line
    }

    private static var closingWord: Regex<Substring> {
        #/\b(?:clos(?:e|es|ed|ing)|fix(?:es|ed|ing)?|resolv(?:e|es|ed|ing)|implement(?:s|ed|ing)?)\b/#
            .ignoresCase()
    }
}
