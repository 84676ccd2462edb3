import Glibc
package import RalphCore

package import struct SystemPackage.Errno
package import struct SystemPackage.FilePath

/// A log file that never grows past its bound: when it is full, the middle is left out.
///
/// The first half of the bound stays. What follows fills the other half; when that is full, its older part makes way, and a
/// line says how many bytes are missing (``LogMarker``), by which a reader can follow the file although it gets shorter.
package struct BoundedLog: ~Copyable {
    private static let copyChunk = 256 << 10

    private let file: Descriptor
    private let limit: Int
    private var size: Int = 0
    /// Where the marker stands, once something was left out.
    private var markerStart: Int?
    /// Bytes left out of the middle.
    package private(set) var leftOut: Int = 0

    private var headLimit: Int { LogMarker.place(limit: limit) }
    /// What is kept of the tail when it makes room: half of it, so that copying costs each byte at most once.
    private var keptTail: Int { limit / 4 - LogMarker.width }

    /// Creates the file, or empties it. Only its owner may read it.
    /// - Parameter limit: at least 4 KiB.
    package init(at path: FilePath, limit: Int) throws(Failure) {
        self.limit = max(limit, 4 << 10)
        file = Descriptor(open(path.string, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600))
        guard file.isOpen else {
            throw Failure(.storage, "cannot write the log \(path)", cause: Errno(rawValue: errno))
        }
    }

    package mutating func append(_ bytes: ArraySlice<UInt8>) throws(Errno) {
        var rest = bytes
        while !rest.isEmpty {
            if size >= limit { try makeRoom() }
            let part = rest.prefix(limit - size)
            try write(part, at: size)
            size += part.count
            rest = rest.dropFirst(part.count)
        }
    }

    /// Moves the newest part of the tail to right behind the marker.
    private mutating func makeRoom() throws(Errno) {
        let marker = markerStart ?? headLimit
        let target = marker + LogMarker.width
        let source = try lineStart(atOrAfter: size - keptTail)
        leftOut += markerStart == nil ? source - marker : source - target
        markerStart = marker
        try write(LogMarker.moving.line[...], at: marker)
        size = try move(from: source, to: target)
        guard ftruncate(file.raw, size) == 0 else { throw Errno(rawValue: errno) }
        try write(LogMarker.leftOut(leftOut).line[...], at: marker)
    }

    /// The first line that starts there or a little later; the place itself when lines are long.
    private func lineStart(atOrAfter place: Int) throws(Errno) -> Int {
        let chunk = try read(from: place, count: Self.copyChunk)
        guard let newline = chunk.firstIndex(of: UInt8(ascii: "\n")), newline < keptTail / 2 else {
            return place
        }
        return place + newline + 1
    }

    /// The two places never overlap within one chunk that is still to be read, because the target lies before the source.
    private func move(from source: Int, to target: Int) throws(Errno) -> Int {
        var (source, target) = (source, target)
        while source < size {
            let chunk = try read(from: source, count: Self.copyChunk)
            guard !chunk.isEmpty else { break }
            try write(chunk[...], at: target)
            source += chunk.count
            target += chunk.count
        }
        return target
    }

    private func write(_ bytes: ArraySlice<UInt8>, at place: Int) throws(Errno) {
        var (rest, place) = (bytes, place)
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { pwrite(file.raw, $0.baseAddress, $0.count, place) }
            guard count > 0 || errno == EINTR else { throw Errno(rawValue: errno) }
            rest = rest.dropFirst(max(count, 0))
            place += max(count, 0)
        }
    }

    private func read(from place: Int, count: Int) throws(Errno) -> [UInt8] {
        var chunk = [UInt8](repeating: 0, count: count)
        let count = chunk.withUnsafeMutableBytes { pread(file.raw, $0.baseAddress, $0.count, place) }
        guard count >= 0 else { throw Errno(rawValue: errno) }
        chunk.removeLast(chunk.count - count)
        return chunk
    }
}
