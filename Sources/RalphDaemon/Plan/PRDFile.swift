import CRalph
import Glibc
import RalphCore
import SystemPackage

/// The author's file: read as it is, written only to move a box or add an item, and never in place.
struct PRDFile: Sendable {
    let path: FilePath

    /// How often an edit starts over because the author saved in the same instant.
    private static let mostTries = 50

    /// What an edit made of which version.
    struct Edit: Sendable {
        var before: (bytes: [UInt8], stamp: HeldFile.Stamp)
        var after: (bytes: [UInt8], stamp: HeldFile.Stamp)
    }

    /// The whole file; throws in words for the author.
    func read() throws(Failure) -> [UInt8] { try HeldFile(path).read() }

    /// Writes what `change` makes of the bytes beside the file, syncs, and puts it in the file's place, with mode and owner
    /// kept and links followed. When the author saves meanwhile, by renaming or by writing in place, it starts over, so that
    /// no save is lost. Nil when `change` has nothing to do; throws `busy` while somebody else has the file open for writing.
    /// - Parameter mayWrite: asked before the file is put in place, and after: git may have put another one there.
    func edit(while mayWrite: () -> Bool = { true }, _ change: ([UInt8]) -> [UInt8]?) throws(Failure) -> Edit?
    {
        let real = try resolved()
        for _ in 0..<Self.mostTries {
            let held = try HeldFile(real)
            guard !held.isBeingWritten else {
                throw Failure(
                    .busy,
                    "\(path) is being written by another program: its boxes wait until that is done"
                )
            }
            let bytes = try held.read()
            guard let new = change(bytes), new != bytes else { return nil }
            guard held.mode & 0o222 != 0 else {
                throw Failure(.storage, "\(path) is read-only: chmod u+w lets its boxes be ticked")
            }
            let ours = try write(new, like: held, at: real)
            try FaultPoint.tickWritten.reached()
            if try putInPlace(of: held, ours: ours, at: real, while: mayWrite) {
                FaultPoint.tickRenamed.passed()
                return Edit(before: (bytes, held.stamp), after: (new, ours.stamp))
            }
        }
        throw Failure(.busy, "\(path) keeps changing: its boxes are ticked when it is still")
    }

    /// Removes what a daemon that was killed in the middle of an edit left beside the file.
    func removeLeftovers() {
        guard let real = try? resolved(), let name = real.lastComponent?.string,
            let directory = opendir(real.removingLastComponent().string)
        else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            guard let text = ralph_entry_name(entry) else { continue }
            let found = String(cString: text)
            if found.hasPrefix(".\(name).ralphd-") {
                unlink(real.removingLastComponent().appending(found).string)
            }
        }
    }

    private func beside(_ real: FilePath) -> FilePath {
        real.removingLastComponent().appending(".\(real.lastComponent?.string ?? "prd").ralphd-\(getpid())")
    }

    /// Swaps the new file with the author's, so that what was really there can be looked at before it is removed.
    /// False when it was not the version that the edit was made from: then all is as before.
    private func putInPlace(
        of held: HeldFile,
        ours: WrittenFile,
        at real: FilePath,
        while mayWrite: () -> Bool
    ) throws(Failure) -> Bool {
        let beside = beside(real)
        guard held.isUntouched, held.stands(at: real), mayWrite() else {
            unlink(beside.string)
            if !mayWrite() { throw Self.gitAtWork(path) }
            return false
        }
        guard ralph_exchange(beside.string, real.string) == 0 else {
            let reason = errno
            if reason == EINVAL || reason == ENOSYS { return try replace(beside, real) }
            unlink(beside.string)
            throw unwritable(reason)
        }
        // While this is written to the disk, whoever had opened the file just before asks for it.
        sync(directory: real.removingLastComponent())
        if held.isUntouched, held.stands(at: beside), mayWrite() {
            unlink(beside.string)
            return true
        }
        try giveBack(beside, real, ours)
        return false
    }

    private static func gitAtWork(_ path: FilePath) -> Failure {
        Failure(.busy, "git is at work where \(path) lies: its boxes wait until that is done")
    }

    /// The author saved in the instant of the swap: that version goes back to its name.
    private func giveBack(_ beside: FilePath, _ real: FilePath, _ ours: WrittenFile) throws(Failure) {
        if let now = FileFacts(of: real), !ours.isFile(now) {
            // Somebody has put a newer one there.
            unlink(beside.string)
            return
        }
        guard ralph_exchange(beside.string, real.string) == 0 else {
            // Gone again: what was swapped out is the last that the author had, unless a new one is there by now.
            guard errno == ENOENT, link(beside.string, real.string) == 0 || errno == EEXIST else {
                throw unwritable(errno)
            }
            unlink(beside.string)
            return
        }
        if let back = FileFacts(of: beside), !ours.isFile(back) {
            // And once more between these calls: the newest one stays.
            _ = ralph_exchange(beside.string, real.string)
        }
        unlink(beside.string)
    }

    /// For file systems that cannot swap: one system call lies between the look and this.
    private func replace(_ beside: FilePath, _ real: FilePath) throws(Failure) -> Bool {
        guard rename(beside.string, real.string) == 0 else {
            let reason = errno
            unlink(beside.string)
            throw unwritable(reason)
        }
        sync(directory: real.removingLastComponent())
        return true
    }

    /// The file behind any links, so that a link stays one.
    func resolved() throws(Failure) -> FilePath {
        guard let raw = realpath(path.string, nil) else { throw HeldFile.unreadable(path, errno) }
        defer { free(raw) }
        return FilePath(String(cString: raw))
    }

    private func write(_ bytes: [UInt8], like held: HeldFile, at real: FilePath) throws(Failure)
        -> WrittenFile
    {
        let beside = beside(real)
        unlink(beside.string)
        let descriptor = open(beside.string, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(errno) }
        let written = WrittenFile(descriptor)
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw giveUp(beside, errno) }
            offset += count
        }
        // Only root can give a file away; anybody else owns it already.
        _ = fchown(descriptor, held.owner.user, held.owner.group)
        guard fchmod(descriptor, held.mode) == 0, fsync(descriptor) == 0,
            let facts = FileFacts(of: descriptor)
        else {
            throw giveUp(beside, errno)
        }
        written.stamp = HeldFile.Stamp(facts)
        return written
    }

    private func giveUp(_ beside: FilePath, _ reason: Int32) -> Failure {
        unlink(beside.string)
        return unwritable(reason)
    }

    private func sync(directory: FilePath) {
        let descriptor = open(directory.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private func unwritable(_ reason: Int32) -> Failure {
        Failure(
            .storage,
            "\(path) cannot be written: \(String(cString: strerror(reason))); its directory has to be writable too"
        )
    }
}

/// The file that an edit wrote. It stays open until the edit is over: when git removes it meanwhile, what comes in its place must
/// not get the same number.
private final class WrittenFile {
    private let descriptor: Int32
    /// As it was when it was on the disk.
    var stamp = HeldFile.Stamp(inode: 0, size: 0, changed: 0)

    init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }

    func isFile(_ facts: FileFacts) -> Bool { facts.identity.number == stamp.inode }
}
