import Foundation
import RalphCore
import RalphHistory
import RalphProcess
import RalphTestSupport
import SystemPackage
import Testing

/// A repository with a PRD, a script for its agent, and the real daemon to work on it; nothing of this machine's user or
/// of another test is seen by it.
struct Project {
    let repository: TemporaryRepository
    /// State, home, script, and what tests and agents say to each other.
    let place: TemporaryDirectory
    var path: String
    /// More of the daemon's environment.
    var extra: [String: String] = [:]

    /// - Parameters:
    ///   - prd: the document below the front matter.
    ///   - script: what the scripted agent does (docs/scripted-agent.md); `{place}` is the directory beside the repository.
    ///   - checks: YAML of the `checks:` key; `{place}` as above. Nil leaves the key out.
    ///   - settings: more lines of front matter.
    ///   - files: what the first commit holds beside the PRD.
    ///   - described: more entries of `agents:`.
    init(
        _ prd: String,
        script: String = "",
        checks: String? = "[\"true\"]",
        settings: String = "",
        files: [String: String] = [:],
        agent: String = "scripted",
        described: String = ""
    ) throws {
        repository = try TemporaryRepository()
        place = try TemporaryDirectory("ralph-e2e")
        for directory in ["home", "run", "bin", "logs"] { try place.write("", to: "\(directory)/.keep") }
        let place = place.path.string
        try self.place.write(script.replacing("{place}", with: place), to: "script")
        path = "\(place)/bin:/usr/local/bin:/usr/bin:/bin"
        let program = DaemonProcess.programs.appending("scripted-agent").string
        let command = [program, "--script", "\(place)/script", "--output", "claude"]
        let lines = [
            "---", "agent: \(agent)",
            "agents: {scripted: {command: [\(command.joined(separator: ", "))], output: claude-stream-json}"
                + (described.isEmpty ? "}" : ", \(described)}"),
            checks.map { "checks: \($0.replacing("{place}", with: place))" }, settings, "---", prd,
        ].compactMap { $0 }.filter { !$0.isEmpty }
        try repository.commit("Start", files.merging(["PRD.md": lines.joined(separator: "\n") + "\n"]) { $1 })
    }

    var state: FilePath { place.path.appending("state") }

    /// Set before a start: variables that the programs get besides.
    var variables: [String: String] = [:]

    var environment: [String: String] {
        variables.merging([
            "PATH": path, "HOME": place.path.appending("home").string, "LANG": "C.UTF-8", "TZ": "UTC",
            "XDG_RUNTIME_DIR": place.path.appending("run").string, "GIT_CONFIG_NOSYSTEM": "1",
        ]) { $1 }.merging(extra) { $1 }
    }

    /// Starts the daemon.
    func start(_ arguments: String..., untilDone: Bool = true) throws -> DaemonProcess {
        try start(arguments, untilDone: untilDone)
    }

    func start(
        _ arguments: [String] = [],
        untilDone: Bool = true,
        environment more: [String: String]
    ) throws -> DaemonProcess {
        try start(arguments, untilDone: untilDone, more: more)
    }

    func start(
        _ arguments: [String],
        untilDone: Bool = true,
        fault: FaultPoint? = nil,
        more: [String: String] = [:]
    ) throws
        -> DaemonProcess
    {
        try DaemonProcess(
            "ralphd",
            ["--state-dir", state.string] + (untilDone ? ["--until-done"] : []) + arguments,
            environment: environment.merging(fault.map { ["RALPHD_FAULT": $0.rawValue] } ?? [:]) { $1 }
                .merging(more) { $1 },
            directory: repository.path,
            logs: place.path.appending("logs")
        )
    }

    /// Runs the daemon until nothing is left that it can do, and looks that it left everything whole.
    @discardableResult
    func run(_ arguments: String..., place: SourceLocation = #_sourceLocation) throws -> DaemonProcess.Ending
    {
        let ending = try start(arguments).wait(place)
        try assertWhole(ending.errors, place)
        return ending
    }

    /// Runs the daemon until it dies at a point.
    func die(at point: FaultPoint, place: SourceLocation = #_sourceLocation) throws {
        let ending = try start([], fault: point).wait(place)
        #expect(ending.status == -SIGKILL, "\(point): \(ending.errors)", sourceLocation: place)
    }

    /// Asks the running daemon.
    @discardableResult
    func ctl(_ arguments: String...) throws -> DaemonProcess.Ending { try ctl(arguments) }

    func ctl(_ arguments: [String]) throws -> DaemonProcess.Ending {
        try DaemonProcess(
            "ralphctl",
            arguments + ["--state-dir", state.string],
            environment: environment,
            directory: repository.path,
            logs: place.path.appending("logs")
        ).wait()
    }

    /// What holds after every run, however it ended.
    func assertWhole(_ errors: String = "", _ place: SourceLocation = #_sourceLocation) throws {
        let history = try history()
        #expect(try history.integrityProblems() == [], sourceLocation: place)
        #expect(try history.openIterations().map(\.id) == [], "\(errors)", sourceLocation: place)
        #expect(try history.openLandings().map(\.iteration) == [], "\(errors)", sourceLocation: place)
        #expect(try history.project()?.daemonPID == nil, "\(errors)", sourceLocation: place)
        #expect(try repository.succeeds("fsck", "--strict", "--no-dangling"), sourceLocation: place)
        #expect(try livingProcesses() == [], sourceLocation: place)
    }

    /// Processes that carry the mark of this project's iterations.
    func livingProcesses() throws -> [Int32] {
        let mark = try String(contentsOfFile: state.appending("mark").string, encoding: .utf8)
        return Leftovers(markPrefix: "ralphd:\(mark)/").find().map(\.pid)
    }

    // MARK: - what became of it

    func history() throws -> HistoryReader { try SQLiteHistory.openReadOnly(directory: state) }

    func item(_ key: String) throws -> ItemRecord {
        try #require(try history().items().first { $0.item.key == key }, "no item \(key)")
    }

    /// "key outcome" of every iteration, oldest first.
    func outcomes() throws -> [String] {
        let history = try history()
        let keys = Dictionary(uniqueKeysWithValues: try history.items().map { ($0.id, $0.item.key) })
        return try history.iterations(limit: 10_000).reversed().map {
            "\(keys[$0.item] ?? "?") \($0.outcome?.rawValue ?? "open")"
        }
    }

    func iterations(of key: String) throws -> [IterationRecord] {
        try history().iterations(item: item(key).id, limit: 1000).reversed()
    }

    /// A git that moves the checkout removes the file for an instant.
    func prd() throws -> String {
        for _ in 0..<100 {
            if let text = try? repository.directory.read("PRD.md") { return text }
            usleep(2_000)
        }
        return try repository.directory.read("PRD.md")
    }

    /// The outermost boxes of the PRD, in order.
    func boxes() throws -> [Bool] {
        try prd().split(separator: "\n").filter { $0.hasPrefix("- [") }.map { $0.hasPrefix("- [x]") }
    }

    /// The prompt of an iteration.
    func prompt(of iteration: IterationRecord) throws -> String {
        try String(contentsOfFile: state.string + "/\(iteration.logDirectory)/prompt.md", encoding: .utf8)
    }

    /// Commits that finished an item: its key by commit, newest first.
    func landedItems(_ revision: String = "main") throws -> [String] {
        try repository.git("log", "--format=%(trailers:key=Ralph-Item,valueonly,separator=%x2C)", revision)
            .split(separator: "\n").map(String.init)
    }

    /// All that is the user's own in the repository, as text to compare.
    func usersOwn() throws -> String {
        let parts = [
            try repository.git("status", "--porcelain"), try repository.git("rev-parse", "HEAD"),
            try repository.git("for-each-ref"), try files().joined(separator: "\n"),
            try repository.directory.read(".git/config"), try repository.directory.read(".git/HEAD"),
        ]
        return parts.joined(separator: "\n--\n")
    }

    /// Names of all files outside `.git`.
    func files() throws -> [String] {
        let all =
            FileManager.default.enumerator(atPath: repository.path.string)?.compactMap { $0 as? String } ?? []
        return all.filter { $0 != ".git" && !$0.hasPrefix(".git/") }.sorted()
    }
}
