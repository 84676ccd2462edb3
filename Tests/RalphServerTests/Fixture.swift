import Foundation
import Logging
import RalphAPI
import RalphClient
import RalphCore
import RalphHistory
import RalphReport
import RalphServer
import RalphTestSupport
import ServiceLifecycle
import Synchronization
import SystemPackage

/// A project with a history, served on a real socket.
struct Fixture {
    let directory: TemporaryDirectory
    let history: SQLiteHistory
    let report: HistoryReport
    let steering: RecordedSteering
    let socket: FilePath
    let client: DaemonClient

    /// What the server asks before anything is changed.
    var gate: SteeringGate = { _ in nil }

    init(socketIn folder: String = "run") throws {
        directory = try TemporaryDirectory("ralph-server")
        let state = directory.path.appending("state")
        let history = try SQLiteHistory.open(directory: state, now: { .fixed })
        self.history = history
        report = HistoryReport(
            history: history,
            stateDirectory: state,
            live: .init(
                newEvents: { history.newEvents() },
                attempts: { 4 },
                diff: { "diff of \($0.id)\n" }
            ),
            now: { .fixed }
        )
        steering = RecordedSteering()
        socket = directory.path.appending(folder).appending("ralphd.sock")
        client = DaemonClient(socket: socket)
        var project = ProjectRecord(
            name: "tally",
            repository: "/home/a/tally",
            prdPath: "/home/a/tally/PRD.md"
        )
        project.state = .running
        project.target = "refs/heads/main"
        project.targetTip = ObjectID(String(repeating: "4", count: 40))
        project.daemonPID = 4711
        project.startedAt = .fixed
        project.prdReadAt = .fixed
        project.checksNote = "test: `make test`"
        try history.saveProject(project)
    }

    /// Serves for the time of the body, then shuts down in order.
    func serving<Value>(_ body: () async throws -> Value) async throws -> Value {
        let (listening, started) = AsyncStream<Void>.makeStream()
        let server = ProjectServer(
            project: "tally",
            socket: socket,
            reading: report,
            steering: steering,
            gate: gate,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onListening: { started.finish() }
        )
        let group = ServiceGroup(
            services: [server],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { started.finish() }
                try await group.run()
            }
            for await _ in listening {}
            let value = try await body()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return value
        }
    }
}

extension Date {
    /// 2025-11-22T01:14:05.678Z
    static let fixed = Date(timeIntervalSince1970: 1_763_774_045.678)
}

// MARK: Contents

extension Fixture {
    @discardableResult
    func addItem(
        _ key: String,
        _ title: String,
        line: Int = 1,
        _ change: (inout ItemRecord) -> Void = { _ in }
    ) throws -> ItemRecord {
        let item = Item(key: key, title: title, section: ["tally", "Recording"], line: line)
        var record = ItemRecord(id: ItemID(0), item: item, position: line, createdAt: .fixed)
        change(&record)
        return try history.insertItems([record])[0]
    }

    /// An iteration under way, with its log directory.
    func begin(_ item: ItemRecord) throws -> IterationRecord {
        let iteration = try history.begin(
            IterationStart(
                item: item.id,
                uuid: UUID().uuidString.lowercased(),
                agent: AgentChoice(name: "claude", model: "opus"),
                target: "refs/heads/main",
                base: ObjectID("4be1c90")
            )
        )
        try FileManager.default.createDirectory(
            atPath: logs(iteration).string,
            withIntermediateDirectories: true
        )
        return iteration
    }

    func logs(_ iteration: IterationRecord) -> FilePath {
        directory.path.appending("state").pushing(FilePath(iteration.logDirectory))
    }

    func write(_ text: String, _ file: LogFile, of iteration: IterationRecord) throws {
        let path = logs(iteration).appending(file.fileName).string
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// A landed item with everything in it, and one that runs.
    @discardableResult
    func fill() throws -> (landed: IterationRecord, running: IterationRecord) {
        let start = try addItem("start", "`tally start PROJECT` begins an entry", line: 30)
        var landed = try begin(start)
        try history.add(
            checks: [
                CheckResult(
                    name: "test",
                    verdict: .passed,
                    exitCode: 0,
                    duration: .seconds(2),
                    summary: "exit 0"
                )
            ],
            for: landed.id,
            subject: .candidate
        )
        landed.outcome = .landed
        landed.stage = .landing
        landed.exitCode = 0
        landed.model = "claude-opus"
        landed.tokens = TokenUsage(input: 10, output: 20, cacheRead: 30, cacheWrite: 40)
        landed.cost = .quoted(1.25)
        landed.commit = ObjectID(String(repeating: "b", count: 40))
        landed.endedAt = Date.fixed.addingTimeInterval(60)
        var done = start
        done.state = .done
        done.commit = landed.commit
        done.iterations = 1
        try history.finish(IterationEnd(iteration: landed, items: [done]))
        try write("what to do\n", .prompt, of: landed)
        try write("a transcript\n", .transcript, of: landed)
        try write("ok 1\n", .check("test"), of: landed)

        var stop = try addItem("stop", "`tally stop` ends the running entry", line: 34) {
            $0.state = .running
        }
        let running = try begin(stop)
        stop.iterations = 1
        try history.saveItems([stop])
        try addItem("note", "`tally note TEXT` adds a note", line: 38)
        return (landed, running)
    }
}

/// Steering that only remembers what it was told.
final class RecordedSteering: ProjectSteering {
    private let deeds = Mutex<[String]>([])

    var told: [String] { deeds.withLock { $0 } }

    private func note(_ deed: String) -> ActionView {
        deeds.withLock { $0.append(deed) }
        return ActionView(deed, item: ItemID(1))
    }

    func pause(now: Bool) async throws -> ActionView { note("pause now=\(now)") }
    func resume() async throws -> ActionView { note("resume") }
    func skip(_ item: ItemReference) async throws -> ActionView { note("skip \(item)") }
    func retry(_ item: ItemReference, note text: String?, fresh: Bool) async throws -> ActionView {
        note("retry \(item) note=\(text ?? "-") fresh=\(fresh)")
    }
    func undo(_ item: ItemReference) async throws -> ActionView { note("undo \(item)") }
    func accept(_ item: ItemReference) async throws -> ActionView {
        guard item != .words("open") else {
            throw Failure(.conflict, "open does not wait for a confirmation")
        }
        return note("accept \(item)")
    }
    func answer(_ question: QuestionID, text: String) async throws -> ActionView {
        note("answer \(question) \(text)")
    }
    func add(_ item: AddRequest) async throws -> ActionView { note("add \(item.text)") }
    func retryAgent(_ name: String) async throws -> ActionView { note("agent \(name)") }
    func testAgent(_ name: String) async throws -> AgentTestView {
        _ = note("test \(name)")
        return AgentTestView(name: name, program: "x")
    }
}

/// Takes a sequence step by step.
actor Stepper<Element: Sendable> {
    private var iterator: any AsyncIteratorProtocol<Element, any Error>

    init(_ sequence: any AsyncSequence<Element, any Error> & Sendable) {
        iterator = sequence.makeAsyncIterator()
    }

    func next() async throws -> Element? {
        var iterator = iterator
        let element = try await iterator.next(isolation: self)
        self.iterator = iterator
        return element
    }
}
