import CRalph
import Glibc
import RalphCore
import SystemPackage

/// One version of the author's file, opened for reading. While it is held, who opens it for writing waits, where the file
/// system has leases; that is for milliseconds.
final class HeldFile {
    /// What identifies one version of the file without reading it.
    struct Stamp: Equatable, Sendable {
        var inode: UInt64
        var size: Int64
        var changed: Int64
    }

    let path: FilePath
    let stamp: Stamp
    let mode: mode_t
    let owner: (user: uid_t, group: gid_t)
    /// Somebody has it open for writing: what is in it may be half of what will be.
    let isBeingWritten: Bool
    private let descriptor: Int32
    private let isLeased: Bool

    static let largest = 64 << 20

    /// Throws in words for the author.
    init(_ path: FilePath) throws(Failure) {
        self.path = path
        let descriptor = open(path.string, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
        guard let facts = FileFacts(of: descriptor) else {
            let reason = errno
            close(descriptor)
            throw Self.unreadable(path, reason)
        }
        guard facts.isRegular else {
            close(descriptor)
            throw Failure(.configuration, "\(path) is no regular file: put the PRD back there")
        }
        let lease = ralph_lease(descriptor)
        // Again, as it was before nobody could change it.
        let held = lease == 1 ? FileFacts(of: descriptor) ?? facts : facts
        isBeingWritten = lease == 0
        isLeased = lease == 1
        self.descriptor = descriptor
        stamp = Stamp(held)
        mode = held.mode
        owner = held.owner
    }

    deinit { close(descriptor) }

    /// The whole file.
    func read() throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(min(stamp.size, Int64(Self.largest))))
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
            guard count >= 0 else { throw Self.unreadable(path, errno) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= Self.largest else {
                throw Failure(
                    .configuration,
                    "\(path) is over \(Self.largest >> 20) MiB: is it the right file?"
                )
            }
        }
    }

    /// Whether the file is still what it was, and nobody waits to change it.
    var isUntouched: Bool {
        guard FileFacts(of: descriptor).map(Stamp.init) == stamp else { return false }
        return !isLeased || ralph_lease_is_wanted(descriptor) == 0
    }

    /// Whether this very file is what stands under a name.
    func stands(at path: FilePath) -> Bool {
        FileFacts(of: path)?.identity.number == stamp.inode
    }

    static func unreadable(_ path: FilePath, _ reason: Int32) -> Failure {
        Failure(.configuration, "\(path) cannot be read: \(String(cString: strerror(reason)))")
    }
}

extension HeldFile.Stamp {
    init(_ facts: FileFacts) {
        inode = facts.identity.number
        size = facts.size
        changed = facts.modified
    }
}
