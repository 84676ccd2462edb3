import Glibc
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

@Suite("An outbox", .timeLimit(.minutes(5)))
struct OutboxTests {
    private func outbox(_ files: [String: String], _ more: (FilePath) -> Void = { _ in }) throws -> Outbox {
        let workspace = try TemporaryDirectory()
        try workspace.write("", to: ".ralphd/outbox/.keep")
        for (name, text) in files { try workspace.write(text, to: ".ralphd/outbox/\(name)") }
        more(workspace.path.appending(".ralphd/outbox"))
        return Outbox.read(in: workspace.path)
    }

    @Test("gives question the word over not-done over already-done over summary")
    func precedence() throws {
        var files = [
            "summary.md": "s", "already-done.md": "a", "not-done.md": "n", "question.md": "q",
            "learned.md": "l",
        ]
        #expect(try outbox(files) == Outbox(word: .question("q"), learned: "l"))
        files["question.md"] = nil
        #expect(try outbox(files).word == .notDone("n"))
        files["not-done.md"] = nil
        #expect(try outbox(files).word == .alreadyDone("a"))
        files["already-done.md"] = nil
        #expect(try outbox(files).word == .summary("s"))
        #expect(try outbox([:]) == Outbox())
    }

    @Test("strips control characters and survives what is not UTF-8")
    func control() throws {
        let read = try outbox(["summary.md": "a\u{1B}[31mb\u{1B}]0;pwn\u{1B}[2J\0\u{202E}\r\nc\td"]) {
            directory in
            let file = open(directory.appending("learned.md").string, O_WRONLY | O_CREAT, 0o644)
            _ = FileWriting.writeAll(file, [0x61, 0xFF, 0xFE, 0x0A])
            close(file)
        }
        #expect(read.word == .summary("ab\nc\td"))
        #expect(read.learned == "a\u{FFFD}\u{FFFD}\n")
    }

    @Test("takes white space alone for nothing", arguments: ["", " \n\t\r\n", "\0\u{1B}[0m"])
    func blank(_ text: String) throws {
        #expect(
            try outbox(["not-done.md": text, "question.md": text, "summary.md": "s"]).word == .summary("s")
        )
    }

    @Test("reads the first 64 KiB of a long file: a veto is never lost")
    func long() throws {
        let text = "criterion 2 is not met\n" + String(repeating: "a", count: 70_000)
        for (name, word) in [("not-done.md", Outbox.Word.notDone), ("question.md", Outbox.Word.question)] {
            let read = try outbox([name: text, "summary.md": "s"])
            #expect(read.word == word(String(text.prefix(65_536))))
            #expect(read.notes == ["\(name) cut: \(text.utf8.count) bytes, more than 65536"])
        }
    }

    @Test("takes a link, a FIFO and a directory for the veto that they are named for, without reading them")
    func unreadVeto() throws {
        let makers: [@Sendable (String) -> Void] = [
            { symlink("/etc/passwd", $0) }, { mkfifo($0, 0o644) }, { mkdir($0, 0o755) },
        ]
        for make in makers {
            let read = try outbox(["summary.md": "s"]) { make($0.appending("not-done.md").string) }
            guard case .notDone(let text) = read.word else {
                Issue.record("\(read.word)")
                continue
            }
            #expect(text.hasPrefix("(its not-done.md cannot be read: "))
            #expect(read.notes.count == 1)
        }
    }

    @Test(
        "ignores a link to a secret, a directory, a second name and ten gigabytes, with a note, and never hangs"
    )
    func odd() throws {
        let secret = try TemporaryDirectory().write("secret", to: "file")
        let read = try outbox(["summary.md": "fine"]) { directory in
            symlink("/etc/passwd", directory.appending("question.md").string)
            let big = open(directory.appending("already-done.md").string, O_WRONLY | O_CREAT, 0o644)
            ftruncate(big, 10_000_000_000)
            close(big)
            mkdir(directory.appending("learned.md").string, 0o755)
        }
        #expect(secret.string.isEmpty == false)
        #expect(read.word == .summary("fine"))
        #expect(read.learned == nil)
        #expect(
            read.notes == [
                "question.md ignored: it is a link",
                "already-done.md cut: 10000000000 bytes, more than 65536",
                "learned.md ignored: not a regular file",
            ]
        )
        let linked = try outbox(["summary.md": "x"]) { directory in
            link(directory.appending("summary.md").string, directory.appending("question.md").string)
        }
        #expect(linked.word == .none)
        #expect(linked.notes.count == 2)
    }
}
