internal import Glibc
internal import RalphCore
internal import SystemPackage

extension Outbox {
    /// Every file may be at most this long.
    static let largestFile = 64 << 10

    /// Reads what an agent left in a workspace. Every step is taken from an open directory, and follows nothing.
    static func read(in workspace: FilePath) -> Outbox {
        var outbox = Outbox()
        let root = open(workspace.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard root >= 0 else { return outbox }
        defer { close(root) }
        let own = openat(root, ".ralphd", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard own >= 0 else {
            outbox.notes.append(".ralphd is not the directory that was made for it")
            return outbox
        }
        defer { close(own) }
        let directory = openat(own, "outbox", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard directory >= 0 else {
            outbox.notes.append(".ralphd/outbox is not the directory that was made for it")
            return outbox
        }
        defer { close(directory) }
        let question = outbox.take("question.md", in: directory)
        let notDone = outbox.take("not-done.md", in: directory)
        let alreadyDone = outbox.take("already-done.md", in: directory)
        let summary = outbox.take("summary.md", in: directory)
        outbox.learned = outbox.take("learned.md", in: directory)
        outbox.word =
            question.map(Word.question) ?? notDone.map(Word.notDone) ?? alreadyDone.map(Word.alreadyDone)
            ?? summary.map(Word.summary) ?? .none
        return outbox
    }

    /// The text of one file; nil, with a note, for anything but a plain file of moderate length.
    private mutating func take(_ name: String, in directory: Int32) -> String? {
        let file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            if errno != ENOENT { notes.append("\(name) ignored: \(Self.reason(errno))") }
            return nil
        }
        defer { close(file) }
        var raw = stat()
        guard fstat(file, &raw) == 0 else { return nil }
        let status = PathStatus(raw)
        if status.kind != .file {
            notes.append("\(name) ignored: not a regular file")
        } else if status.linkCount != 1 {
            notes.append("\(name) ignored: it has \(status.linkCount) names")
        } else if status.size > Self.largestFile {
            notes.append("\(name) ignored: \(status.size) bytes, more than \(Self.largestFile)")
        } else if let bytes = FileWriting.readRegular(file, limit: Self.largestFile) {
            return PlainText.withoutControls(String(decoding: bytes, as: UTF8.self))
        }
        return nil
    }

    private static func reason(_ code: Int32) -> String {
        code == ELOOP ? "it is a link" : String(cString: strerror(code))
    }
}
