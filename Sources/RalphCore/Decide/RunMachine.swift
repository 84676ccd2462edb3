package import struct Foundation.Date
package import struct Foundation.TimeZone

/// The only place that decides: which item runs next with which agent, what an outcome means, when the project
/// holds, waits, idles or ends. Events in, actions out; no I/O and no clock of its own.
package struct RunMachine: Sendable {
    package var rules: Rules
    package private(set) var project = ProjectMood()
    package internal(set) var items: [ItemID: ItemRecord] = [:]
    package internal(set) var agents: [String: AgentRecord] = [:]
    /// By priority, then document order.
    var order: [ItemID] = []
    var idsByKey: [String: ItemID] = [:]
    var running: [ItemID: AgentChoice] = [:]
    /// Items whose candidate is green while somebody's files are in its way.
    var parked: [ItemID: Parked] = [:]
    /// Parked items whose landing is being tried again: each takes a worker's place, as the checks may run again.
    var landing: Set<ItemID> = []
    /// Landings that waited and are wanted no more, until their iterations are closed: nothing of these items begins before.
    var dropping: [ItemID: Dropped] = [:]
    /// Landings that a person wants taken back, in order, each with when it is tried next. The first takes a worker's place.
    var undos: [Undo] = []
    var isUndoing = false
    /// Items that the PRD no longer has, and since when: a cut may be followed by a paste.
    var missing: [ItemID: Date] = [:]
    /// Items whose text changed while they ran, and until when it has to be still.
    var unsettled: [ItemID: Date] = [:]
    /// What running items said when their iterations began.
    var begun: [ItemID: Item] = [:]
    /// Items of the last iterations that died at once and silently.
    var silentDeaths: [ItemID] = []
    /// Items of the last iterations that failed only what fails without them.
    var baseFailures: [ItemID] = []
    var finishedItems = 0
    var isStopping = false
    var isProbing = false
    /// Before the PRD was read nothing can be begun, nor be said to be done.
    var hasRead = false
    var jitter: Jitter
    /// What was spent, as the ceilings see it.
    var ledger = Ledger()
    /// Why nothing new may begin for now.
    var gate: Gate?
    /// The budget's hold while it is looked at again.
    var liftedHold: Hold?
    /// A hold that only the next iteration can prove to be over.
    var triedHold: Hold?
    /// Items at which each agent failed at once, in a row.
    var instantFailures: [String: [ItemID]] = [:]
    /// Agents that were set aside for such, and have not worked since.
    var suspects: Set<String> = []

    var changedItems: Set<ItemID> = []
    /// Items that only stand elsewhere in the PRD now, as all do below a new one. Written after what waits for nothing is begun.
    var movedItems: Set<ItemID> = []
    var changedAgents: Set<String> = []

    package init(rules: Rules, seed: UInt64) {
        self.rules = rules
        self.jitter = Jitter(seed: seed)
    }

    /// Takes one event, and says what is to be done, in order.
    package mutating func handle(_ event: Event, now: Date) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .loaded(let items, let agents, let mood, let ledger):
            self.ledger = ledger
            load(items, agents, mood)
        case .read(let reading):
            hasRead = true
            actions += apply(reading, now: now)
        case .woke: break
        case .ended(let end): actions += settle(end, now: now)
        case .notStarted(let item, let trouble): putDown(item, trouble, now: now)
        case .landingObstructed(let item, let obstacle): obstruct(item, obstacle, now: now)
        case .steer(let command): actions += steer(command, now: now)
        case .undoEnded(let item): endUndo(item)
        case .undoObstructed(let item): obstructUndo(item, now: now)
        case .held(let kind, let message): raise(kind, message, now: now)
        case .probed(let trouble): probed(trouble, now: now)
        case .rulesChanged(let rules): changeRules(rules, now: now)
        case .agentMended(let name): reinstate(name)
        case .workLapsed(let items): for id in items { change(id) { $0.kept = nil } }
        case .workRescued(let item, let work): change(item) { $0.kept = work }
        case .stop: isStopping = true
        }
        actions += withdrawMissing(now: now)
        actions += dropLandings()
        actions += probeIfDue(now: now)
        refresh(now: now)
        actions += claimUndo(now: now)
        actions += claim(now: now)
        let mood = currentMood(now: now)
        if mood != project {
            project = mood
            actions.append(.showProject(mood))
        }
        liftedHold = nil
        actions = saves() + actions + moves()
        if let wake = nextWake(now: now) { actions.append(.wake(at: wake)) }
        if let code = exitCode(now: now) { actions.append(.finish(exitCode: code)) }
        return actions
    }

    private mutating func load(_ loaded: [ItemRecord], _ agents: [AgentRecord], _ mood: ProjectMood) {
        items = Dictionary(loaded.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.agents = Dictionary(agents.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        project = mood
        project.state = .idle
        project.until = nil
        // Nothing runs yet. A crash between an item's claim and its iteration's row leaves no iteration to tell so.
        for id in items.keys where items[id]?.state == .running { change(id) { $0.state = .open } }
        sortItems()
    }

    private mutating func changeRules(_ new: Rules, now: Date) {
        let hadReviewer = rules.reviewer
        rules = new
        project.hold = nil
        triedHold = nil
        guard new.reviewer != hadReviewer else { return }
        for id in parked.keys where parked[id]?.reviewer != nil { parked[id]?.next = now }
    }

    mutating func change(_ id: ItemID, _ body: (inout ItemRecord) -> Void) {
        guard var record = items[id] else { return }
        let before = record
        body(&record)
        guard record != before else { return }
        items[id] = record
        changedItems.insert(id)
    }

    mutating func changeAgent(_ name: String, _ body: (inout AgentRecord) -> Void) {
        var record = agents[name] ?? AgentRecord(name: name)
        let before = record
        body(&record)
        guard record != before || agents[name] == nil else { return }
        agents[name] = record
        changedAgents.insert(name)
    }

    mutating func setHold(_ hold: Hold?) { project.hold = hold }
    mutating func setPaused(_ isPaused: Bool) { project.isPaused = isPaused }

    /// All items in document order, withdrawn ones where they last were. Their places are sorted and not the records, which
    /// are large.
    package var inDocumentOrder: [ItemRecord] {
        items.map { (position: $0.value.position, id: $0.key) }
            .sorted { ($0.position, $0.id) < ($1.position, $1.id) }
            .compactMap { items[$0.id] }
    }

    mutating func sortItems() {
        order = items.values.lazy.filter { $0.state != .withdrawn }
            .map { (priority: $0.item.attributes.priority, position: $0.position, id: $0.id) }
            .sorted { ($0.priority, $0.position, $0.id) < ($1.priority, $1.position, $1.id) }
            .map(\.id)
        idsByKey = Dictionary(minimumCapacity: order.count)
        for id in order {
            guard let item = items[id]?.item else { continue }
            idsByKey[item.key] = id
        }
    }

    private mutating func saves() -> [Action] {
        var actions: [Action] = []
        if !changedItems.isEmpty {
            actions.append(.saveItems(changedItems.sorted().compactMap { items[$0] }))
        }
        if !changedAgents.isEmpty {
            actions.append(.saveAgents(changedAgents.sorted().compactMap { agents[$0] }))
        }
        movedItems.subtract(changedItems)
        changedItems = []
        changedAgents = []
        return actions
    }

    private mutating func moves() -> [Action] {
        guard !movedItems.isEmpty else { return [] }
        defer { movedItems = [] }
        return [.placeItems(movedItems.sorted().compactMap { items[$0] })]
    }
}

/// What the machine is told by the front matter and the command line.
package struct Rules: Equatable, Sendable {
    /// Strikes that block an item.
    package var attempts: Int = 5
    /// Fallback order of the project.
    package var agents: [AgentChoice] = []
    /// The ladder, from small to big.
    package var escalate: [AgentChoice] = []
    /// Who has to have nothing against work before it lands.
    package var reviewer: AgentChoice?
    package var budget = Budget()
    /// What the host allows an item at most, whatever its line says.
    package var mostPerItem = Ceiling()
    package var hours: WorkingHours?
    /// The host's, for hours and days.
    package var zone: TimeZone = .gmt
    package var order: ProjectSettings.Order = .document
    /// Iterations at once.
    package var workers: Int = 1
    /// End when nothing is left that can run.
    package var isUntilDone: Bool = false
    /// With `isUntilDone`: the longest wait that is sat out.
    package var longestWait: Duration?
    /// How long the text of an item has to be still after it changed under its iteration, in seconds.
    package var stillTime: Double = 15
    /// End after this many items are finished.
    package var itemLimit: Int?

    package init() {}
}

/// What the project is doing, and why.
package struct ProjectMood: Equatable, Sendable {
    package var state: ProjectState = .stopped
    package var reason: String?
    package var until: Date?
    package var isPaused = false
    package var hold: Hold?

    package init() {}
}

/// A seeded source of the ± 20 % of a backoff, so that a run can be repeated exactly.
struct Jitter: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64, scaled to 0.8 … 1.2.
    mutating func factor() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return 0.8 + 0.4 * Double(z >> 11) / Double(1 << 53)
    }
}
