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
    let clock: any Clock<Duration>
    /// Whether nothing more will be written; nil when the file is to be read as it is.
    let isOver: (@Sendable () async throws -> Bool)?

    func makeAsyncIterator() -> Iterator { Iterator(bytes: self, offset: offset) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let bytes: LogFileBytes
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
            if file == nil { file = try OpenFile(bytes.path) }
            guard let file else { return [] }
            let piece = try file.read(upTo: LogFileBytes.pieceSize, at: offset)
            offset += Int64(piece.count)
            return piece
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
