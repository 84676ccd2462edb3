/// A long list in our form of JSON, in pieces of some tens of kilobytes that are made as they are asked for.
package struct ListedText<View: ListedView>: Sequence, IteratorProtocol, Sendable {
    private static var pieceSize: Int { 60_000 }

    private var views: ArraySlice<View>
    private var writer: JSONWriter
    private var isAtStart = true
    /// Whether the last piece has been made.
    package private(set) var isOver = false

    package init(_ views: [View], pretty: Bool = false) {
        self.views = views[...]
        writer = JSONWriter(pretty: pretty)
    }

    package mutating func next() -> [UInt8]? {
        guard !isOver else { return nil }
        if isAtStart { writer.begin(UInt8(ascii: "[")) }
        isAtStart = false
        while writer.count < Self.pieceSize, let view = views.popFirst() {
            writer.entry()
            view.write(to: &writer)
        }
        if views.isEmpty {
            writer.end(UInt8(ascii: "]"))
            isOver = true
        }
        return writer.take()
    }
}
