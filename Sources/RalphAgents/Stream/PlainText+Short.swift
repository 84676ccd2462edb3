import RalphCore

extension PlainText {
    /// One inert line of at most `limit` characters, with … where something is missing. Takes time by the limit, not by the text.
    static func short(_ text: String, limit: Int = 300) -> String {
        let folded = line(String(text.prefix(limit * 4)))
        return folded.count > limit ? String(folded.prefix(limit - 1)) + "…" : folded
    }
}
