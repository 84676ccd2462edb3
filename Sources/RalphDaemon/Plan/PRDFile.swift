import Foundation
import Glibc
import RalphCore
import SystemPackage

/// The author's file: read as it is, written only to move a box, and never in place.
struct PRDFile: Sendable {
    let path: FilePath

    private static let largest = 64 << 20
    /// How often an edit starts over because the author saved in the same instant.
    private static let mostTries = 50

    /// What identifies one version of the file without reading it.
    struct Stamp: Equatable, Sendable {
        var inode: UInt64
        var size: Int64
        var changed: Int64
    }

    /// The whole file; throws in words for the author.
    func read() throws(Failure) -> (bytes: [UInt8], stamp: Stamp) {
        let descriptor = open(path.string, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        let stamp = try stamp(of: descriptor)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(stamp.size))
        var chunk = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw unreadable(errno) }
            if count == 0 { return (bytes, stamp) }
            bytes += chunk[..<count]
            guard bytes.count <= Self.largest else {
                throw Failure(
                    .configuration,
                    "\(path) is over \(Self.largest >> 20) MiB: is it the right file?"
                )
            }
        }
    }

    private func stamp(of descriptor: Int32) throws(Failure) -> Stamp {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Failure(.configuration, "\(path) is no regular file: put the PRD back there")
        }
        return Stamp(
            inode: UInt64(status.st_ino),
            size: Int64(status.st_size),
            changed: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        )
    }

    /// Writes what `change` makes of the bytes beside the file, syncs, and renames it over, with mode and owner kept and
    /// links followed. When the file changed meanwhile it starts over, so that no save of the author's is lost. False
    /// when `change` has nothing to do.
    func edit(_ change: ([UInt8]) -> [UInt8]?) throws(Failure) -> Bool {
        let real = try resolved()
        for _ in 0..<Self.mostTries {
            let (bytes, stamp) = try PRDFile(path: real).read()
            guard let new = change(bytes), new != bytes else { return false }
            let beside = real.removingLastComponent().appending(
                Self.besides(real.lastComponent?.string ?? "prd") + "\(getpid())"
            )
            try write(new, to: beside, like: real)
            try FaultPoint.tickWritten.reached()
            // The instant between this look and the rename is the one in which a save could be lost; it is one system call long.
            if let now = try? PRDFile(path: real).currentStamp(), now == stamp {
                guard rename(beside.string, real.string) == 0 else {
                    let reason = errno
                    unlink(beside.string)
                    throw unwritable(reason)
                }
                FaultPoint.tickRenamed.passed()
                sync(directory: real.removingLastComponent())
                return true
            }
            unlink(beside.string)
        }
        throw Failure(.busy, "\(path) keeps changing: its boxes are ticked when it is still")
    }

    /// Removes what a daemon that died in the middle of an edit left beside the file.
    func sweep() {
        guard let real = try? resolved(), let name = real.lastComponent?.string else { return }
        let directory = real.removingLastComponent()
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: directory.string)) ?? []
        where entry.hasPrefix(Self.besides(name))
            && entry.dropFirst(Self.besides(name).count).allSatisfy(\.isNumber)
        {
            unlink(directory.appending(entry).string)
        }
    }

    private static func besides(_ name: String) -> String { ".\(name).ralphd-" }

    private func currentStamp() throws(Failure) -> Stamp {
        let descriptor = open(path.string, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        return try stamp(of: descriptor)
    }

    /// The file behind any links, so that a link stays one.
    private func resolved() throws(Failure) -> FilePath {
        guard let raw = realpath(path.string, nil) else { throw unreadable(errno) }
        defer { free(raw) }
        return FilePath(String(cString: raw))
    }

    private func write(_ bytes: [UInt8], to beside: FilePath, like original: FilePath) throws(Failure) {
        var status = stat()
        guard stat(original.string, &status) == 0 else { throw unreadable(errno) }
        unlink(beside.string)
        let descriptor = open(beside.string, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(errno) }
        defer { close(descriptor) }
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let reason = errno
                unlink(beside.string)
                throw unwritable(reason)
            }
            offset += count
        }
        // Only root can give a file away; anybody else owns it already.
        _ = fchown(descriptor, status.st_uid, status.st_gid)
        guard fchmod(descriptor, status.st_mode & 0o7777) == 0, fsync(descriptor) == 0 else {
            let reason = errno
            unlink(beside.string)
            throw unwritable(reason)
        }
    }

    private func sync(directory: FilePath) {
        let descriptor = open(directory.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private func unreadable(_ reason: Int32) -> Failure {
        Failure(.configuration, "\(path) cannot be read: \(String(cString: strerror(reason)))")
    }

    private func unwritable(_ reason: Int32) -> Failure {
        Failure(.storage, "\(path) cannot be written: \(String(cString: strerror(reason)))")
    }
}
