/// A patch in colour.
enum DiffScreen {
    static func lines(_ diff: String) -> [Text] {
        Text.lines(diff).map { $0.styled(style($0.string)) }
    }

    private static func style(_ line: String) -> Style {
        if line.hasPrefix("diff ") || line.hasPrefix("+++ ") || line.hasPrefix("--- ") { return .strong }
        return line.hasPrefix("@@")
            ? .faint : line.hasPrefix("+") ? .good : line.hasPrefix("-") ? .bad : .plain
    }
}
