import Glibc
import RalphCore
import SystemPackage

/// The user's `index.lock`, taken with our own text in it: while it stands no command of git's writes index or work tree, and after
/// a crash everybody can tell whose it is.
///
/// Beside it lies `index.ralph`, the copy that our git works on. It is there exactly while a landing may have changed the work tree.
struct IndexLock {
    enum Taking: Equatable {
        case taken
        /// By something else, never removed; in words, with the next step.
        case held(String)
    }

    let gitDirectory: FilePath
    let uuid: String

    var index: FilePath { gitDirectory.appending("index") }
    var lock: FilePath { gitDirectory.appending("index.lock") }
    var copy: FilePath { gitDirectory.appending("index.ralph") }

    /// Whether the lock stands, and is of this very landing.
    var isOurs: Bool { content == text }

    /// Whether a landing left its copy of the index: it was interrupted between its first and its last write.
    var hasLeftovers: Bool { isOurs || PathStatus(at: copy) != nil }

    /// When the lock was made, on the file system's clock.
    var takenAt: Int64? { isOurs ? PathStatus(at: lock)?.changed : nil }

    /// Takes it, or finds that it is taken already by this landing.
    func take() throws(Failure) -> Taking {
        let temporary = gitDirectory.appending("index.ralph.token")
        if try LandingFile.appear(lock, text, by: temporary) || isOurs { return .taken }
        let theirs = content.map { String(decoding: $0, as: UTF8.self) } ?? ""
        if theirs.hasPrefix(IndexLock.mark) {
            let whose = theirs.trimmingPrefix(IndexLock.mark).prefix(IndexLock.namesLength).filter {
                !$0.isNewline
            }
            return .held(
                "\(lock) is held by another landing, \(whose): remove it if no ralphd runs on this repository"
            )
        }
        return .held("\(lock) is there: a git command runs, or one died and left it")
    }

    /// A fresh copy of the user's index to work on, on the disk together with the lock. No index is no copy.
    func copyIndex() throws(Failure) {
        removeCopies()
        if let bytes = LandingFile.read(index) { try FileWriting.create(copy, bytes) }
        try LandingFile.sync(lock)
        try LandingFile.sync(gitDirectory)
    }

    /// Makes the copy the user's index; `release` makes that last.
    func publish() throws(Failure) {
        guard PathStatus(at: copy) != nil else { return }
        try LandingFile.sync(copy)
        if let mode = PathStatus(at: index)?.mode { chmod(copy.string, mode_t(mode & 0o777)) }
        try LandingFile.rename(copy, to: index)
    }

    /// Ends it; nothing of ours is left in the directory.
    func release() {
        removeCopies()
        for name in ["index.ralph.token", "index.ralph.look"] {
            LandingFile.remove(gitDirectory.appending(name))
        }
        guard isOurs else { return }
        LandingFile.remove(lock)
        // A power cut before this brings the lock back, and with it what it protects.
        try? LandingFile.sync(gitDirectory)
    }

    private func removeCopies() {
        LandingFile.remove(FilePath(copy.string + ".lock"))
        LandingFile.remove(copy)
    }

    private static let mark = "ralphd: landing "
    private static let namesLength = 64
    private var text: [UInt8] { Array((IndexLock.mark + uuid + "\n").utf8) }
    private var content: [UInt8]? { FileWriting.read(lock, limit: 1 << 10) }
}
