import RalphAgents

/// An agent's transcript for a person: what it said in full, what it did in short.
struct TranscriptScreen {
    let cli: AgentCLI
    let terminal: Terminal

    /// On a terminal a tool's output is for orientation; `--raw` has all of it.
    private static let longestResult = 8

    /// The lines that stand for one line of the stream; none for frames that tell a person nothing.
    func lines(_ line: [UInt8]) -> [Text] {
        cli.render(line: line).flatMap(lines)
    }

    private func lines(_ line: TranscriptLine) -> [Text] {
        let lines = Text.lines(line.text)
        switch line.kind {
        case .text: return lines
        case .tool:
            return lines.prefix(1).map { "> \($0.styled(.strong))" } + lines.dropFirst().map { "  " + $0 }
        case .result: return shortened(lines).map { "  " + $0.styled(.faint) }
        case .error: return lines.map { "! \($0.styled(.bad))" }
        case .other: return lines.map { $0.styled(.faint) }
        }
    }

    private func shortened(_ lines: [Text]) -> [Text] {
        let more = lines.count - TranscriptScreen.longestResult
        guard terminal.isInteractive, more > 1 else { return lines }
        return lines.prefix(TranscriptScreen.longestResult) + ["… \(more) more lines"]
    }
}
