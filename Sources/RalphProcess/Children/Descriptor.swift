import CRalph
import Glibc

import struct SystemPackage.Errno

/// A file descriptor that is closed when its owner lets go of it.
struct Descriptor: ~Copyable {
    let raw: Int32

    init(_ raw: Int32) { self.raw = raw }

    /// Closed: poll(2) passes over it, reading it is at its end.
    static var none: Descriptor { Descriptor(-1) }

    var isOpen: Bool { raw >= 0 }

    deinit { if raw >= 0 { close(raw) } }

    /// What one attempt to read came to.
    enum ReadResult { case bytes(Int), nothingYet, end }

    /// Reads what is there, up to the buffer's size. An error other than "try again" counts as the end.
    func read(into buffer: inout [UInt8]) -> ReadResult {
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(raw, $0.baseAddress, $0.count) }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .nothingYet : .end
        }
    }

    /// What one attempt to write came to.
    enum WriteResult { case bytes(Int), full, closed }

    /// Writes what goes in now. A reader that is gone is `closed`, never a signal.
    func write(_ bytes: ArraySlice<UInt8>) -> WriteResult {
        while true {
            let count = bytes.withUnsafeBytes { ralph_write(raw, $0.baseAddress, $0.count) }
            if count >= 0 { return .bytes(count) }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .full : .closed
        }
    }
}

/// Both ends of a pipe, closed on exec.
struct Pipe: ~Copyable {
    var reading: Descriptor
    var writing: Descriptor

    init() throws(Errno) {
        var ends: [Int32] = [-1, -1]
        guard ralph_pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
        reading = Descriptor(ends[0])
        writing = Descriptor(ends[1])
    }

    private init(reading: consuming Descriptor, writing: consuming Descriptor) {
        self.reading = reading
        self.writing = writing
    }

    static var none: Pipe { Pipe(reading: .none, writing: .none) }
}
