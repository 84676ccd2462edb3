import Foundation
import GRDB
import Glibc
import RalphCore
import RalphHistory
import SystemPackage

/// A state directory of its own that is removed with the value.
final class TemporaryState: Sendable {
    let directory: FilePath

    init(named name: String = "state") {
        var template = Array("\(NSTemporaryDirectory())/ralph-history-XXXXXX".utf8CString)
        _ = mkdtemp(&template)
        directory = FilePath(platformString: template).appending(name)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory.removingLastComponent().string) }

    var file: String { directory.appending("history.sqlite").string }

    /// A history whose clock stands still.
    func open() throws -> SQLiteHistory { try SQLiteHistory.open(directory: directory, now: { .fixed }) }
}

extension Date {
    /// 2025-11-22T01:14:05.678Z
    static let fixed = Date(timeIntervalSince1970: 1_763_774_045.678)
}

extension ItemRecord {
    static func sample(_ key: String = "login", position: Int = 0, state: ItemState = .open) -> ItemRecord {
        let item = Item(
            key: key,
            title: "Write \(key)",
            section: ["tally", "Recording"],
            line: 10 + position
        )
        var record = ItemRecord(id: ItemID(0), item: item, position: position, createdAt: .fixed)
        record.state = state
        return record
    }
}

extension IterationStart {
    static func sample(item: ItemID, uuid: String = UUID().uuidString) -> IterationStart {
        IterationStart(
            item: item,
            uuid: uuid,
            agent: AgentChoice(name: "claude", model: "opus"),
            target: "refs/heads/main",
            base: ObjectID("4be1c90")
        )
    }
}

extension LandingIntent {
    static func sample(_ iteration: IterationRecord) -> LandingIntent {
        LandingIntent(
            iteration: iteration.id,
            uuid: iteration.uuid,
            target: "refs/heads/main",
            expectedTip: ObjectID("4be1c90"),
            candidate: ObjectID("9d02e11"),
            tick: .beside,
            worktree: "/home/a/tally",
            gitDirectory: "/home/a/tally/.git",
            prdPath: [0x70, 0xFF],
            paths: [
                PathStamp(path: Array("src/a.c".utf8), inode: .max, changeTimeNanoseconds: 17, size: 0),
                PathStamp(path: [0x66, 0xFF, 0x0A]),
            ]
        )
    }
}

extension SQLiteHistory {
    /// One item in the history.
    func addItem(_ key: String = "login", position: Int = 0) throws -> ItemRecord {
        try insertItems([.sample(key, position: position)])[0]
    }

    /// An item with an iteration under way.
    func beginSample() throws -> (ItemRecord, IterationRecord) {
        let item = try addItem()
        return (item, try begin(.sample(item: item.id)))
    }
}

/// Runs SQL on a database by a connection of its own, as another program would, and returns the first value.
@discardableResult
func sql(_ file: String, _ text: String) throws -> String? {
    let queue = try DatabaseQueue(path: file)
    defer { try? queue.close() }
    return try queue.writeWithoutTransaction { db in
        try String.fetchOne(db, sql: text)
    }
}
