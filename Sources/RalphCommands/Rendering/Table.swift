/// Rows under headings. On a terminal they stand in columns; the flexible ones give way, and where that is not enough the
/// least important are left out. In a pipe fields are separated by a tab, without headings and in full, as other programs
/// want them.
struct Table: Equatable, Sendable {
    struct Column: Equatable, Sendable {
        var title: String
        var isRight: Bool
        /// May be cut down to `Table.narrowest` columns when the whole does not fit.
        var isFlexible: Bool
        /// In which order columns are left out where not all fit, the lowest first. Nil: never.
        var leaves: Int?

        init(_ title: String, isRight: Bool = false, isFlexible: Bool = false, leaves: Int? = nil) {
            self.title = title
            self.isRight = isRight
            self.isFlexible = isFlexible
            self.leaves = leaves
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
        let natural = columns.indices.map { naturalWidth($0) }
        let filled = columns.indices.filter { index in rows.contains { !$0[index].isEmpty } }
        let used = kept(of: filled, natural, in: terminal.width)
        let widths = fitted(used.map { natural[$0] }, of: used, into: terminal.width)
        let heading = columns.map { Text($0.title, .faint) }
        return ([heading] + rows).map { row in
            let cells = zip(used, widths).map { index, width in
                row[index].cut(to: width).padded(to: width, right: columns[index].isRight)
            }
            let line = joined(cells, by: String(repeating: " ", count: Table.gap)).withoutTrailingSpaces
            return terminal.width.map { line.cut(to: $0) } ?? line
        }
    }

    /// Those that have room beside one another when the flexible ones give all they can.
    private func kept(of filled: [Int], _ natural: [Int], in width: Int?) -> [Int] {
        var kept = filled
        while let width, least(kept, natural) > width {
            let leaving = kept.compactMap { index in columns[index].leaves.map { ($0, index) } }
            guard let first = leaving.min(by: <) else { break }
            kept.removeAll { $0 == first.1 }
        }
        return kept
    }

    private func least(_ indices: [Int], _ natural: [Int]) -> Int {
        indices.reduce(Table.gap * max(0, indices.count - 1)) { sum, index in
            sum + (columns[index].isFlexible ? min(natural[index], Table.narrowest) : natural[index])
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
