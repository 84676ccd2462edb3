import ArgumentParser
import Foundation
import RalphAPI
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphCommands

@Suite("which project is meant")
struct InstanceFinderTests {
    private let root: TemporaryDirectory
    private var environment: [String: String]

    init() throws {
        root = try TemporaryDirectory("finder")
        environment = ["HOME": root.path.string]
    }

    @discardableResult
    private func add(_ name: String, running: Bool = false) throws -> FilePath {
        let repository = root.path.appending("src").appending(name)
        try FileManager.default.createDirectory(
            atPath: repository.appending("deep/down").string,
            withIntermediateDirectories: true
        )
        let paths = try InstancePaths(name: name, environment: environment)
        try Instance(
            name: name,
            repository: repository.string,
            prd: repository.appending("PRD.md").string,
            paths: paths,
            pid: running ? getpid() : nil
        )
        .write(environment: environment)
        return repository
    }

    private func find(
        _ arguments: [String] = [],
        in directory: FilePath = "/",
        _ more: [String: String] = [:]
    ) throws
        -> ChosenInstance
    {
        let finder = InstanceFinder(
            environment: environment.merging(more) { _, new in new },
            directory: directory
        )
        return try finder.find(GlobalOptions.parse(arguments))
    }

    @Test("by name, by repository, by $RALPH_PROJECT")
    func named() throws {
        let one = try add("one")
        try add("two")
        #expect(try find(["--project", "one"]).name == "one")
        #expect(try find(["--project", one.string]).name == "one")
        #expect(try find([], ["RALPH_PROJECT": "two"]).name == "two")
        #expect(try find(["--project", "one"], ["RALPH_PROJECT": "two"]).name == "one")
        #expect(throws: Failure.self) { try find(["--project", "three"]) }
    }

    @Test("by the repository around the working directory, also through a link")
    func around() throws {
        let one = try add("one")
        try add("two")
        #expect(try find([], in: one.appending("deep/down")).name == "one")
        let link = root.path.appending("link")
        try FileManager.default.createSymbolicLink(atPath: link.string, withDestinationPath: one.string)
        #expect(try find([], in: link.appending("deep")).name == "one")
    }

    private func makeRepository(_ path: FilePath, mark: String? = nil) throws {
        let git = path.appending(".git")
        try FileManager.default.createDirectory(
            atPath: (mark == nil ? git : path).string,
            withIntermediateDirectories: true
        )
        if let mark { try Data("gitdir: \(mark)\n".utf8).write(to: URL(filePath: git.string)) }
    }

    @Test("another repository is nobody's, also inside a project's and when one project runs")
    func stranger() throws {
        let one = try add("one", running: true)
        let apart = root.path.appending("apart")
        let inside = one.appending("deep/other")
        for place in [apart, inside] {
            try makeRepository(place)
            let failure = #expect(throws: Failure.self) { try find([], in: place) }
            #expect(failure?.code == .noDaemon)
            #expect(failure?.message.contains("no project is known in \(place)") == true)
        }
        #expect(try find(["--project", "one"], in: apart).name == "one")
        #expect(try find([], in: one.appending("deep")).remark == nil)
        #expect(try find([], in: "/").remark?.contains("this is one in \(one)") == true)
    }

    @Test("a linked worktree is its repository, a submodule a part of the one around it")
    func linked() throws {
        let one = try add("one")
        try add("two", running: true)
        try makeRepository(one)
        let admin = one.appending(".git/worktrees/tree")
        try FileManager.default.createDirectory(atPath: admin.string, withIntermediateDirectories: true)
        try Data("../..\n".utf8).write(to: URL(filePath: admin.appending("commondir").string))
        let tree = root.path.appending("tree")
        try makeRepository(tree, mark: admin.string)
        #expect(try find([], in: tree).name == "one")
        let submodule = one.appending("deep/sub")
        try makeRepository(submodule, mark: "../../.git/modules/sub")
        #expect(try find([], in: submodule).name == "one")
    }

    @Test("two projects of one repository are told apart by name, never by a third that runs")
    func siblings() throws {
        let one = try add("one")
        try add("far", running: true)
        let paths = try InstancePaths(name: "other", environment: environment)
        try Instance(name: "other", repository: one.string, prd: "x.md", paths: paths, pid: nil)
            .write(environment: environment)
        let failure = #expect(throws: Failure.self) { try find([], in: one) }
        #expect(failure?.code == .ambiguous)
        #expect(failure?.message == "this repository has 2 projects: pass --project, one of one, other")
    }

    @Test("by state directory or by socket")
    func places() throws {
        try add("one")
        let state = root.path.appending(".local/state/ralphd/one")
        #expect(try find(["--state-dir", state.string]).name == "one")
        let chosen = try find(["--state-dir", state.string, "--socket", "/run/other.sock"])
        #expect(chosen.socket == "/run/other.sock")
        #expect(chosen.stateDirectory == state)
        #expect(try find(["--socket", "run/d.sock"], in: "/var").socket == "/var/run/d.sock")
        let failure = #expect(throws: Failure.self) { try find(["--state-dir", "/nowhere"]) }
        #expect(failure?.code == .notFound)
    }

    @Test(
        "a path that no socket can have is a mistake of usage",
        arguments: ["", String(repeating: "a", count: 200)]
    )
    func impossibleSocket(path: String) {
        let failure = #expect(throws: Failure.self) { try find(["--socket", path]) }
        #expect(failure?.code == .usage)
    }

    @Test("the only one, else the only one that runs, else nobody knows")
    func only() throws {
        let none = #expect(throws: Failure.self) { try find() }
        #expect(none?.code == .noDaemon)
        try add("one")
        #expect(try find().name == "one")
        try add("two", running: true)
        #expect(try find().name == "two")
        try add("three", running: true)
        let failure = #expect(throws: Failure.self) { try find() }
        #expect(failure?.code == .ambiguous)
        #expect(failure?.message == "there are 3 projects: pass --project, one of one, three, two")
    }

    @Test("a daemon that has ended is not alive, although nobody has waited for it yet")
    func unreaped() throws {
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
        defer { free(arguments[0]) }
        #expect(posix_spawn(&pid, "/bin/true", nil, nil, &arguments, nil) == 0)
        var facts = siginfo_t()
        #expect(waitid(P_PID, id_t(pid), &facts, WEXITED | WNOWAIT) == 0)
        #expect(kill(pid, 0) == 0)
        #expect(!Instance.isAlive(pid))
        #expect(waitpid(pid, nil, 0) == pid)
        #expect(!Instance.isAlive(pid))
        #expect(Instance.isAlive(getpid()))
        #expect(Instance.isAlive(1))
    }

    @Test("one that hangs is listed as hung")
    func hung() {
        let entry = InstanceEntry(
            name: "one",
            state: .running,
            isHung: true,
            needsYou: 1,
            repository: "/src/one",
            prd: "",
            stateDirectory: "",
            socket: ""
        )
        #expect(InstanceEntry.table([entry]).lines(for: .pipe).map(\.string) == ["one\thung\t1\t/src/one"])
    }

    @Test("all of them are listed, running or not")
    func list() async throws {
        let one = try add("one")
        var ctl = Ctl()
        ctl.environment = environment
        ctl.doors = .live([:])
        #expect(await ctl.run(["ls"]) == 0)
        #expect(ctl.output.text == "one\tstopped\t\t\(one)\n")
    }
}
