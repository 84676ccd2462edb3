import Foundation
import Glibc
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphDaemon

private let hour = 3600.0
private let day = 86_400.0

@Suite("what is kept, and for how long", .timeLimit(.minutes(5)))
struct KeepTests {
    /// Log directories of iterations, some kilobytes each, that ended so long ago.
    private func logs(_ ages: [String: Double], bytes: Int = 8192) throws -> TemporaryDirectory {
        let place = try TemporaryDirectory()
        for (name, age) in ages {
            for file in ["transcript.log", "prompt.md"] {
                let path = try place.write(
                    [UInt8](repeating: 65, count: bytes / 2),
                    to: "logs/\(name)/\(file)"
                )
                try setTime(path, Date().addingTimeInterval(-age))
            }
            try setTime(place.path.appending("logs/\(name)"), Date().addingTimeInterval(-age))
        }
        return place
    }

    private func setTime(_ path: FilePath, _ date: Date) throws {
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path.string)
    }

    private func prune(_ place: TemporaryDirectory, _ keep: Retention, but: Set<String> = []) throws
        -> [String]
    {
        let pruning = LogPruning(directory: place.path.appending("logs"), retention: keep, protected: but)
        _ = pruning.prune(now: Date())
        return try FileManager.default.contentsOfDirectory(atPath: place.path.string + "/logs").sorted()
    }

    @Test("logs older than keep: go, those of an iteration that runs never")
    func byAge() throws {
        let place = try logs(["1": 31 * day, "2": 31 * day, "3": 29 * day, "4": -day])
        #expect(try prune(place, Retention(), but: ["2"]) == ["2", "3", "4"])
    }

    @Test("the oldest go until the rest fits, and one that runs never")
    func bySize() throws {
        let place = try logs(["1": 5 * hour, "2": 4 * hour, "3": 3 * hour, "4": 2 * hour], bytes: 100_000)
        var keep = Retention()
        keep.bytes = 250_000
        #expect(try prune(place, keep, but: ["1"]) == ["1", "4"])
    }

    @Test("forever is forever")
    func forever() throws {
        let place = try logs(["1": 4000 * day])
        #expect(try prune(place, .forever) == ["1"])
    }

    /// MiB free and in all.
    private static let disks: [(free: UInt64, total: UInt64, isLow: Bool)] = [
        (900, 4_000_000, true), (1100, 4_000_000, false), (900, 8192, false), (300, 8192, true),
        (4, 64, false), (3, 64, true), (0, 0, false),
    ]

    @Test("a disk is low under 1 GiB, a small one under 5 %", arguments: disks)
    func low(disk: (free: UInt64, total: UInt64, isLow: Bool)) {
        let space = DiskSpace(freeBytes: disk.free << 20, totalBytes: disk.total << 20)
        #expect((space.shortage != nil) == disk.isLow)
    }

    @Test("sizes are said as people say them")
    func words() {
        #expect(DiskSpace.words(812_400_000) == "812 MB")
        #expect(DiskSpace.words(20_060_000_000) == "20.1 GB")
        #expect(DiskSpace.words(999_900) == "1.0 MB")
        #expect(DiskSpace.words(0) == "0 kB")
    }

    @Test("a state directory or a repository that is gone is told, and no more once it is back")
    func vanished() throws {
        let place = try TemporaryDirectory()
        try place.write("x", to: "state/history.sqlite")
        try place.write("ref: refs/heads/main", to: "git/HEAD")
        let state = place.path.appending("state")
        let watch = StorageWatch(
            state: state,
            history: state.appending("history.sqlite"),
            repository: place.path.appending("git")
        )
        #expect(watch.trouble() == nil)
        for (name, kind) in [("state", Hold.Kind.storage), ("git", .repository)] {
            let path = place.path.appending(name).string
            #expect(rename(path, path + ".away") == 0)
            #expect(watch.trouble()?.kind == kind)
            #expect(watch.trouble()?.message.contains(path) == true)
            #expect(rename(path + ".away", path) == 0)
            #expect(watch.trouble() == nil)
        }
        try place.write("another", to: "state/new")
        #expect(rename(state.string + "/new", state.string + "/history.sqlite") == 0)
        #expect(watch.trouble()?.message.contains("restart ralphd") == true)
    }

    @Test(
        "at its start the daemon removes old logs and the kept work of items that are long done, and says so"
    )
    func housekeeping() throws {
        let project = try Project(
            "- [ ] Old {#old}\n- [ ] Young {#young}",
            script: "item *\n  write {item}.txt\n    | x",
            settings: "keep: [2d, 1GB]"
        )
        #expect(try project.run().status == 0)
        let rows = try ["old", "young"].map { try #require(project.iterations(of: $0).first) }
        #expect(try project.keptWorks() == rows.map(\.id.description).sorted())
        let old = Date().addingTimeInterval(-15 * day)
        try project.sql(
            "UPDATE item SET done_at = \(Int(old.timeIntervalSince1970 * 1000)) WHERE key = 'old'"
        )
        let logs = project.state.appending("logs/\(rows[0].id)")
        for file in try FileManager.default.contentsOfDirectory(atPath: logs.string) {
            try setTime(logs.appending(file), old)
        }
        try setTime(logs, old)
        let daemon = try project.start(untilDone: false)
        try wait(for: "the housekeeping") { daemon.errors.contains("old things were removed") }
        #expect(daemon.errors.contains("the logs of 1 iterations"))
        #expect(daemon.errors.contains("the kept work of 1 iterations"))
        #expect(try project.keptWorks() == [rows[1].id.description])
        #expect(!FileManager.default.fileExists(atPath: logs.string))
        #expect(
            FileManager.default.fileExists(atPath: project.state.string + "/logs/\(rows[1].id)/prompt.md")
        )
        #expect(try project.item("old").kept == nil)
        #expect(try project.item("young").kept != nil)
        let pins = try project.repository.git("for-each-ref", "--format=%(refname)", "refs/ralph/")
        #expect(pins.split(separator: "\n").count == 1)
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole()
    }
}

extension Project {
    /// Iterations whose work is kept in the store, as its refs say.
    func keptWorks() throws -> [String] {
        try repository.git(
            "--git-dir",
            state.string + "/store.git",
            "for-each-ref",
            "--format=%(refname:lstrip=-1)"
        )
        .split(separator: "\n").map(String.init).sorted()
    }

    /// Changes the history behind the back of a daemon that does not run.
    func sql(_ statement: String) throws {
        let end = try DaemonProcess(
            "/usr/bin/env",
            ["sqlite3", state.appending("history.sqlite").string, statement],
            environment: environment,
            directory: repository.path,
            logs: place.path.appending("logs")
        ).wait()
        try #require(end.status == 0, "\(end.errors)")
    }
}
