/// The line in a log whose middle was left out. It is always as long, and stands right behind the first half of the log's bound, so
/// that whoever follows the log can tell where it is in what was written.
package enum LogMarker: Equatable, Sendable {
    /// What follows is on its way to where it will be.
    case moving
    /// So many bytes are missing here.
    case leftOut(Int)

    /// Bytes, line ends included.
    package static let width = 64

    /// Where it stands in a log of this bound.
    package static func place(limit: Int) -> Int { limit / 2 }

    private static let opening = "\n[... "
    private static let closing = " bytes left out ...]"
    private static let movingText = "\n[... making room ...]"

    package var line: [UInt8] {
        let text =
            switch self {
            case .moving: Self.movingText
            case .leftOut(let count): "\(Self.opening)\(count)\(Self.closing)"
            }
        return Array(text.utf8)
            + Array(repeating: UInt8(ascii: " "), count: Self.width - 1 - text.utf8.count)
            + [UInt8(ascii: "\n")]
    }

    /// Nil when the bytes are no such line.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.width, bytes.last == UInt8(ascii: "\n") else { return nil }
        var text = String(decoding: bytes.dropLast(), as: UTF8.self)[...]
        while text.last == " " { text.removeLast() }
        if text == Self.movingText {
            self = .moving
            return
        }
        guard text.hasPrefix(Self.opening), text.hasSuffix(Self.closing),
            let count = Int(text.dropFirst(Self.opening.count).dropLast(Self.closing.count))
        else { return nil }
        self = .leftOut(count)
    }
}
