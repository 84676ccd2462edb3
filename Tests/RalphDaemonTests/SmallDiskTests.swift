import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// The daemon with its state on a file system of its own, which is full when a test says so.
private final class SmallDisk {
    let project: Project
    let daemon: DaemonProcess
    /// The daemon itself; bubblewrap waits for it, and passes its status on.
    private let pid: Int32
    private static let bytes = 64 << 20

    init(_ project: Project) throws {
        self.project = project
        try FileManager.default.createDirectory(
            atPath: project.state.string,
            withIntermediateDirectories: true
        )
        daemon = try DaemonProcess(
            "/usr/bin/bwrap",
            [
                "--dev-bind", "/", "/", "--die-with-parent", "--size", String(Self.bytes), "--tmpfs",
                project.state.string,
                DaemonProcess.programs.appending("ralphd").string, "--state-dir", project.state.string,
            ],
            environment: project.environment,
            directory: project.repository.path,
            logs: project.place.path.appending("logs")
        )
        try wait(for: "the daemon to be ready") { [daemon] in daemon.errors.contains("ready") }
        let children = try String(
            contentsOfFile: "/proc/\(daemon.pid)/task/\(daemon.pid)/children",
            encoding: .utf8
        )
        pid = Int32(children.split(separator: " ").first ?? "") ?? daemon.pid
    }

    /// The state directory as the daemon sees it.
    var state: FilePath { FilePath("/proc/\(pid)/root\(project.state)") }
    private var filler: String { state.appending("filler").string }

    /// Leaves nothing, or so much.
    func fill(but room: Int = 0) throws {
        let free = try #require(
            FileManager.default.attributesOfFileSystem(forPath: state.string)[.systemFreeSize] as? Int
        )
        try #require(free <= Self.bytes)
        _ = FileManager.default.createFile(atPath: filler, contents: Data(count: max(0, free - room)))
    }

    func makeRoom() throws { try FileManager.default.removeItem(atPath: filler) }

    /// A copy of the history as it is: SQLite finds no way through another process's root.
    func history() throws -> HistoryReader {
        let copy = project.place.path.appending("copy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: copy.string, withIntermediateDirectories: true)
        for file in ["history.sqlite-wal", "history.sqlite"] {
            try FileManager.default.copyItem(
                atPath: state.appending(file).string,
                toPath: copy.appending(file).string
            )
        }
        return try SQLiteHistory.openReadOnly(directory: copy)
    }

    func ask(_ words: String...) throws -> String {
        let end = try DaemonProcess(
            "ralphctl",
            ["--socket", project.place.path.string + "/run/ralphd/\(name)/ralphd.sock"] + words + ["--json"],
            environment: project.environment,
            directory: project.repository.path,
            logs: project.place.path.appending("logs")
        ).wait()
        return end.output + end.errors
    }

    private var name: String {
        (try? FileManager.default.contentsOfDirectory(atPath: project.place.path.string + "/run/ralphd").first)
            ?? ""
    }

    func end() throws {
        let history = try history()
        #expect(try history.integrityProblems() == [])
        #expect(try history.openIterations().isEmpty)
        let store = project.place.path.appending("store.git").string
        try FileManager.default.copyItem(atPath: state.appending("store.git").string, toPath: store)
        try project.repository.git("--git-dir", store, "fsck", "--strict", "--no-dangling")
        kill(pid, SIGTERM)
        #expect(daemon.wait().status == 0, "\(daemon.errors)")
        #expect(try project.repository.succeeds("fsck", "--strict", "--no-dangling"))
        #expect(try project.repository.git("status", "--porcelain") == "")
    }
}

/// bubblewrap makes the small disk; where it cannot, nothing is tested here.
private let hasBubblewrap: Bool = {
    let trial = Process()
    trial.executableURL = URL(filePath: "/usr/bin/bwrap")
    trial.arguments = ["--dev-bind", "/", "/", "--size", "1048576", "--tmpfs", "/mnt", "true"]
    trial.standardError = FileHandle.nullDevice
    guard (try? trial.run()) != nil else { return false }
    trial.waitUntilExit()
    return trial.terminationStatus == 0
}()

@Suite("a disk without room", .enabled(if: hasBubblewrap), .timeLimit(.minutes(5)))
struct SmallDiskTests {
    @Test(
        "trap 28: on a disk that is almost full nothing is begun, the hold says why, and it heals by itself"
    )
    func low() throws {
        let project = try Project("- [x] Done", script: "item *\n  write a.txt\n    | a")
        let disk = try SmallDisk(project)
        try disk.fill(but: 2 << 20)
        try project.repository.directory.write(project.prd() + "- [ ] New {#new}\n", to: "PRD.md")
        try wait(for: "the hold") { try disk.ask("status").contains("almost full") }
        #expect(try !disk.ask("history").contains("started_at"))
        try disk.makeRoom()
        try wait(for: "the item to land") { try project.boxes() == [true, true] }
        try wait(for: "its end") { try disk.ask("status").contains("\"idle\"") }
        daemonKeepsPRD(project)
        try disk.end()
    }

    /// The item was written into the PRD and never committed: the tick is beside, so the file stays modified.
    private func daemonKeepsPRD(_ project: Project) {
        #expect((try? project.repository.git("commit", "-q", "-a", "-m", "Plan")) != nil)
    }

    @Test("trap 28: a disk that an agent fills loses nothing: log, snapshot and rows come when there is room")
    func full() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                  write a.txt
                    | a
                  run if mkdir {place}/once 2>/dev/null; then head -c 100M /dev/zero > {place}/state/filler; fi; true
                  flood 100000
                """
        )
        let disk = try SmallDisk(project)
        try wait(for: "the hold") {
            disk.daemon.errors.contains("almost full") || disk.daemon.errors.contains("cannot be written")
        }
        try wait(for: "status to say so") { try disk.ask("status").contains("\"held\"") }
        #expect(try project.boxes() == [false])
        try disk.makeRoom()
        try wait(for: "the item to land") { try project.boxes() == [true] }
        try wait(for: "its end") { try disk.ask("status").contains("\"idle\"") }
        let rows = try disk.history().iterations(limit: 10)
        #expect(rows.map(\.outcome) == [.landed, .interrupted])
        #expect(rows.last?.kept != nil)
        #expect(try disk.history().items().first?.strikes == 0)
        try disk.end()
    }
}
