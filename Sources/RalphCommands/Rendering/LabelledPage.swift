/// Facts below one another: a faint label, then what it is, wrapped or cut to the page.
struct LabelledPage {
    let width: Int

    private static let indent = 2
    private static let label = 8

    /// Columns right of the labels.
    var room: Int { width - LabelledPage.indent - LabelledPage.label }

    /// One line, cut. Nothing for nil.
    func line(_ label: String, _ text: Text?) -> [Text] {
        text.map { [labelled(label, $0.cut(to: room))] } ?? []
    }

    /// As many lines as it takes. Nothing for nil.
    func block(_ label: String, _ text: String?) -> [Text] {
        guard let text else { return [] }
        return Text.wrapped(text, to: room).enumerated().map { labelled($0 == 0 ? label : "", $1) }
    }

    private func labelled(_ label: String, _ text: Text) -> Text {
        Text(String(repeating: " ", count: LabelledPage.indent))
            + Text(label, .faint).padded(to: LabelledPage.label) + text
    }
}
