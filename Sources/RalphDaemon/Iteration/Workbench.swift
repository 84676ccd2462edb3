import Logging
import RalphAgents
import RalphCore
import RalphGit
import RalphHistory
import RalphPRD
import RalphProcess
import Synchronization
import SystemPackage

import struct Foundation.Date

/// What every iteration of a project works with; made once by the composition root.
struct Workbench: Sendable {
    var git: GitWorkshop
    var history: SQLiteHistory
    var containment: Containment
    /// The daemon's own environment, from which those of its children are built.
    var environment: [String: String]
    var state: FilePath
    /// Prefix of every process mark, unique to the state directory.
    var markPrefix: String
    var clock: WallClock
    var logger: Logger
    var pulse: Pulse
    var gate: LandingGate
    /// Whether a signal has asked for the end.
    var stop: StopFlag
    var storage: StorageWatch
    /// What keeps process trees together, and why that, for `status`.
    var containmentNote: String
    var versions: PRDVersions

    var now: @Sendable () -> Date { clock.now }

    /// What keeps trees of the project together; in a sandbox, if it asks for one.
    func containment(for plan: ProjectPlan) -> Containment {
        plan.settings.sandbox ? containment.within(Sandbox(self, plan)) : containment
    }

    /// The row names it relative to the state directory, so that the directory can be moved.
    func logDirectory(_ iteration: IterationRecord) -> FilePath {
        state.appending(FilePath(iteration.logDirectory).components)
    }

    /// Logs of checks that a hold's probe runs.
    var probeLogs: FilePath { state.appending("logs").appending("probe") }
}

/// The project as it is when an iteration begins; a later edit takes effect for the next one.
struct ProjectPlan: Sendable {
    var name: String
    var settings: ProjectSettings
    /// Full ref name.
    var target: String
    var prdFile: FilePath
    var prd: [UInt8]
    /// The PRD's path in the repository, if it is in there.
    var prdPath: RepositoryPath?
    /// `PATH` of agents, checks and set-up.
    var path: String
    var credentials: Credentials
    /// The known items and which of them this is, to find its box in any version of the document.
    var known: (items: [KnownItem], index: Int)

    var workspaceRules: WorkspaceRules { WorkspaceRules(protect: protect, include: settings.include) }

    /// What no iteration may change: also what tells agents what to do.
    var protect: [String] { settings.protect + [promptPath].compactMap(\.self) }

    /// The author's own prompt, if there is one.
    var promptFile: FilePath? {
        settings.prompt.map { prdFile.removingLastComponent().resolving($0.path) }
    }

    /// The same as a path in the repository, if it is in there.
    private var promptPath: String? {
        guard let promptFile, let prdPath else { return nil }
        var root = prdFile
        for _ in prdPath.description.split(separator: "/") { root = root.removingLastComponent() }
        var path = promptFile
        return path.removePrefix(root) ? path.string : nil
    }

    /// The agent as it is run for this project.
    func program(of cli: AgentCLI, from inherited: [String: String]) -> AgentProgram {
        AgentProgram(cli, settings: settings, path: path, credentials: credentials, inherited: inherited)
    }
}

/// Why an iteration is being cancelled, said before its task is.
final class CancelNote: Sendable {
    /// What a cancelled iteration ends in.
    struct Reason: Sendable {
        var outcome: Outcome
        var detail: String
    }

    private let reason = Mutex<Reason?>(nil)

    func say(_ new: Reason) { reason.withLock { $0 = $0 ?? new } }
    var said: Reason? { reason.withLock { $0 } }
}

/// How a run of the pipeline left its item.
enum IterationEnding: Sendable {
    /// The iteration is over; `landed` is the intent that the final row closes.
    case ended(IterationResult, IterationRecord, closing: LandingIntent?)
    /// The candidate is green and waits for its way to be clear.
    case parked(RunMachine.Obstacle, IterationRecord)
    case notStarted(RunMachine.Trouble?)
}
