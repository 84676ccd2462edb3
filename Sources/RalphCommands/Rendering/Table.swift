/// Rows under headings. On a terminal they stand in columns and the flexible ones give way; in a pipe fields are
/// separated by a tab, without headings and in full, as other programs want them.
struct Table: Equatable, Sendable {
    struct Column: Equatable, Sendable {
        var title: String
        var isRight: Bool
        /// May be cut down to `Table.narrowest` columns when the whole does not fit.
        var isFlexible: Bool

        init(_ title: String, isRight: Bool = false, isFlexible: Bool = false) {
            self.title = title
            self.isRight = isRight
            self.isFlexible = isFlexible
        }
    }

    var columns: [Column]
    var rows: [[Text]]

    init(_ columns: [Column], rows: [[Text]]) {
        self.columns = columns
        self.rows = rows
    }

    /// A flexible column keeps at least this much.
    private static let narrowest = 8
    private static let gap = 2

    func lines(for terminal: Terminal) -> [Text] {
        guard terminal.isInteractive else { return rows.map { joined($0, by: "\t") } }
        let used = columns.indices.filter { index in rows.contains { !$0[index].isEmpty } }
        let widths = fitted(used.map { naturalWidth($0) }, of: used, into: terminal.width)
        let heading = columns.map { Text($0.title, .faint) }
        return ([heading] + rows).map { row in
            let cells = zip(used, widths).map { index, width in
                row[index].cut(to: width).padded(to: width, right: columns[index].isRight)
            }
            return joined(cells, by: String(repeating: " ", count: Table.gap)).withoutTrailingSpaces
        }
    }

    private func naturalWidth(_ index: Int) -> Int {
        rows.reduce(DisplayWidth.of(columns[index].title)) { max($0, $1[index].width) }
    }

    /// Takes from the widest flexible column, one at a time, until the line fits or none can give.
    private func fitted(_ natural: [Int], of used: [Int], into width: Int?) -> [Int] {
        guard let width else { return natural }
        var widths = natural
        var excess = widths.reduce(0, +) + Table.gap * max(0, widths.count - 1) - width
        let flexible = widths.indices.filter { columns[used[$0]].isFlexible }
        while excess > 0 {
            guard let widest = flexible.max(by: { widths[$0] < widths[$1] }), widths[widest] > Table.narrowest
            else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func joined(_ cells: [Text], by separator: String) -> Text {
        var line = Text()
        for (index, cell) in cells.enumerated() {
            if index > 0 { line += separator == "\t" ? .tab : Text(separator) }
            line += cell
        }
        return line
    }
}
