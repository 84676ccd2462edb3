import CRalph
import Dispatch
import Glibc
import RalphCore
import Synchronization
import SystemPackage

/// Reads and single steps on the files of the user's repository: links are not followed unless the name says so, and a step is
/// done whole or not at all.
enum LandingFile {
    /// The bytes of a regular file; nil when there is none.
    static func read(_ path: RawPath, followingLinks: Bool = false, limit: Int = .max) -> [UInt8]? {
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followingLinks ? 0 : O_NOFOLLOW)
        let descriptor = path.withPointer { open($0, flags) }
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return FileWriting.readRegular(descriptor, limit: limit)
    }

    /// The bytes of one of git's own files; nil when there is none.
    static func read(_ path: FilePath) -> [UInt8]? {
        FileWriting.read(path, limit: .max)
    }

    /// Where a symbolic link points; nil when it is none.
    static func readLink(_ path: RawPath) -> [UInt8]? {
        var count = 0
        let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, filled in
            count = path.withPointer { name in
                buffer.withMemoryRebound(to: CChar.self) { room in
                    room.baseAddress.map { readlink(name, $0, room.count) } ?? -1
                }
            }
            filled = max(count, 0)
        }
        return count < 0 ? nil : target
    }

    /// The names in a directory, sorted; empty when there is none.
    static func names(in directory: FilePath) -> [String] {
        rawNames(in: directory).map { String(decoding: $0, as: UTF8.self) }.sorted()
    }

    /// The names in a directory as bytes, which need not be UTF-8.
    static func rawNames(in directory: FilePath) -> [[UInt8]] {
        guard let stream = directory.withPlatformString({ opendir($0) }) else { return [] }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            guard let text = ralph_entry_name(entry) else { continue }
            let name = [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(text)))
            if !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8) { names.append(name) }
        }
        return names
    }

    /// Makes a whole file appear under a name that must be free; false when it is taken.
    ///
    /// Not by `O_EXCL`: a kill between creating and writing would leave a file that nobody can tell the owner of.
    static func appear(_ path: FilePath, _ content: [UInt8], by temporary: FilePath) throws(Failure) -> Bool {
        unlink(temporary.string)
        try FileWriting.create(temporary, content)
        defer { unlink(temporary.string) }
        if Glibc.link(temporary.string, path.string) == 0 { return true }
        guard errno == EEXIST else { throw FileWriting.failure("create", path) }
        return false
    }

    static func rename(_ old: FilePath, to new: FilePath) throws(Failure) {
        guard Glibc.rename(old.string, new.string) == 0 else { throw FileWriting.failure("rename", old) }
    }

    /// Removes a file or a link; nothing happens when there is none.
    static func remove(_ path: FilePath) { unlink(path.string) }

    static func remove(_ path: RawPath) { path.withPointer { _ = unlink($0) } }

    /// Removes a directory if it is empty.
    static func removeDirectory(_ path: RawPath) { path.withPointer { _ = rmdir($0) } }

    /// Forces a file, or the names in a directory, to the disk.
    static func sync(_ path: FilePath) throws(Failure) {
        let descriptor = open(path.string, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileWriting.failure("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileWriting.failure("sync", path) }
    }

    /// Several at once: a disk takes together what waits for it together.
    static func sync(_ paths: [FilePath]) throws(Failure) {
        let failure = Mutex<Failure?>(nil)
        let group = DispatchGroup()
        for path in paths {
            syncing.async(group: group) {
                do throws(Failure) {
                    try sync(path)
                } catch {
                    failure.withLock { $0 = error }
                }
            }
        }
        group.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private static let syncing = DispatchQueue(label: "ralphd.sync", attributes: .concurrent)

    /// The path with every link followed; nil when there is nothing.
    static func realPath(_ path: FilePath) -> FilePath? {
        guard let resolved = realpath(path.string, nil) else { return nil }
        defer { free(resolved) }
        return FilePath(platformString: resolved)
    }
}
