import Glibc

/// Cuts a stream of chunks into lines at `\n` alone, with a bound on what one line may hold.
///
/// Bytes stay bytes: NUL, invalid UTF-8 and U+2028 are nothing special. A line over the bound is handed out once, cut, as
/// soon as it is that long; the rest of it is dropped.
struct LineSplitter {
    /// What a line may hold before it is cut.
    static let bound = 8 << 20

    private let bound: Int
    private var pending: [UInt8] = []
    private var isDropping = false
    private(set) var cutLines = 0

    init(bound: Int = Self.bound) { self.bound = bound }

    mutating func feed(_ chunk: ArraySlice<UInt8>, emit: ([UInt8], _ isCut: Bool) -> Void) {
        chunk.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let newline = Self.newline(in: rest) {
                add(rest[..<newline], emit: emit)
                if !isDropping { emitPending(isCut: false, emit: emit) }
                isDropping = false
                rest = rest[(newline + 1)...]
            }
            add(rest, emit: emit)
        }
    }

    /// Hands out what came after the last newline.
    mutating func finish(emit: ([UInt8], _ isCut: Bool) -> Void) {
        if !pending.isEmpty { emitPending(isCut: false, emit: emit) }
    }

    private mutating func add(_ bytes: Slice<UnsafeRawBufferPointer>, emit: ([UInt8], Bool) -> Void) {
        guard !isDropping else { return }
        let room = bound - pending.count
        pending.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes.prefix(room)))
        guard bytes.count > room else { return }
        isDropping = true
        cutLines += 1
        emitPending(isCut: true, emit: emit)
    }

    /// Moves the line out, so that it is not copied and a long one's memory goes with it.
    private mutating func emitPending(isCut: Bool, emit: ([UInt8], Bool) -> Void) {
        let line = pending
        pending = []
        emit(line, isCut)
    }

    private static func newline(in bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
        let bytes = (whole: bytes.base, start: bytes.startIndex, count: bytes.count)
        guard bytes.count > 0, let base = bytes.whole.baseAddress,
            let found = memchr(base + bytes.start, 10, bytes.count)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
