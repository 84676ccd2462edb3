import Foundation
import RalphAPI
import RalphCore
import RalphHistory
import RalphReport
import RalphTestSupport
import SystemPackage

@testable import RalphCommands

/// A state directory with a history that a daemon left behind: one item landed, one is blocked after a red check, one
/// asks, one is withdrawn. Nobody answers on its socket.
struct StoppedProject {
    static let blockedTitle = "`tally export --json` prints \u{1B}[31man array\u{1B}[0m"

    let root: TemporaryDirectory
    let environment: [String: String]
    let stateDirectory: FilePath
    let repository: FilePath

    init(name: String = "tally") throws {
        root = try TemporaryDirectory("ralphctl")
        environment = ["HOME": root.path.string]
        repository = root.path.appending("work")
        try FileManager.default.createDirectory(
            atPath: repository.appending("src").string,
            withIntermediateDirectories: true
        )
        let paths = try InstancePaths(name: name, environment: environment)
        stateDirectory = paths.stateDirectory
        let prd = repository.appending("PRD.md").string
        try Instance(name: name, repository: repository.string, prd: prd, paths: paths, pid: nil)
            .write(environment: environment)
        let history = try SQLiteHistory.open(directory: stateDirectory) { Moment.night }
        defer { history.close() }
        try fill(history, name: name, prd: prd)
    }

    /// `ralphctl` in the repository, with the real client and the real history.
    func ctl(in directory: FilePath? = nil) -> Ctl {
        var ctl = Ctl()
        ctl.environment = environment
        ctl.directory = directory ?? repository
        ctl.doors = Doors(daemon: Doors.live([:]).daemon) { directory, absence in
            let history = try SQLiteHistory.openReadOnly(directory: directory)
            return HistoryReport(
                history: history,
                stateDirectory: directory,
                absence: absence,
                now: { Moment.night.addingTimeInterval(14 * 60) },
                settings: { Doors.lastSettings(in: directory) }
            )
        }
        return ctl
    }

    private func fill(_ history: SQLiteHistory, name: String, prd: String) throws {
        var project = ProjectRecord(name: name, repository: repository.string, prdPath: prd)
        project.target = "refs/heads/main"
        project.targetTip = ObjectID(String(repeating: "4be1c90", count: 6).prefix(40).description)
        project.state = .running
        try history.saveProject(project)
        var items = try history.insertItems(
            [
                record("start", "`tally start PROJECT` begins an entry", line: 24, .running),
                record("json", StoppedProject.blockedTitle, line: 38, .running),
                record("week", "The week at a glance", line: 45, .running),
                record("gone", "Was in the PRD", line: 50, .withdrawn, reason: "not in the PRD any more"),
            ]
        )
        try land(&items[0], in: history)
        try block(&items[1], in: history)
        try ask(&items[2], in: history)
    }

    private func record(
        _ key: String,
        _ title: String,
        line: Int,
        _ state: ItemState,
        reason: String? = nil
    ) -> ItemRecord {
        let item = Item(key: key, explicitID: key, title: title, section: ["Output"], line: line)
        var record = ItemRecord(id: ItemID(0), item: item, position: line, createdAt: Moment.night)
        record.state = state
        record.reason = reason
        return record
    }

    private func begin(_ item: ItemRecord, in history: SQLiteHistory) throws -> IterationRecord {
        try history.begin(
            IterationStart(
                item: item.id,
                uuid: UUID().uuidString.lowercased(),
                agent: AgentChoice(name: "claude", model: "opus"),
                target: "refs/heads/main",
                base: ObjectID(String(repeating: "0", count: 40))
            ),
            items: [item]
        )
    }

    private func land(_ item: inout ItemRecord, in history: SQLiteHistory) throws {
        var iteration = try begin(item, in: history)
        iteration.outcome = .landed
        iteration.stage = .landing
        iteration.exitCode = 0
        iteration.tokens = TokenUsage(input: 12, output: 3400, cacheRead: 90_000, cacheWrite: 5000)
        iteration.cost = .quoted(0.42)
        iteration.endedAt = Moment.night.addingTimeInterval(13 * 60)
        iteration.commit = ObjectID(String(repeating: "b81fd02", count: 6).prefix(40).description)
        item.commit = iteration.commit
        item.state = .done
        item.doneAt = iteration.endedAt
        item.iterations = 1
        try history.finish(IterationEnd(iteration: iteration, items: [item]))
    }

    private func block(_ item: inout ItemRecord, in history: SQLiteHistory) throws {
        var iteration = try begin(item, in: history)
        iteration.outcome = .checksFailed
        iteration.isStrike = true
        iteration.stage = .checks
        iteration.endedAt = Moment.night.addingTimeInterval(95)
        iteration.error = "test failed: exit 2"
        var check = CheckResult(
            name: "test",
            verdict: .failed,
            exitCode: 2,
            duration: .seconds(38),
            summary: "exit 2"
        )
        check.tail = "expected []"
        try history.add(checks: [check], for: iteration.id, subject: .candidate)
        item.state = .blocked
        item.strikes = 5
        item.iterations = 1
        item.block = Block(
            kind: .blocked,
            message: "stuck: test failed the same way 3 times",
            since: Moment.night
        )
        item.reason = item.block?.message
        try history.finish(IterationEnd(iteration: iteration, items: [item]))
        let log = stateDirectory.appending("logs/\(iteration.id)/\(LogFile.check("test").fileName)")
        try FileManager.default.createDirectory(
            atPath: log.removingLastComponent().string,
            withIntermediateDirectories: true
        )
        try Data("not ok 1\n".utf8).write(to: URL(filePath: log.string))
    }

    private func ask(_ item: inout ItemRecord, in history: SQLiteHistory) throws {
        var iteration = try begin(item, in: history)
        iteration.outcome = .question
        iteration.stage = .snapshot
        iteration.endedAt = Moment.night.addingTimeInterval(60)
        item.state = .waiting
        item.iterations = 1
        item.block = Block(kind: .question, message: "asks: Monday or Sunday?", since: Moment.night)
        item.reason = item.block?.message
        var end = IterationEnd(iteration: iteration, items: [item])
        end.question = "Does the week start on Monday or Sunday?"
        try history.finish(end)
    }
}
