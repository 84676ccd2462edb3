/// Changes boxes in a document, one byte each, and nothing else.
package enum Tick {
    /// The bytes with `[ ]` made `[x]` at each offset; nil when at one of them there is no box.
    /// A box that is ticked already stays as it is.
    package static func apply(_ bytes: [UInt8], boxes: [Int]) -> [UInt8]? {
        change(bytes, boxes: boxes) { Byte.isTicked($0) ? $0 : Byte.tick }
    }

    /// The bytes with `[x]` made `[ ]` at each offset; nil when at one of them there is no box.
    package static func untick(_ bytes: [UInt8], boxes: [Int]) -> [UInt8]? {
        change(bytes, boxes: boxes) { _ in Byte.space }
    }

    private static func change(_ bytes: [UInt8], boxes: [Int], to next: (UInt8) -> UInt8) -> [UInt8]? {
        var result = bytes
        for box in boxes {
            guard box >= 1, box + 1 < bytes.count, bytes[box - 1] == Byte.openBracket,
                bytes[box + 1] == Byte.closeBracket, bytes[box] == Byte.space || Byte.isTicked(bytes[box])
            else { return nil }
            result[box] = next(bytes[box])
        }
        return result
    }
}
