internal import Glibc
internal import RalphCore
internal import SystemPackage

/// The directory that the history, its lock and the logs live in. SQLite makes files that all may read, so the
/// directory is what keeps others out.
enum StateDirectory {
    static let mode: mode_t = 0o700

    /// Makes the directory and what is missing above it; closes one that is there to all but its owner.
    static func prepare(_ directory: FilePath) throws(Failure) {
        try make(directory)
        var status = stat()
        guard stat(directory.string, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw Failure(
                storage: .cannotOpen,
                "\(directory) is not a directory: pass another --state-dir or move it aside"
            )
        }
        let others: mode_t = 0o077
        if status.st_mode & others != 0, status.st_uid == geteuid() { _ = chmod(directory.string, mode) }
    }

    private static func make(_ directory: FilePath) throws(Failure) {
        if mkdir(directory.string, mode) == 0 || errno == EEXIST { return }
        if errno == ENOENT, !directory.removingLastComponent().isEmpty {
            try make(directory.removingLastComponent())
            if mkdir(directory.string, mode) == 0 || errno == EEXIST { return }
        }
        let cause = Errno(rawValue: errno)
        throw Failure(
            storage: cause == .noSpace ? .full : .cannotOpen,
            "cannot make \(directory): \(cause): pass a --state-dir that you may write",
            cause: cause
        )
    }
}
