import Foundation
import GRDB
import Glibc
import RalphCore
import SystemPackage
import Testing

@testable import RalphHistory

@Suite("the file is opened, or refused with a reason", .timeLimit(.minutes(5)))
struct OpeningTests {
    private let state = TemporaryState()

    private func failure(_ body: () throws -> Void) -> Failure? {
        do {
            try body()
            return nil
        } catch {
            return error as? Failure
        }
    }

    @Test("a new state directory is closed to others, also one that was open")
    func directoryMode() throws {
        func mode() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: state.directory.string)[.posixPermissions]
                as? Int
        }
        try state.open().close()
        #expect(try mode() == 0o700)
        chmod(state.directory.string, 0o755)
        try state.open().close()
        #expect(try mode() == 0o700)
    }

    @Test("every commit is synced, and foreign keys are kept")
    func pragmas() throws {
        let history = try state.open()
        let (synchronous, keys, journal) = try history.perform { deed in
            (
                try Int.fetchOne(deed.db, sql: "PRAGMA synchronous"),
                try Int.fetchOne(deed.db, sql: "PRAGMA foreign_keys"),
                try String.fetchOne(deed.db, sql: "PRAGMA journal_mode")
            )
        }
        #expect(synchronous == 2)
        #expect(keys == 1)
        #expect(journal == "wal")
    }

    @Test("a closed history is one file")
    func closing() throws {
        let history = try state.open()
        _ = try history.addItem()
        history.close()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: state.directory.string) == ["history.sqlite"]
        )
    }

    @Test("what was committed is there after a death without a close")
    func crash() throws {
        let history = try state.open()
        let (item, iteration) = try history.beginSample()
        // What a killed process leaves: the file and its log as they are now.
        let copy = TemporaryState()
        try FileManager.default.copyItem(atPath: state.directory.string, toPath: copy.directory.string)
        let reopened = try copy.open()
        #expect(try reopened.openIterations() == [iteration])
        #expect(try reopened.items().map(\.id) == [item.id])
        #expect(try sql(copy.file, "PRAGMA integrity_check") == "ok")
    }

    @Test("the history is read while the daemon writes, by other programs too")
    func readWhileWritten() throws {
        let history = try state.open()
        _ = try history.addItem("one")
        let reader = try SQLiteHistory.openReadOnly(directory: state.directory)
        #expect(try reader.items().count == 1)
        _ = try history.addItem("two", position: 1)
        #expect(try reader.items().count == 2)
        #expect(try sql(state.file, "SELECT count(*) FROM v_items") == "2")
    }

    @Test("the history is read when no daemon runs, and can be written afterwards")
    func readAlone() throws {
        let history = try state.open()
        _ = try history.addItem()
        history.close()
        let reader = try SQLiteHistory.openReadOnly(directory: state.directory)
        #expect(try reader.items().count == 1)
        let second = try state.open()
        _ = try second.addItem("two", position: 1)
        #expect(try reader.items().count == 2)
    }

    @Test("a history in a directory that may only be read is read", arguments: [false, true])
    func readOnlyDirectory(afterCrash: Bool) throws {
        let history = try state.open()
        _ = try history.addItem("with spaces % and ?")
        let copy = TemporaryState(named: "st%20a te?#")
        if !afterCrash { history.close() }
        try FileManager.default.copyItem(atPath: state.directory.string, toPath: copy.directory.string)
        chmod(copy.directory.removingLastComponent().string, 0o755)
        for name in try FileManager.default.contentsOfDirectory(atPath: copy.directory.string) {
            chmod(copy.directory.appending(name).string, 0o444)
        }
        chmod(copy.directory.string, 0o555)
        let nobody: uid_t = 65534
        if geteuid() == 0 { try becomeForFiles(nobody) }
        defer {
            if geteuid() == 0 { try? becomeForFiles(0) }
            chmod(copy.directory.string, 0o755)
        }
        #expect(creat(copy.directory.appending("x").string, 0o600) == -1)
        let reader = try SQLiteHistory.openReadOnly(directory: copy.directory)
        #expect(try reader.items().map(\.item.key) == ["with spaces % and ?"])
    }

    /// Root may write anywhere. The kernel asks for the file system's user, which each thread has of its own.
    private func becomeForFiles(_ user: uid_t) throws {
        typealias SetUser = @convention(c) (uid_t) -> Int32
        let symbol = try #require(dlsym(dlopen(nil, RTLD_NOW), "setfsuid"))
        _ = unsafeBitCast(symbol, to: SetUser.self)(user)
    }

    @Test("no history yet is said with the next step")
    func missing() throws {
        let failure = failure { _ = try SQLiteHistory.openReadOnly(directory: state.directory) }
        #expect(failure?.storage == .cannotOpen)
        #expect(failure?.message.contains("start ralphd once") == true)
    }

    @Test("a file that a daemon is only just making is not called old")
    func empty() throws {
        try FileManager.default.createDirectory(
            atPath: state.directory.string,
            withIntermediateDirectories: true
        )
        #expect(FileManager.default.createFile(atPath: state.file, contents: Data()))
        let failure = failure { _ = try SQLiteHistory.openReadOnly(directory: state.directory) }
        #expect(failure?.storage == .cannotOpen)
        #expect(failure?.message.contains("is empty") == true)
        #expect(try state.open().items().isEmpty)
    }

    @Test("a file of a later version is refused, by writer and reader")
    func newer() throws {
        try state.open().close()
        try sql(state.file, "INSERT INTO grdb_migrations VALUES ('2099')")
        for failure in [
            failure { _ = try state.open() },
            failure { _ = try SQLiteHistory.openReadOnly(directory: state.directory) },
        ] {
            #expect(failure?.code == .storage)
            #expect(failure?.storage == .newer)
            #expect(failure?.message.contains("later version") == true)
        }
    }

    @Test("a file that is no database, or another program's, is refused and left as it is")
    func foreign() throws {
        try FileManager.default.createDirectory(
            atPath: state.directory.string,
            withIntermediateDirectories: true
        )
        let text = Data(String(repeating: "not a database ", count: 500).utf8)
        try text.write(to: URL(fileURLWithPath: state.file))
        let damaged = failure { _ = try state.open() }
        #expect(damaged?.storage == .damaged)
        #expect(damaged?.message.contains(state.file) == true)
        #expect(damaged?.message.contains(".recover") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: state.file)) == text)
        try FileManager.default.removeItem(atPath: state.file)
        try sql(state.file, "CREATE TABLE songs (title TEXT)")
        let other = failure { _ = try state.open() }
        #expect(other?.message.contains("another program") == true)
        #expect(try sql(state.file, "SELECT group_concat(name) FROM sqlite_master") == "songs")
    }

    @Test("a damaged page is told as damage, not as a crash")
    func damagedPage() throws {
        let history = try state.open()
        _ = try history.insertItems((0..<2000).map { .sample("item-\($0)", position: $0) })
        history.close()
        let handle = try #require(FileHandle(forUpdatingAtPath: state.file))
        let pageSize: UInt64 = 4096
        for page in UInt64(60)..<120 {
            try handle.seek(toOffset: page * pageSize)
            handle.write(Data(repeating: 0xA5, count: Int(pageSize)))
        }
        try handle.close()
        let reopened = try state.open()
        #expect(failure { _ = try reopened.items() }?.storage == .damaged)
    }

    @Test("a full disk is told apart, nothing half-done stays, and work goes on when there is room")
    func full() throws {
        let history = try state.open()
        _ = try history.addItem()
        let pages = try history.perform { try Int.fetchOne($0.db, sql: "PRAGMA page_count") } ?? 0
        _ = try history.perform { try Int.fetchOne($0.db, sql: "PRAGMA max_page_count = \(pages + 2)") }
        let many = (0..<1000).map { ItemRecord.sample("item-\($0)", position: $0) }
        let failure = failure { _ = try history.insertItems(many) }
        #expect(failure?.storage == .full)
        #expect(failure?.storage?.canPass == true)
        #expect(try history.items().count == 1)
        _ = try history.perform { try Int.fetchOne($0.db, sql: "PRAGMA max_page_count = 1000000") }
        #expect(try history.insertItems(many).count == 1000)
    }

    @Test("a probe writes to the disk and changes nothing")
    func probe() throws {
        let history = try state.open()
        _ = try history.addItem()
        let before = try (Data(contentsOf: URL(fileURLWithPath: state.file + "-wal")), history.lastEvent())
        try history.proveWritable()
        #expect(try Data(contentsOf: URL(fileURLWithPath: state.file + "-wal")) != before.0)
        #expect(try history.lastEvent() == before.1)
    }

    @Test("a row that breaks a rule is refused and names the rule")
    func refused() throws {
        let history = try state.open()
        let failure = failure { _ = try history.begin(.sample(item: ItemID(77))) }
        #expect(failure?.storage == .refused)
        #expect(failure?.message.contains("FOREIGN KEY") == true)
    }

    @Test("a deed in a cancelled task is written all the same")
    func cancelled() async throws {
        let history = try state.open()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            #expect(Task.isCancelled)
            return try history.addItem().id
        }
        let id = try await task.value
        #expect(try history.item(id) != nil)
    }

    @Test("a backup taken while the daemon writes is a whole history, and never replaces a file")
    func backup() throws {
        let history = try state.open()
        _ = try history.addItem()
        let copy = TemporaryState()
        try FileManager.default.createDirectory(
            atPath: copy.directory.string,
            withIntermediateDirectories: true
        )
        try history.reader.backup(to: FilePath(copy.file))
        #expect(try copy.open().items() == history.items())
        #expect(failure { try history.reader.backup(to: FilePath(copy.file)) }?.code == .conflict)
        let nowhere = failure { try history.reader.backup(to: "/nonexistent/copy") }
        #expect(nowhere?.message == "cannot write /nonexistent/copy: No such file or directory")
    }
}
