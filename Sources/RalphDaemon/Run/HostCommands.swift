import RalphAgents
import RalphCore
import RalphGit
import RalphProcess
import SystemPackage

/// Shell commands of the host's own file, such as a push after a landing. They run in the checkout, one after the other, as the
/// daemon's children: outside of any sandbox, and ended with it.
struct HostCommands: Sendable {
    let bench: Workbench
    /// The key that they stand under.
    var key: String
    var commands: [String]
    /// For each of them.
    var timeout: Duration
    /// What they print; that of an earlier run is replaced.
    var log: FilePath

    private static let longestLog = 1 << 20

    /// - Parameters:
    ///   - variables: what they are told, in their environment.
    ///   - mark: names the run among those of the project.
    /// - Returns: nil when all went well, else what to tell a person of the first that did not.
    func run(_ variables: [String: String], mark: String) async -> String? {
        let directory = bench.git.repository.workTree ?? bench.git.repository.gitDirectory
        let environment = bench.environment.merging(variables) { $1 }
        for command in commands {
            var spec = ProcessSpec(
                "/bin/sh",
                ["-e", "-c", command],
                environment: environment,
                directory: directory,
                timeout: timeout,
                mark: "\(bench.markPrefix)/\(mark)"
            )
            spec.secrets = Credentials.secrets(in: environment)
            spec.mergesErrors = true
            spec.log = LogSink(output: log, limit: Self.longestLog)
            let tree = await runTree(spec, onLine: { _, _, _ in .go })
            guard tree.ending != .exited(0) else { continue }
            return "\(key) `\(command)` \(words(tree.ending)): see \(log)"
        }
        return nil
    }

    private func words(_ ending: ProcessEnding) -> String {
        switch ending {
        case .exited(let code): "failed, \(ExitWords.of(code))"
        case .signaled(let signal): "failed, \(ExitWords.ofSignal(signal))"
        case .timedOut, .stalled: "did not end within \(timeout.words)"
        case .cancelled, .finishedEarly, .stopped: "was cut off by the end of ralphd"
        case .couldNotStart(_, let message): "did not start: \(message)"
        }
    }
}
