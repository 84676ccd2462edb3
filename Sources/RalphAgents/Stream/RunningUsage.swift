import RalphCore

/// Sums the usage of messages that come in several frames, each with the same id and a figure that is not the last word.
///
/// What it says is less than what was spent: the output of a message is known only at the end. It serves a budget that has
/// to know meanwhile, and a run that never got to its result.
struct RunningUsage: Sendable {
    /// Messages that may still get another frame: those of a few agents side by side.
    private static let mostOpen = 32

    private var closed: TokenUsage?
    private var open: [(id: String, usage: TokenUsage)] = []

    /// Nil as long as no message said anything.
    var sum: TokenUsage? {
        guard closed != nil || !open.isEmpty else { return nil }
        var sum = closed ?? TokenUsage()
        for message in open { sum += message.usage }
        return sum
    }

    mutating func add(_ message: JSONValue) {
        guard message["usage"].isObject else { return }
        let usage = TokenUsage(anthropic: message["usage"])
        guard let id = message["id"].text else { return close(usage) }
        if let index = open.firstIndex(where: { $0.id == id }) {
            open[index].usage = open[index].usage.raised(to: usage)
        } else {
            open.append((id, usage))
            if open.count > Self.mostOpen { close(open.removeFirst().usage) }
        }
    }

    private mutating func close(_ usage: TokenUsage) {
        var sum = closed ?? TokenUsage()
        sum += usage
        closed = sum
    }
}

extension TokenUsage {
    /// The larger of both, by class.
    fileprivate func raised(to other: TokenUsage) -> TokenUsage {
        TokenUsage(
            input: max(input, other.input),
            output: max(output, other.output),
            cacheRead: max(cacheRead, other.cacheRead),
            cacheWrite: max(cacheWrite, other.cacheWrite)
        )
    }
}
