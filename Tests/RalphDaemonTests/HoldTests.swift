import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

@Suite("trouble with what everything is kept in", .timeLimit(.minutes(5)))
struct HoldTests {
    private func started(_ project: Project, _ arguments: String...) throws -> DaemonProcess {
        let daemon = try project.start(arguments, untilDone: false)
        try wait(for: "the daemon to be ready") { daemon.errors.contains("ready") }
        return daemon
    }

    private func stop(_ daemon: DaemonProcess) {
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0, "\(daemon.errors)")
    }

    @Test("a history of a later version, and one that is none, are refused with 78 and left as they are")
    func refused() throws {
        let project = try Project("- [x] Done")
        #expect(try project.run().status == 0)
        try project.sql("INSERT INTO grdb_migrations VALUES ('2099')")
        let newer = try project.start().wait()
        #expect(newer.status == 78, "\(newer.errors)")
        #expect(newer.errors.contains("written by a later version of ralphd"))
        #expect(newer.errors.split(separator: "\n").count == 1)
        let text = String(repeating: "no database ", count: 900)
        let file = project.state.appending("history.sqlite").string
        for name in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + name) }
        try Data(text.utf8).write(to: URL(filePath: file))
        let damaged = try project.start().wait()
        #expect(damaged.status == 78, "\(damaged.errors)")
        #expect(damaged.errors.contains(file))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
    }

    @Test(
        "trap 23: a second daemon on the repository, by another PRD, link or work tree, exits 75 and names the first"
    )
    func oneRepository() throws {
        let project = try Project("- [x] Done")
        try project.repository.commit("Other", ["OTHER.md": "- [x] Done\n"])
        let first = try started(project, "--name", "first")
        let place = project.place.path
        try FileManager.default.createSymbolicLink(
            atPath: place.string + "/link",
            withDestinationPath: project.repository.path.string
        )
        try project.repository.git("worktree", "add", "-q", "-b", "side", place.string + "/tree")
        for prd in [
            "\(project.repository.path)/OTHER.md", "\(place)/link/OTHER.md", "\(place)/tree/OTHER.md",
        ] {
            let second = try DaemonProcess(
                "ralphd",
                [prd, "--agent", "claude", "--name", "second", "--state-dir", place.string + "/second"],
                environment: project.environment.merging(["PATH": fakeClaude(project)]) { $1 },
                directory: project.repository.path,
                logs: place.appending("logs")
            ).wait()
            #expect(second.status == 75, "\(second.errors)")
            #expect(second.errors.contains("first (pid \(first.pid))"), "\(second.errors)")
        }
        stop(first)
        try project.assertWhole()
    }

    /// A PATH on which there is a `claude`, so that it is not that which is missed.
    private func fakeClaude(_ project: Project) throws -> String {
        let file = try project.place.write("#!/bin/sh\n", to: "bin/claude")
        chmod(file.string, 0o755)
        return project.path
    }

    @Test(
        "a repository or a state directory that is moved away holds the project, which goes on when it is back",
        arguments: ["repository", "state"]
    )
    func vanished(what: String) throws {
        let project = try Project("- [x] Done", script: "item *\n  write a.txt\n    | a")
        let daemon = try started(project)
        let path = what == "state" ? project.state.string : project.repository.path.string + "/.git"
        #expect(rename(path, path + "-away") == 0)
        try project.repository.directory.write(project.prd() + "- [ ] New {#new}\n", to: "PRD.md")
        try wait(for: "the hold") {
            daemon.errors.contains("the project holds") || daemon.errors.contains(" held ")
                || daemon.errors.contains("state=held")
        }
        #expect(daemon.errors.contains(what == "state" ? "put the state directory back" : "put it back"))
        #expect(rename(path + "-away", path) == 0)
        if what == "repository" { try project.ctl("resume") }
        try wait(for: "the item to land") { try project.boxes() == [true, true] }
        stop(daemon)
        try project.assertWhole()
    }

    /// What `sudo git` or a closed repository leaves, seen by a daemon that may not go over it as root may.
    @Test(
        "a repository that cannot be written to is one hold for all items, which heals",
        .enabled(if: access("/usr/bin/bwrap", X_OK) == 0),
        arguments: [".git", ".git/objects/*"]
    )
    func closed(what: String) throws {
        let project = try Project(
            "- [ ] One {#a}\n- [ ] Two {#b}",
            script: "item *\n  write {item}.txt\n    | {title}"
        )
        let git = project.repository.path.string
        let objects = try FileManager.default.contentsOfDirectory(atPath: git + "/.git/objects")
        let places =
            what.hasSuffix("*")
            ? objects.filter { $0.count == 2 }.map { git + "/.git/objects/" + $0 } : [git + "/" + what]
        // A landing is to come by one of them, whatever its objects are called.
        for number in 0..<256 where what.hasSuffix("*") {
            let name = git + "/.git/objects/" + (number < 16 ? "0" : "") + String(number, radix: 16)
            mkdir(name, 0o755)
            chmod(name, 0o555)
        }
        for place in places { chmod(place, 0o555) }
        let daemon = try DaemonProcess(
            "/usr/bin/bwrap",
            [
                "--dev-bind", "/", "/", "--die-with-parent", "--unshare-user", "--uid", "1000", "--gid",
                "1000",
                DaemonProcess.programs.appending("ralphd").string, "--state-dir", project.state.string,
            ],
            environment: project.environment,
            directory: project.repository.path,
            logs: project.place.path.appending("logs")
        )
        try wait(for: "the hold") { daemon.errors.contains("project.state=held") }
        #expect(daemon.errors.contains("cannot be written to"), "\(daemon.errors)")
        #expect(daemon.errors.components(separatedBy: "project.state=held").count == 2)
        #expect(try project.history().items().allSatisfy { $0.block == nil && $0.strikes == 0 })
        for number in 0..<256 where what.hasSuffix("*") {
            chmod(git + "/.git/objects/" + (number < 16 ? "0" : "") + String(number, radix: 16), 0o755)
        }
        for place in places { chmod(place, 0o755) }
        try project.ctl("resume")
        try wait(for: "both to land") { try project.boxes() == [true, true] }
        // To the daemon itself: bubblewrap would die of it, and take the daemon along.
        kill(try #require(project.history().project()?.daemonPID), SIGTERM)
        #expect(daemon.wait().status == 0)
        #expect(try project.landedItems().sorted() == ["a", "b"])
        #expect(try project.iterations(of: "a").filter { $0.isStrike }.isEmpty)
        try project.assertWhole()
    }

    @Test("a history that another program keeps locked is a hold that heals by itself")
    func locked() throws {
        let project = try Project("- [x] Done", script: "item *\n  write a.txt\n    | a")
        let daemon = try started(project)
        let lock = try DaemonProcess(
            "/usr/bin/python3",
            [
                "-c",
                """
                import sqlite3, sys, time
                c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE'); print('locked', flush=True)
                time.sleep(60)
                """, project.state.appending("history.sqlite").string,
            ],
            environment: project.environment,
            directory: project.place.path,
            logs: project.place.path.appending("logs")
        )
        try wait(for: "the lock") { lock.output.contains("locked") }
        try project.repository.directory.write(project.prd() + "- [ ] New {#new}\n", to: "PRD.md")
        try wait(for: "the hold") { daemon.errors.contains("the history cannot be written") }
        lock.send(SIGKILL)
        _ = lock.wait()
        try wait(for: "the item to land") { try project.boxes() == [true, true] }
        stop(daemon)
        try project.assertWhole()
    }
}
