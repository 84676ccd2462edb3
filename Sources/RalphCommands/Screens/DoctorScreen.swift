import RalphAPI

/// What `ralphctl doctor` found: one line each, and below what is not well how to mend it.
struct DoctorScreen: Encodable {
    var project: String
    var findings: [Finding]
    /// Where the copy of the history is, if one was asked for.
    @OrNull var backup: String?

    private enum CodingKeys: String, CodingKey { case project, findings, backup }

    private static let widest = 110
    private static let mark = 6

    func lines(for terminal: Terminal) -> [Text] {
        let width = min(terminal.width ?? Self.widest, Self.widest)
        let part = (findings.map { DisplayWidth.of($0.part) }.max() ?? 0) + 2
        let lines = findings.flatMap { finding in
            Self.lines(for: finding, part: part, width: width)
        }
        let saved: [Text] = backup.map { ["the history is copied to \($0)"] } ?? []
        return lines + [Text()] + saved + [summary]
    }

    private static func lines(for finding: Finding, part: Int, width: Int) -> [Text] {
        let style: Style = finding.verdict == .ok ? .good : finding.verdict == .warn ? .notice : .bad
        let head =
            Text(finding.verdict.rawValue, style).padded(to: mark)
            + Text(finding.part, .strong).padded(to: part)
        let indent = Text(String(repeating: " ", count: mark + part))
        let room = width - mark - part
        let message = Text.wrapped(finding.message, to: room)
        let mend = finding.mend.map { Text.wrapped("mend: \($0)", to: room) } ?? []
        return message.prefix(1).map { head + $0 } + (message.dropFirst() + mend).map { indent + $0 }
    }

    private var summary: Text {
        let bad = findings.count { $0.verdict == .bad }
        let warned = findings.count { $0.verdict == .warn }
        if bad + warned == 0 { return Text("all is well", .good) }
        let parts: [Text] =
            (bad > 0 ? [Text("\(bad) bad", .bad)] : [])
            + (warned > 0 ? [Text("\(warned) to look at", .notice)] : [])
        return Text.list(parts, by: ", ")
    }
}
