internal import RalphAPI
internal import RalphCore
internal import SystemPackage

/// A log file as bytes, read piece by piece as they are asked for, and if wanted until its iteration has ended.
struct LogFileBytes: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    /// How long a follower waits before it looks for more.
    static let pause = Duration.milliseconds(200)
    private static let pieceSize = 64 << 10

    let path: FilePath
    let offset: Int64
    /// How large the file may grow before its middle is left out.
    let bound: Int
    let clock: any Clock<Duration>
    /// Whether nothing more will be written; nil when the file is to be read as it is.
    let isOver: (@Sendable () async throws -> Bool)?

    func makeAsyncIterator() -> Iterator { Iterator(bytes: self, offset: offset) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let bytes: LogFileBytes
        /// In the file, or, while it is followed, in all that was ever written to it.
        fileprivate var offset: Int64
        private var file: OpenFile?

        fileprivate init(bytes: LogFileBytes, offset: Int64) {
            self.bytes = bytes
            self.offset = offset
        }

        mutating func next() async throws -> [UInt8]? {
            while true {
                try Task.checkCancellation()
                // Asked before the read: what was written before the end is then read in any case.
                let isOver = try await bytes.isOver?() ?? true
                let piece = try read()
                if !piece.isEmpty { return piece }
                if isOver { return nil }
                try await bytes.clock.sleep(for: LogFileBytes.pause)
            }
        }

        private mutating func read() throws -> [UInt8] {
            if file == nil {
                file = try OpenFile(bytes.path)
                if let file, bytes.isOver != nil { offset = try written(at: offset, in: file) }
            }
            guard let file else { return [] }
            let piece =
                try bytes.isOver == nil ? file.read(upTo: LogFileBytes.pieceSize, at: offset) : follow(file)
            offset += Int64(piece.count)
            return piece
        }

        private var place: Int64 { Int64(LogMarker.place(limit: bytes.bound)) }
        private static var width: Int64 { Int64(LogMarker.width) }

        private func marker(in file: OpenFile) throws -> LogMarker? {
            LogMarker(try file.read(upTo: LogMarker.width, at: place))
        }

        /// Where in all that was written a place in the file is.
        private func written(at offset: Int64, in file: OpenFile) throws -> Int64 {
            guard offset >= place + Self.width, case .leftOut(let count) = try marker(in: file) else {
                return offset
            }
            return offset + Int64(count) - Self.width
        }

        /// The next piece of what was written, wherever in the file it is by now.
        private mutating func follow(_ file: OpenFile) throws -> [UInt8] {
            guard offset >= place else {
                return try file.read(
                    upTo: Int(Swift.min(Int64(LogFileBytes.pieceSize), place - offset)),
                    at: offset
                )
            }
            let before = try marker(in: file)
            var start = offset
            switch before {
            case .moving: return []
            case nil: break
            case .leftOut(let count):
                let tail = place + Int64(count)
                if offset < tail {
                    let missing = tail - offset
                    // It is no part of what was written.
                    offset = tail - Self.width
                    return LogMarker.leftOut(Int(missing)).line
                }
                start = offset - Int64(count) + Self.width
            }
            let piece = try file.read(upTo: LogFileBytes.pieceSize, at: start)
            // What was moved meanwhile is read again.
            return try marker(in: file) == before ? piece : []
        }
    }
}

/// A regular file that is open for reading; neither a link nor a pipe in its place is followed or waited for.
final class OpenFile {
    private let descriptor: FileDescriptor

    /// Nil when there is no such file, or none yet.
    init?(_ path: FilePath) throws {
        do {
            descriptor = try FileDescriptor.open(
                path,
                .readOnly,
                options: [.noFollow, .closeOnExec, .nonBlocking]
            )
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch {
            throw Failure(.storage, "cannot read \(path)", cause: error)
        }
    }

    deinit { try? descriptor.close() }

    func read(upTo count: Int, at offset: Int64) throws -> [UInt8] {
        try Array(unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try descriptor.read(
                fromAbsoluteOffset: offset,
                into: UnsafeMutableRawBufferPointer(buffer)
            )
        }
    }
}
