/// The last bytes of a stream, in bounded memory.
struct ByteTail {
    private let limit: Int
    private var kept: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    var bytes: [UInt8] { Array(kept.suffix(limit)) }

    mutating func append(_ chunk: ArraySlice<UInt8>) {
        kept.append(contentsOf: chunk.suffix(limit))
        // Cut down at twice the limit only, so that each byte is moved at most once.
        if kept.count > 2 * limit { kept.removeFirst(kept.count - limit) }
    }
}
