internal import Glibc
internal import RalphCore
internal import SystemPackage

extension Outbox {
    /// What is read of a file at most.
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
        let question = outbox.take("question.md", in: directory).text
        let notDone = outbox.take("not-done.md", in: directory).veto
        let alreadyDone = outbox.take("already-done.md", in: directory).text
        let summary = outbox.take("summary.md", in: directory).text
        outbox.learned = outbox.take("learned.md", in: directory).text
        outbox.word =
            question.map(Word.question) ?? notDone.map(Word.notDone) ?? alreadyDone.map(Word.alreadyDone)
            ?? summary.map(Word.summary) ?? .none
        return outbox
    }

    /// What stands under a name.
    private enum Found {
        case nothing
        case text(String)
        /// Something that is not read, and why.
        case unread(String)

        var text: String? { if case .text(let text) = self { text } else { nil } }

        /// A veto holds whatever it is written in.
        var veto: String? {
            switch self {
            case .nothing: nil
            case .text(let text): text
            case .unread(let why): "(its not-done.md cannot be read: \(why))"
            }
        }
    }

    /// The text of one file, of a long one the start; anything but a plain file is not read. White space alone is nothing.
    private mutating func take(_ name: String, in directory: Int32) -> Found {
        let file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return errno == ENOENT ? .nothing : ignore(name, Self.reason(errno)) }
        defer { close(file) }
        var raw = stat()
        guard fstat(file, &raw) == 0 else { return ignore(name, Self.reason(errno)) }
        let status = PathStatus(raw)
        guard status.kind == .file else { return ignore(name, "not a regular file") }
        guard status.linkCount == 1 else { return ignore(name, "it has \(status.linkCount) names") }
        guard let bytes = FileWriting.readStart(file, limit: Self.largestFile) else {
            return ignore(name, Self.reason(errno))
        }
        if status.size > Self.largestFile {
            notes.append("\(name) cut: \(status.size) bytes, more than \(Self.largestFile)")
        }
        let text = PlainText.withoutControls(String(decoding: bytes, as: UTF8.self))
        return text.allSatisfy(\.isWhitespace) ? .nothing : .text(text)
    }

    private mutating func ignore(_ name: String, _ why: String) -> Found {
        notes.append("\(name) ignored: \(why)")
        return .unread(why)
    }

    private static func reason(_ code: Int32) -> String {
        code == ELOOP ? "it is a link" : String(cString: strerror(code))
    }
}
