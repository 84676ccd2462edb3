import Dispatch
import Foundation
import Glibc
import RalphCore
import RalphTestSupport
import Synchronization
import SystemPackage
import Testing

@testable import RalphDaemon

/// The file of the author, who saves at any instant.
@Suite("the PRD as a file", .timeLimit(.minutes(5)))
struct PRDFileTests {
    /// How an editor saves.
    enum Style: CaseIterable {
        case append, truncate, rename
    }

    /// Adds a line as that editor would.
    private static func save(_ line: String, to path: String, _ style: Style) {
        switch style {
        case .append:
            let descriptor = open(path, O_WRONLY | O_APPEND)
            _ = line.withCString { write(descriptor, $0, strlen($0)) }
            close(descriptor)
        case .truncate:
            // What it shows is what it read; a person would look again before saving.
            let descriptor = open(path, O_RDWR)
            let text = (try? String(contentsOfFile: "/proc/self/fd/\(descriptor)", encoding: .utf8)) ?? ""
            ftruncate(descriptor, 0)
            lseek(descriptor, 0, SEEK_SET)
            _ = (text + line).withCString { write(descriptor, $0, strlen($0)) }
            close(descriptor)
        case .rename:
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            try? (text + line).write(toFile: path + ".new", atomically: false, encoding: .utf8)
            Glibc.rename(path + ".new", path)
        }
    }

    @Test("trap 25: no save is lost that meets a tick in its very instant", arguments: Style.allCases)
    func instant(style: Style) throws {
        let directory = try TemporaryDirectory("prd-file")
        try directory.write("- [ ] item\n", to: "prd.md")
        let path = directory.path.appending("prd.md")
        let isDone = Mutex(false)
        let saves = Mutex(0)
        // Saves since the last tick.
        let unmet = Mutex(0)
        let author = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while !isDone.withLock({ $0 }) {
                // On a busy machine a tick would never come between saves that never stop.
                guard unmet.withLock({ $0 }) < 4 else {
                    usleep(200)
                    continue
                }
                Self.save("line \(saves.withLock { $0 })\n", to: path.string, style)
                saves.withLock { $0 += 1 }
                unmet.withLock { $0 += 1 }
                // An author's rhythm. Whoever never pauses is never met by a tick (the test below).
                usleep(useconds_t.random(in: 0...4_000))
            }
            author.signal()
        }
        let file = PRDFile(path: path)
        let box = Array("- [".utf8).count
        var ticks = 0
        while ticks < 40 {
            let edit = try? file.edit { bytes in
                guard bytes.count > box else { return nil }
                var new = bytes
                new[box] = bytes[box] == UInt8(ascii: "x") ? UInt8(ascii: " ") : UInt8(ascii: "x")
                return new
            }
            if edit != nil {
                ticks += 1
                unmet.withLock { $0 = 0 }
            }
        }
        isDone.withLock { $0 = true }
        author.wait()
        let lines = try directory.read("prd.md").split(separator: "\n").map(String.init)
        #expect(lines.dropFirst() == ArraySlice((0..<saves.withLock { $0 }).map { "line \($0)" }))
        // Who saves by renaming what he had read before the tick takes the tick back with it; nobody else does.
        if style != .rename {
            #expect(lines.first == (ticks.isMultiple(of: 2) ? "- [ ] item" : "- [x] item"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path.string) == ["prd.md"])
    }

    @Test("a tick is taken back when git moves the checkout in its very instant")
    func gitAtWork() throws {
        let directory = try TemporaryDirectory("prd-file")
        try directory.write("- [ ] item\n", to: "prd.md")
        let file = PRDFile(path: directory.path.appending("prd.md"))
        for calm in 0..<2 {
            var looks = 0
            #expect(throws: Failure.self) {
                let mayWrite = {
                    defer { looks += 1 }
                    return looks < calm
                }
                _ = try file.edit(while: mayWrite) { _ in Array("- [x] item\n".utf8) }
            }
            #expect(looks > calm)
            #expect(try directory.read("prd.md") == "- [ ] item\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path.string) == ["prd.md"])
        }
    }

    @Test("what git puts in the place of a tick stays, although it may get the number of the file it removed")
    func replacedByGit() throws {
        let directory = try TemporaryDirectory("prd-file")
        try directory.write("- [ ] item\n", to: "prd.md")
        let path = directory.path.appending("prd.md")
        var looks = 0
        #expect(throws: Failure.self) {
            let mayWrite = {
                looks += 1
                guard looks == 2 else { return looks < 2 }
                unlink(path.string)
                try? "- [ ] from git\n".write(toFile: path.string, atomically: false, encoding: .utf8)
                return false
            }
            _ = try PRDFile(path: path).edit(while: mayWrite) { _ in Array("- [x] item\n".utf8) }
        }
        #expect(try directory.read("prd.md") == "- [ ] from git\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path.string) == ["prd.md"])
    }

    @Test("an author who never stops writing keeps ticks waiting, and loses nothing")
    func tightLoop() throws {
        let directory = try TemporaryDirectory("prd-file")
        try directory.write("- [ ] item\n", to: "prd.md")
        let path = directory.path.appending("prd.md")
        let descriptor = open(path.string, O_WRONLY | O_APPEND)
        let refusal = #expect(throws: Failure.self) {
            _ = try PRDFile(path: path).edit {
                Array(String(decoding: $0, as: UTF8.self).replacing("[ ]", with: "[x]").utf8)
            }
        }
        #expect(refusal?.code == .busy)
        // Saved again and again between the look at the file and the swap: it gives up in the end.
        var saves = 0
        close(descriptor)
        let late = #expect(throws: Failure.self) {
            _ = try PRDFile(path: path).edit { bytes in
                Self.save("line \(saves)\n", to: path.string, .rename)
                saves += 1
                return Array(String(decoding: bytes, as: UTF8.self).replacing("[ ]", with: "[x]").utf8)
            }
        }
        #expect(late?.code == .busy && saves > 1)
        let lines = try directory.read("prd.md").split(separator: "\n").map(String.init)
        #expect(lines == ["- [ ] item"] + (0..<saves).map { "line \($0)" })
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path.string) == ["prd.md"])
    }

    @Test("a version that was replaced at once is still seen, in its order", arguments: Style.allCases)
    func versions(style: Style) throws {
        let directory = try TemporaryDirectory("prd-file")
        try directory.write("- [ ] a\n", to: "prd.md")
        let path = directory.path.appending("prd.md")
        let versions = PRDVersions(PRDFile(path: path))
        try versions.look()
        #expect(versions.take().count == 1)
        for number in 1...3 {
            Self.save("- [ ] \(number)\n", to: path.string, style)
            try versions.look()
            try versions.look()
        }
        #expect(versions.take().map(\.count) == [16, 24, 32])
        #expect(versions.take().isEmpty)
    }

    @Test("what is still being written is left for later, and no tick goes in between")
    func beingWritten() throws {
        let directory = try TemporaryDirectory("prd-file")
        try directory.write("- [ ] a\n", to: "prd.md")
        let path = directory.path.appending("prd.md")
        let versions = PRDVersions(PRDFile(path: path))
        let descriptor = open(path.string, O_WRONLY | O_TRUNC)
        try versions.look()
        #expect(versions.take().isEmpty)
        #expect(throws: Failure.self) { try versions.edit { _ in [1] } }
        _ = "- [ ] b\n".withCString { write(descriptor, $0, 8) }
        close(descriptor)
        try versions.look()
        #expect(versions.take() == [Array("- [ ] b\n".utf8)])
    }

    @Test("a landing's own version takes its place before what was saved behind it")
    func landing() throws {
        let directory = try TemporaryDirectory("prd-file")
        try directory.write("- [ ] a\n", to: "prd.md")
        let path = directory.path.appending("prd.md")
        let versions = PRDVersions(PRDFile(path: path))
        let mark = versions.mark(butFor: nil)
        try directory.write("- [ ] a\n", to: "new")
        Glibc.rename(directory.path.appending("new").string, path.string)
        try versions.look()
        versions.insert(Array("- [x] a\n".utf8), at: mark)
        #expect(
            versions.take().map { String(decoding: $0, as: UTF8.self) } == [
                "- [ ] a\n", "- [x] a\n", "- [ ] a\n",
            ]
        )
    }

    @Test("what a landing wrote and took back is no version, and an author's own of the same words is")
    func takenBack() throws {
        let directory = try TemporaryDirectory("prd-file")
        try directory.write("- [ ] a\n", to: "prd.md")
        let versions = PRDVersions(PRDFile(path: directory.path.appending("prd.md")))
        let ticked = Array("- [x] a\n".utf8)
        let mark = versions.mark(butFor: nil)
        _ = versions.take()
        for end in ["- [ ] a\n", "- [x] a\n"] {
            for written in ["- [", "- [x] a\r\n"] {
                try directory.write(written, to: "prd.md")
                try versions.look()
            }
            try directory.write(end, to: "prd.md")
            versions.drop(ticked, since: mark)
            try versions.look()
            #expect(versions.take() == [Array(end.utf8)])
        }
    }

    @Test("a link stays a link, rights stay, and a read-only PRD is left alone")
    func linkAndRights() throws {
        let directory = try TemporaryDirectory("prd-file")
        try directory.write("- [ ] a\n", to: "real/prd.md")
        let link = directory.path.appending("prd.md").string
        symlink("real/prd.md", link)
        chmod(directory.path.appending("real/prd.md").string, 0o640)
        let file = PRDFile(path: FilePath(link))
        #expect(try file.edit { _ in Array("- [x] a\n".utf8) } != nil)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real/prd.md")
        let rights = try FileManager.default.attributesOfItem(
            atPath: directory.path.appending("real/prd.md").string
        )
        #expect(rights[.posixPermissions] as? Int == 0o640)
        chmod(link, 0o444)
        #expect(throws: Failure.self) { try file.edit { _ in [1] } }
        #expect(try directory.read("real/prd.md") == "- [x] a\n")
    }
}
