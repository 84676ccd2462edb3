import RalphCore

extension AgentCLI {
    /// Sourcegraph's Amp. Its models are modes: `smart`, `rush`, `deep`, `large`.
    static let amp = AgentCLI(
        name: "amp",
        program: "amp",
        stateVariables: ["AMP_SETTINGS_FILE", "NODE_EXTRA_CA_CERTS"],
        credentialVariables: ["AMP_API_KEY", "AMP_URL"],
        login: AgentLogin("`amp login`", ["secrets.json"], in: ".local/share/amp"),
        fixedVariables: ["AMP_SKIP_UPDATE_CHECK": "1"],
        arguments: { invocation in
            ["-x", "--stream-json", "--dangerously-allow-all", "--no-ide", "--no-notifications"]
                + (invocation.model.map { ["-m", $0] } ?? [])
        },
        decoder: { AmpDecoder() },
        rendering: { ClaudeFrames.render($0) }
    )
}

/// Reads `amp -x --stream-json`: Claude's frames, but usage stands only in the messages.
struct AmpDecoder: FrameDecoder {
    var draft = AgentReport.draft
    var preamble = Preamble()
    private var result: JSONValue?

    var isOver: Bool { result != nil }

    mutating func handle(_ frame: JSONValue) -> Bool {
        ClaudeFrames.note(frame, in: &draft)
        switch frame["type"].string {
        case "assistant":
            let usage = frame["message"]["usage"]
            guard usage.isObject else { return false }
            var tokens = draft.tokens ?? TokenUsage()
            tokens += TokenUsage(anthropic: usage)
            draft.tokens = tokens
        case "result":
            result = frame
            draft.turns = frame["num_turns"].int
            draft.finalText = frame["result"].text ?? draft.finalText
            return true
        default: break
        }
        return false
    }

    func verdict(at end: RunEnd) -> AgentReport.Verdict {
        guard let result else {
            return ErrorProse.verdict(onPlainWordsOf: end)
                ?? end.unclassified("amp ended without a result")
        }
        let subtype = result["subtype"].string ?? ""
        guard result["is_error"].bool ?? subtype.hasPrefix("error") else {
            return success(of: "amp")
        }
        if subtype == "error_max_turns" { return .turnsExhausted }
        let text = result["error"].text ?? result["result"].text ?? subtype
        return ErrorProse.kind(of: text)?.verdict(text, at: end) ?? .failed(PlainText.short(text))
    }
}
