import RalphAPI
import RalphCore
import Synchronization

import struct Foundation.Date

/// A daemon that answers what it was told to, and fails when it is asked for anything else.
final class FakeProject: ProjectReading, ProjectSteering {
    struct Answers: Sendable {
        var statuses: [StatusView] = []
        var items: [ItemView]?
        var details: [ItemDetailView] = []
        var iterations: [IterationView]?
        var iterationDetail: IterationDetailView?
        var log: [[UInt8]]?
        var diff: String?
        var prompt: String?
        var questions: [QuestionView]?
        var agents: [AgentDetailView]?
        var agentTest: AgentTestView?
        var events: AsyncStream<EventView>?
        var action: ActionView?
        var report: ReportView?
        var stats: StatsView?
        /// Thrown by everything.
        var failure: Failure?
    }

    private let answers: Mutex<Answers>
    private let deeds = Mutex<[String]>([])

    init(_ answers: Answers) { self.answers = Mutex(answers) }

    convenience init(_ change: (inout Answers) -> Void) {
        var answers = Answers()
        change(&answers)
        self.init(answers)
    }

    /// Nobody is there.
    static var absent: FakeProject {
        FakeProject { $0.failure = Failure(.noDaemon, "no daemon answers at /nowhere") }
    }

    /// What it was asked to do.
    var done: [String] { deeds.withLock { $0 } }

    private func answer<Value: Sendable>(_ value: (inout Answers) -> Value?) throws -> Value {
        try answers.withLock { answers in
            if let failure = answers.failure { throw failure }
            guard let value = value(&answers) else {
                throw Failure(.internalError, "the double was not told to answer")
            }
            return value
        }
    }

    /// The last of several stays.
    private static func next<Value>(_ values: inout [Value]) -> Value? {
        values.count > 1 ? values.removeFirst() : values.first
    }

    func status() async throws -> StatusView { try answer { Self.next(&$0.statuses) } }
    func items(_ query: ItemQuery) async throws -> [ItemView] {
        try answer { $0.items }.filter {
            query.states.isEmpty ? $0.state != .withdrawn : query.states.contains($0.state)
        }
    }
    func item(_ item: ItemReference) async throws -> ItemDetailView { try answer { Self.next(&$0.details) } }
    func iterations(_ query: IterationQuery) async throws -> [IterationView] {
        let all = try answer { $0.iterations }.filter { view in query.before.map { view.id < $0 } ?? true }
        return Array(all.prefix(query.limit))
    }
    func iteration(_ iteration: IterationReference) async throws -> IterationDetailView {
        try answer { $0.iterationDetail }
    }
    func log(_ iteration: IterationReference, _ query: LogQuery) async throws -> ByteStream {
        let pieces = try answer { $0.log }
        return AsyncThrowingStream<[UInt8], any Error> { continuation in
            for piece in pieces { continuation.yield(piece) }
            continuation.finish()
        }
    }
    func diff(_ iteration: IterationReference) async throws -> String { try answer { $0.diff } }
    func prompt(_ iteration: IterationReference) async throws -> String { try answer { $0.prompt } }
    func questions() async throws -> [QuestionView] { try answer { $0.questions } }
    func report(since: Date?) async throws -> ReportView { try answer { $0.report } }
    func stats() async throws -> StatsView { try answer { $0.stats } }
    func agents() async throws -> [AgentDetailView] { try answer { $0.agents } }
    func events(after id: EventID?, follow: Bool) async throws -> EventStream {
        let events = try answer { $0.events }
        return AsyncThrowingStream<EventView, any Error> { continuation in
            let task = Task {
                for await event in events { continuation.yield(event) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func act(_ deed: String) throws -> ActionView {
        let view = try answer { $0.action }
        deeds.withLock { $0.append(deed) }
        return view
    }

    func pause(now: Bool) async throws -> ActionView { try act("pause now=\(now)") }
    func resume() async throws -> ActionView { try act("resume") }
    func skip(_ item: ItemReference) async throws -> ActionView { try act("skip \(item)") }
    func retry(_ item: ItemReference, note: String?, fresh: Bool) async throws -> ActionView {
        try act("retry \(item) note=\(note ?? "-") fresh=\(fresh)")
    }
    func accept(_ item: ItemReference) async throws -> ActionView { try act("accept \(item)") }
    func undo(_ item: ItemReference) async throws -> ActionView { try act("undo \(item)") }
    func answer(_ question: QuestionID, text: String) async throws -> ActionView {
        try act("answer \(question) \(text)")
    }
    func add(_ item: AddRequest) async throws -> ActionView {
        try act((["add", item.text] + [item.section, item.after].compactMap { $0 }).joined(separator: " "))
    }
    func retryAgent(_ name: String) async throws -> ActionView { try act("agent \(name)") }
    func testAgent(_ name: String) async throws -> AgentTestView { try answer { $0.agentTest } }
}
