package import RalphCore

/// Reads a PRD: text to items. Pure; never fails on any input other than by a `Rejection`.
package enum PRD {
    /// Larger files are taken for a mistake.
    private static let largest = 64 << 20

    private static let largestFrontMatter = 256 << 10

    /// Reads a whole document.
    /// - Parameters:
    ///   - defaults: what holds where the front matter says nothing: the host's configuration.
    ///   - hadItems: whether the document in force has items; then one without any is refused, as half written.
    ///   - piece: how many bytes are read at once, which changes nothing but the time; 0 for all.
    package static func parse(
        _ bytes: [UInt8],
        defaults: ProjectSettings = ProjectSettings(),
        hadItems: Bool = false,
        piece: Int = 32 << 10
    ) throws(Rejection) -> Document {
        guard bytes.count <= largest else {
            throw rejection(
                "the document has \(bytes.count >> 20) MiB, more than \(largest >> 20); is it the right file?"
            )
        }
        let text = SourceText(bytes)
        try checkText(text)
        try checkMerge(text)
        var problems: [Diagnostic] = []
        let (settings, matter) = try frontMatter(of: text, defaults)
        var items = ItemReader(text, skippingLines: matter?.lineCount ?? 0, piece: piece)
        items.read()
        problems += items.problems
        if items.items.isEmpty {
            if hadItems { throw rejection("no items where there were some; is the file half written?") }
            problems.append(
                Diagnostic(
                    line: 1,
                    column: 1,
                    severity: .warning,
                    message: "no items; write lines like `- [ ] what is to be done`"
                )
            )
        }
        problems.sort { ($0.line, $0.column) < ($1.line, $1.column) }
        return Document(
            settings: settings,
            items: items.items,
            problems: problems,
            frontMatter: matter?.range,
            splitBoxes: items.splitBoxes
        )
    }

    /// Reads the front matter alone, for who needs no items; the file's beginning is enough.
    package static func settings(
        of bytes: some Sequence<UInt8>,
        defaults: ProjectSettings = ProjectSettings()
    ) throws(Rejection) -> ProjectSettings {
        try frontMatter(of: SourceText(Array(bytes.prefix(2 * largestFrontMatter))), defaults).settings
    }

    private static func frontMatter(
        of text: SourceText,
        _ defaults: ProjectSettings
    ) throws(Rejection) -> (settings: ProjectSettings, matter: FrontMatter?) {
        switch FrontMatter.find(in: text) {
        case .none: return (defaults, nil)
        case .unclosed: throw rejection("the front matter is not closed; end it with a line `---`")
        case .found(let found):
            guard found.yaml.count <= largestFrontMatter else {
                throw rejection(
                    "the front matter has \(found.yaml.count >> 10) KiB, more than \(largestFrontMatter >> 10); is the second "
                        + "line `---` in its place?"
                )
            }
            var settings = defaults
            let errors = SettingsReader.read(
                text.string(found.yaml),
                firstLine: 2,
                isPRD: true,
                into: &settings
            )
            guard errors.isEmpty else { throw Rejection(problems: errors) }
            return (settings, found)
        }
    }

    /// Reads the Markdown with cmark-gfm and forgets it: the time to measure ours by.
    package static func readWithLibraryAlone(_ bytes: [UInt8]) { MarkdownReader.readAlone(bytes) }

    private static func rejection(_ message: String, line: Int = 1, column: Int = 1) -> Rejection {
        Rejection(message, line: line, column: column)
    }

    /// Refuses a merge that nobody finished: git leaves it there without a word to whoever reads the file.
    private static func checkMerge(_ text: SourceText) throws(Rejection) {
        guard let line = ConflictMarkers.firstLine(in: text) else { return }
        throw rejection(
            "an unresolved merge conflict begins here: choose one side and remove the marker lines",
            line: line
        )
    }

    /// Refuses what is no text: other encodings, and the zero bytes that a power cut leaves.
    private static func checkText(_ text: SourceText) throws(Rejection) {
        if text.bytes.allSatisfy({ $0 <= Byte.space }) { throw rejection("the document is empty") }
        if let zero = text.bytes.firstIndex(of: 0) {
            let place = text.place(of: zero)
            throw rejection(
                "a zero byte: the file is half written or no text",
                line: place.line,
                column: place.column
            )
        }
        if let bad = UTF8Text.firstInvalidOffset(in: text.bytes) {
            let place = text.place(of: bad)
            throw rejection(
                "this is not UTF-8; save the file as UTF-8",
                line: place.line,
                column: place.column
            )
        }
    }
}
