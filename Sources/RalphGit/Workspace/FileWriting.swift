internal import Glibc
internal import RalphCore
internal import SystemPackage

/// Making files and directories of our own.
enum FileWriting {
    /// Creates a file that must not be there yet, through no link.
    static func create(_ path: FilePath, _ bytes: some Collection<UInt8>, mode: mode_t = 0o644)
        throws(Failure)
    {
        let descriptor = open(path.string, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("create", path) }
        let written = writeAll(descriptor, Array(bytes))
        guard close(descriptor) == 0, written else { throw failure("write", path) }
        // Not masked: 0444 has to be exactly that.
        guard chmod(path.string, mode) == 0 else { throw failure("set the mode of", path) }
    }

    /// Replaces a file of ours by way of a rename, so that a reader sees the old or the new one.
    static func replace(_ path: FilePath, _ bytes: some Collection<UInt8>) throws(Failure) {
        let beside = FilePath(path.string + ".new")
        unlink(beside.string)
        try create(beside, bytes)
        guard rename(beside.string, path.string) == 0 else { throw failure("replace", path) }
    }

    /// Makes a directory with its parents; one that is there is fine.
    static func makeDirectory(_ path: FilePath, mode: mode_t = 0o755) throws(Failure) {
        if mkdir(path.string, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path.components.count > 1 else { throw failure("create", path) }
        try makeDirectory(path.removingLastComponent(), mode: mode)
        guard mkdir(path.string, mode) == 0 || errno == EEXIST else { throw failure("create", path) }
    }

    /// Reads a whole file up to a bound; nil if it is not there, not a regular file, or longer.
    static func read(_ path: FilePath, limit: Int = 64 << 20) -> [UInt8]? {
        let descriptor = open(path.string, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return readRegular(descriptor, limit: limit)
    }

    /// Reads from an open descriptor; nil if it is not a regular file, or longer than the bound.
    static func readRegular(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, PathStatus(status).kind == .file, status.st_size <= limit
        else {
            return nil
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 || errno == EINTR else { return nil }
            if count > 0 { bytes += buffer[..<count] }
            guard bytes.count <= limit else { return nil }
        }
    }

    /// Reads the start of an open file.
    static func readStart(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: limit)
        while bytes.count < limit {
            let count = Glibc.read(descriptor, &buffer, limit - bytes.count)
            if count == 0 { break }
            guard count > 0 || errno == EINTR else { return nil }
            if count > 0 { bytes += buffer[..<count] }
        }
        return bytes
    }

    static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(
                    descriptor,
                    buffer.baseAddress?.advanced(by: done),
                    buffer.count - done
                )
                guard count >= 0 || errno == EINTR else { return false }
                if count > 0 { done += count }
            }
            return true
        }
    }

    /// Makes an open file hold just these bytes. Cut after the writing: ext4 sends a file that was emptied first to the
    /// disk when it is closed.
    static func overwrite(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        lseek(descriptor, 0, SEEK_SET) == 0 && writeAll(descriptor, bytes)
            && ftruncate(descriptor, bytes.count) == 0
    }

    static func failure(_ verb: String, _ path: FilePath) -> Failure {
        let code = errno
        let reason = String(cString: strerror(code))
        return Failure(code == ENOSPC ? .storage : .git, "cannot \(verb) \(path): \(reason)")
    }
}
