import RalphAgents
import RalphCore
import RalphProcess
import Synchronization
import SystemPackage

import struct Foundation.Date

/// Runs a project's checks in a directory, one after the other, and judges each.
struct CheckRunner: Sendable {
    /// Where and for whom the checks run.
    struct Site: Sendable {
        var directory: FilePath
        var logDirectory: FilePath
        /// Variables of every check, `RALPH_ITEM` and its kin included.
        var environment: [String: String]
        /// Paths that the candidate changes; nil runs every check whatever its `paths:`.
        var changedPaths: [String]?
        var mark: String
    }

    var shell: String
    var containment: Containment
    /// Told of each check, with the time.
    var pulse = Pulse()
    var now: @Sendable () -> Date = { Date() }

    /// Bytes of a check's log file: head and tail are kept.
    /// sh(1): found but not executable, and not found.
    private static let cannotStart: ClosedRange<Int32> = 126...127

    /// Every check's result, in order; all run, so that the next try sees all that fails. Nil when it was cancelled.
    func run(_ checks: [Check], at site: Site) async -> [CheckResult]? {
        var results: [CheckResult] = []
        pulse.checksStart()
        for check in checks {
            if let changed = site.changedPaths, !check.paths.isEmpty,
                !changed.contains(where: { path in check.paths.contains { Glob($0).matches(path) } })
            {
                results.append(
                    CheckResult(
                        name: check.name,
                        verdict: .passed,
                        exitCode: nil,
                        duration: .zero,
                        summary: "not run: no path of it changed"
                    )
                )
                continue
            }
            pulse.checkStarted(check, now())
            guard let result = await withRetries(check, at: site) else { return nil }
            pulse.checkEnded(result)
            results.append(result)
        }
        return results
    }

    private func withRetries(_ check: Check, at site: Site) async -> CheckResult? {
        for attempt in 0...check.retry {
            guard var result = await once(check, at: site) else { return nil }
            if result.verdict == .passed, attempt > 0 {
                result.verdict = .flaky
                result.summary += ", on try \(attempt + 1)"
            }
            if result.verdict != .failed || attempt == check.retry { return result }
        }
        return nil
    }

    private func once(_ check: Check, at site: Site) async -> CheckResult? {
        let ends = Mutex(OutputEnds())
        var spec = ProcessSpec(
            "/bin/" + shell,
            ["-e", "-c", check.run],
            environment: site.environment,
            directory: site.directory,
            timeout: check.timeout,
            mark: site.mark
        )
        spec.containment = containment
        spec.secrets = Credentials.secrets(in: site.environment)
        spec.mergesErrors = true
        let log = LogFile.check(check.name)
        spec.log = LogSink(output: site.logDirectory.appending(log.fileName), limit: log.bound)
        let tree = await runTree(
            spec,
            onLine: { _, line, _ in
                ends.withLock { $0.add(line) }
                return .go
            },
            onStart: { _ in }
        )
        let output = ends.withLock { $0 }
        guard tree.ending != .cancelled else { return nil }
        return judge(check, tree, output)
    }

    private func judge(_ check: Check, _ tree: TreeResult, _ output: OutputEnds) -> CheckResult {
        var result = CheckResult(
            name: check.name,
            verdict: .failed,
            exitCode: nil,
            duration: tree.duration,
            summary: "",
            head: output.head.joined(separator: "\n"),
            tail: output.tail.joined(separator: "\n"),
            lineCount: output.lineCount,
            failures: output.failures
        )
        switch tree.ending {
        case .exited(0), .finishedEarly:
            result.verdict = .passed
            result.failures = []
            result.exitCode = 0
            result.summary = "exit 0"
        case .exited(let code):
            result.exitCode = code
            result.summary = ExitWords.of(code)
            if Self.cannotStart.contains(code), !Self.blamesFileInRepository(output.tail) {
                result.verdict = .broken
                result.summary = "cannot start, exit \(code)" + (output.tail.last.map { ": \($0)" } ?? "")
            }
        case .signaled(let signal): result.summary = ExitWords.ofSignal(signal)
        case .timedOut, .stalled: result.summary = "no result after \(check.timeout.words)"
        case .cancelled, .stopped: result.summary = "cancelled"
        case .couldNotStart(_, let message):
            result.verdict = .broken
            result.summary = "cannot start: \(message)"
        }
        return result
    }

    /// A shell names what it could not run: `sh: 1: ./tests/run: not found`. A relative path is a file of the
    /// repository, whose absence is a failure and not a broken check.
    static func blamesFileInRepository(_ tail: [String]) -> Bool {
        guard let last = tail.last(where: { !$0.isEmpty }) else { return false }
        return last.split(separator: ":").dropFirst().contains { part in
            let word = part.trimmingPrefix(" ")
            return word.contains("/") && !word.hasPrefix("/") && !word.contains(" ")
        }
    }
}
