import RalphAgents
import RalphCore
import RalphGit
import RalphProcess
import SystemPackage

/// The host's own commands after a landing, such as a push. They run once per landing, outside of any iteration; a
/// failure is shown and is never a strike.
struct AfterLanding: Sendable {
    let bench: Workbench
    let commands: [String]

    private static let timeout: Duration = .seconds(600)

    /// Nil when all went well, else what to tell a person.
    func run(item: ItemRecord, commit: ObjectID, record: IterationRecord) async -> String? {
        let directory = bench.git.repository.workTree ?? bench.git.repository.gitDirectory
        var environment = bench.environment
        environment["RALPH_ITEM"] = item.item.key
        environment["RALPH_COMMIT"] = commit.rawValue
        for command in commands {
            var spec = ProcessSpec(
                "/bin/sh",
                ["-e", "-c", command],
                environment: environment,
                directory: directory,
                timeout: Self.timeout,
                mark: "\(bench.markPrefix)/after-\(record.uuid)"
            )
            spec.secrets = Credentials.secrets(in: environment)
            spec.mergesErrors = true
            spec.log = LogSink(
                output: bench.logDirectory(record).appending("after-landing.log"),
                limit: 1 << 20
            )
            let tree = await runTree(spec, onLine: { _, _, _ in .go })
            guard tree.ending != .exited(0) else { continue }
            return "after-landing `\(command)` \(Self.words(tree.ending)) for \(commit.short): see "
                + "\(bench.logDirectory(record))/after-landing.log"
        }
        return nil
    }

    private static func words(_ ending: ProcessEnding) -> String {
        switch ending {
        case .exited(let code): "failed, \(ExitWords.of(code)),"
        case .signaled(let signal): "failed, \(ExitWords.ofSignal(signal)),"
        case .timedOut, .stalled: "did not end within \(timeout.words)"
        case .cancelled, .finishedEarly, .stopped: "was cut off by the end of ralphd"
        case .couldNotStart(_, let message): "did not start: \(message),"
        }
    }
}
