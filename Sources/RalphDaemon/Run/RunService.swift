import CRalph
import Foundation
import Logging
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD
import RalphProcess

/// Performs what the run machine decides: one task drains one inbox, so that everything happens in an order that the
/// history can tell.
actor RunService {
    /// What arrives in the inbox.
    enum Note: Sendable {
        /// The PRD may have changed; a slow look takes it even while it is being written.
        case prdTouched(isSlow: Bool)
        case woke
        case ended(ItemID, IterationEnding)
        case undoEnded(ItemID, Reversal.Ending)
        case undo(UndoRecord, CheckedContinuation<Void, any Error>)
        case probed(RunMachine.Trouble?)
        case steer(RunMachine.Command, CheckedContinuation<Void, any Error>)
        case add(NewItem, CheckedContinuation<AddedItem, any Error>)
        case houseDue
        case houseKept
        case sideEnded(Int)
        /// Time to look whether what agents were set aside for has changed.
        case agentsDue
        case reload
        /// The watchdog wants a sign of life.
        case pulse
        case stop
    }

    /// An item that `ralphctl add` wrote; without an id where the PRD is not read at the moment.
    struct AddedItem: Sendable {
        var item: Item
        var id: ItemID?
    }

    /// A running iteration.
    struct Running {
        var task: Task<Void, Never>
        var cancel: CancelNote
    }

    /// Something that runs beside the iterations.
    struct Side {
        var task: Task<Void, Never>
        /// It does what somebody waits for, such as a push.
        var isWanted: Bool
    }

    let bench: Workbench
    let runner: IterationRunner
    var configuration: Configuration
    let serviceManager: ServiceManager
    let logger: Logger
    let threshold: LogThreshold
    nonisolated let inbox: AsyncStream<Note>.Continuation
    private let notes: AsyncStream<Note>
    private let timer: WakeTimer
    let dayTimer: WakeTimer
    /// Rings when git must be done with what it was in the middle of.
    let settleTimer: WakeTimer

    var machine: RunMachine
    /// The last good reading: the one in force.
    var document: Document?
    var documentBytes: [UInt8] = []
    var project: ProjectRecord
    /// The branch that the PRD is read from; nil when the PRD is outside the repository.
    var prdBranch: String?
    /// The target's tip at the last reading of the PRD, or after a landing of ours since.
    var lastTip: ObjectID?
    var running: [ItemID: Running] = [:]
    /// Rows of items whose landing waits for its way to be clear.
    var parkedRows: [ItemID: IterationRecord] = [:]
    /// Landings that are being taken back, until their boxes are open.
    var undos: [ItemID: UndoRecord] = [:]
    /// What each undo that waits waits for, as it was last told.
    var undoObstacles: [ItemID: String] = [:]
    /// Finished items whose boxes could not be ticked yet, and why not.
    var owedTicks: Set<ItemID> = []
    var tickTrouble: Failure?
    /// Finished items whose ticks a save dropped, and when that was seen.
    var putBack: [ItemID: Date] = [:]
    /// The PRD changed while a landing was moving it: read it once that is over.
    var isReadingOwed = false
    /// What decides how the PRD is read has changed: a version that is the same as the last one is taken all the same.
    var isWholeReadingOwed = false
    /// Ends that the history could not take yet.
    var unwritten: [IterationEnd] = []
    /// A row could not be saved: all are, once the history takes writes again.
    var owesRows = false
    /// Iterations whose work is only in a workspace, because there was no room to keep it.
    var unrescued: [IterationRecord] = []
    var side: [Int: Side] = [:]
    var nextSide = 0
    var isKeepingHouse = false
    /// How the agents that are set aside were found when they were last looked at.
    var traits: [String: AgentTraits] = [:]
    var isWatchingAgents = false
    var isStopping = false
    var exitCode: Int32?
    /// Why the PRD is not read for now, as it was last told.
    var toldObstacle: String?
    /// What is wrong with the host's configuration as it is now; the last good one stays in force meanwhile.
    var hostProblem: Diagnostic?
    /// Start-up is over.
    var isReady = false
    var toldStatus: String?

    init(
        bench: Workbench,
        configuration: Configuration,
        project: ProjectRecord,
        serviceManager: ServiceManager,
        threshold: LogThreshold
    ) {
        self.bench = bench
        self.configuration = configuration
        self.project = project
        self.serviceManager = serviceManager
        self.threshold = threshold
        runner = IterationRunner(bench: bench)
        logger = bench.logger
        machine = RunMachine(
            rules: configuration.rules(ProjectSettings()),
            seed: UInt64.random(in: 0...UInt64.max)
        )
        let (notes, inbox) = AsyncStream.makeStream(of: Note.self)
        self.notes = notes
        self.inbox = inbox
        timer = WakeTimer(clock: bench.clock) { inbox.yield(.woke) }
        dayTimer = WakeTimer(clock: bench.clock) { inbox.yield(.houseDue) }
        settleTimer = WakeTimer(clock: bench.clock) { inbox.yield(.prdTouched(isSlow: false)) }
    }

    /// Agents have 10 s to end, then what they made is kept.
    static let longestStop: Duration = .seconds(60)

    /// How a run ended.
    struct End: Sendable {
        var exitCode: Int32
        /// With another code than 0: why, in one line.
        var words: String?
    }

    /// Runs until it is stopped, or until nothing is left with `--until-done`. `onReady` is called when the PRD is read.
    func run(onReady: @Sendable () async -> Void) async throws -> End {
        do {
            try await begin()
        } catch is Shutdown.NotWanted {
            await end()
            return End(exitCode: 0)
        }
        isReady = true
        await onReady()
        inbox.yield(.houseDue)
        let notifier = Notifier(bench: bench, project: project.name) { [self] in
            await configuration.host.notify
        }
        beside { await notifier.watch() }
        var arriving = notes.makeAsyncIterator()
        while exitCode == nil || !running.isEmpty || side.values.contains(where: \.isWanted) {
            guard let note = await arriving.next() else { break }
            await take(note)
        }
        if !owedTicks.isEmpty {
            _ = await standOnceSettled()
            await payTicks()
        }
        let code = exitCode ?? 0
        let words = code == 0 ? nil : machine.closingWords(exitCode: code, now: bench.now())
        if !isStopping { await notifier.look() }
        await end()
        return End(exitCode: code, words: words)
    }

    private func take(_ note: Note) async {
        switch note {
        case .prdTouched(let isSlow):
            bench.versions.heard()
            await readPRD(isForced: isSlow)
            await payTicks()
            await payUndos()
        case .reload: await reload()
        case .pulse: serviceManager.feedWatchdog()
        case .woke: await send(.woke)
        case .ended(let item, let ending): await ended(item, ending)
        case .undoEnded(let item, let ending): await undoEnded(item, ending)
        case .undo(let undo, let reply): await ask(undo, reply)
        case .probed(let trouble): await send(.probed(trouble))
        case .steer(let command, let reply):
            await send(.steer(command))
            reply.resume()
        case .add(let item, let reply): await add(item, reply)
        case .houseDue: await keepHouse()
        case .houseKept:
            isKeepingHouse = false
            restIfIdle()
        case .sideEnded(let number): side[number] = nil
        case .agentsDue: await lookAtSetAside()
        case .stop:
            isStopping = true
            FaultPoint.stopAsked.passed()
            serviceManager.stopping()
            serviceManager.extendTimeout(Self.longestStop, "stopping: agents are ended, their work is kept")
            for task in side.values.map(\.task) { task.cancel() }
            for run in running.values {
                run.cancel.say(CancelNote.Reason(outcome: .interrupted, detail: "the daemon was stopped"))
                run.task.cancel()
            }
            await send(.stop)
        }
    }

    /// Tells the machine, and does what it says.
    func send(_ event: RunMachine.Event) async {
        await perform(machine.handle(event, now: bench.now()))
    }

    func perform(_ actions: [RunMachine.Action]) async {
        var wake: Date?
        exitCode = nil
        for action in actions {
            switch action {
            case .saveItems(let items): save(items: items)
            case .placeItems(let items): await save(placesOf: items)
            case .saveAgents(let agents): save(agents: agents)
            case .showProject(let mood): show(mood)
            case .start(let item, let agent, let allowance): start(item, agent, allowance)
            case .note(let item, let text): note(text, of: item)
            case .cancel(let item, let reason): cancel(item, reason)
            case .landAgain(let item): landAgain(item)
            case .dropLanding(let item, let reason): dropLanding(item, reason)
            case .tick(let items): await tick(items)
            case .untick(let items): await untick(items)
            case .undo(let item): await undo(item)
            case .probe(let kind): probe(kind)
            case .wake(let instant): wake = instant
            case .finish(let code): exitCode = code
            }
        }
        await timer.set(wake)
        tellStatus()
    }

    private func end() async {
        await timer.set(nil)
        await dayTimer.set(nil)
        await settleTimer.set(nil)
        for task in side.values.map(\.task) {
            task.cancel()
            await task.value
        }
        project.state = .stopped
        project.daemonPID = nil
        project.reason = nil
        save(project: project)
        FaultPoint.stopEnded.passed()
        await bench.git.rest()
        inbox.finish()
    }

    func show(_ mood: ProjectMood) {
        if project.state != mood.state, document != nil {
            logger.notice(
                "the project's state changed",
                metadata: ["project.state": "\(mood.state.rawValue)", "reason": "\(mood.reason ?? "")"]
            )
        }
        project.state = mood.state
        project.reason = mood.reason
        project.until = mood.until
        project.isPaused = mood.isPaused
        project.hold = mood.hold
        save(project: project)
        restIfIdle()
    }

    /// Nothing is left to do, perhaps for days: what helps to do it quickly is let go.
    private func restIfIdle() {
        guard project.state == .idle, isReady, !isKeepingHouse else { return }
        Task { [git = bench.git] in
            await git.rest()
            ralph_give_back_code()
        }
    }
}
