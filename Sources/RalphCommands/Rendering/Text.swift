/// How a piece of text looks on a terminal that has colour.
enum Style: Equatable, Sendable {
    case plain, strong, faint, good, bad, notice

    /// Parameters of SGR; colours of the terminal's own palette, so that every theme stays readable.
    var parameters: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .bad: "31"
        case .notice: "33"
        }
    }
}

/// One line of output. Whatever string goes in is made inert on the way (`InertText`), so that nothing an agent or an
/// author wrote can reach a terminal raw: there is no other way to the screen.
struct Text: Equatable, Sendable {
    struct Run: Equatable, Sendable {
        var string: String
        var style: Style
    }

    private(set) var runs: [Run] = []

    init() {}

    init(_ string: String, _ style: Style = .plain) {
        append(InertText.line(string), style)
    }

    var string: String { runs.map(\.string).joined() }
    var isEmpty: Bool { runs.isEmpty }
    /// Columns on a terminal.
    var width: Int { runs.reduce(0) { $0 + DisplayWidth.of($1.string) } }

    static func + (left: Text, right: Text) -> Text {
        var text = left
        text += right
        return text
    }

    static func += (left: inout Text, right: Text) {
        for run in right.runs { left.append(run.string, run.style) }
    }

    private mutating func append(_ string: String, _ style: Style) {
        guard !string.isEmpty else { return }
        if let last = runs.indices.last, runs[last].style == style {
            runs[last].string += string
        } else {
            runs.append(Run(string: string, style: style))
        }
    }
}

extension Text {
    static let ellipsis = "…"

    /// Between fields for other programs: the one control character that is ours.
    static var tab: Text {
        var text = Text()
        text.append("\t", .plain)
        return text
    }

    /// At most `width` columns, the last of them … when something is missing.
    func cut(to width: Int) -> Text {
        guard self.width > width else { return self }
        var left = max(0, width - 1)
        var text = Text()
        for run in runs {
            let fitting = run.string.prefixFitting(left)
            text.append(fitting, run.style)
            left -= DisplayWidth.of(fitting)
            if fitting.count < run.string.count { break }
        }
        if width > 0 { text.append(Text.ellipsis, text.runs.last?.style ?? .plain) }
        return text
    }

    /// Spaces behind, or in front, until `width` columns are full.
    func padded(to width: Int, right: Bool = false) -> Text {
        let space = Text(String(repeating: " ", count: max(0, width - self.width)))
        return right ? space + self : self + space
    }

    var withoutTrailingSpaces: Text {
        var text = self
        while let last = text.runs.last, last.string.last == " " {
            text.runs.removeLast()
            text.append(String(last.string.reversed().drop { $0 == " " }.reversed()), last.style)
        }
        return text
    }

    func styled(_ style: Style) -> Text {
        var text = Text()
        for run in runs { text.append(run.string, style) }
        return text
    }

    /// The bytes for a terminal, without the line feed.
    func rendered(for terminal: Terminal) -> String {
        let shown = runs.map { run in
            let string = terminal.hasUnicode ? run.string : Text.ascii(run.string)
            guard terminal.hasColour, let parameters = run.style.parameters else { return string }
            return "\u{1B}[\(parameters)m\(string)\u{1B}[0m"
        }
        return shown.joined()
    }

    private static func ascii(_ string: String) -> String {
        string.reduce(into: "") { result, character in
            switch character {
            case "…": result += "..."
            case "≈": result += "~"
            case "“", "”": result += "\""
            case "‘", "’": result += "'"
            case "–", "—": result += "-"
            default: result += character.isASCII ? String(character) : "?"
            }
        }
    }
}

extension Text {
    /// Every line of a text as it is, blank ones and tabs too.
    static func lines(_ text: String) -> [Text] {
        var lines = InertText.block(text).split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return lines.map { line in
            var text = Text()
            text.append(String(line), .plain)
            return text
        }
    }

    /// A title in quotes, at most `width` columns.
    static func quoted(_ title: String, to width: Int) -> Text {
        "\"" + Text(title).cut(to: max(1, width - 2)) + "\""
    }

    /// `#stop "the title"`, at most `width` columns unless the key alone is wider.
    static func named(_ key: String, _ title: String, to width: Int) -> Text {
        let key = Text("#\(key)", .strong).cut(to: max(1, width / 2))
        return key + " " + quoted(title, to: width - key.width - 1)
    }

    static func list(_ parts: [Text], by separator: Text) -> Text {
        parts.dropFirst().reduce(parts.first ?? Text()) { $0 + separator + $1 }
    }
}

extension Text: ExpressibleByStringInterpolation {
    init(stringLiteral value: String) { self.init(value) }

    init(stringInterpolation: Interpolation) { self = stringInterpolation.text }

    /// Pieces keep their own style: `"now \(key, .strong)"`.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = Text()

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { text += Text(literal) }
        mutating func appendInterpolation(_ value: Text) { text += value }
        mutating func appendInterpolation(_ value: some CustomStringConvertible, _ style: Style = .plain) {
            text += Text(value.description, style)
        }
    }
}

extension String {
    /// The longest beginning of at most `width` columns.
    fileprivate func prefixFitting(_ width: Int) -> String {
        var left = width
        return String(
            prefix { character in
                left -= DisplayWidth.of(character)
                return left >= 0
            }
        )
    }
}
