import Foundation
import Logging
import RalphCore
import RalphGit
import RalphHistory
import SystemPackage

/// Lets go of what is no longer needed: old logs, old events and output in the history, kept work of items that are long
/// done, objects of the store that nothing refers to. Never anything of an iteration that runs.
struct Housekeeping: Sendable {
    let bench: Workbench
    let retention: Retention
    /// Items whose kept work has been let go.
    let lapsed: Set<ItemID>

    /// What it came to.
    struct Result: Equatable, Sendable {
        var logs = LogPruning.Result()
        var works = 0

        /// Nil when there was nothing to do.
        var words: String? {
            var parts: [String] = []
            if logs.directories > 0 {
                let size = DiskSpace.words(UInt64(max(0, logs.bytes)))
                parts.append("the logs of \(logs.directories) iterations (\(size))")
            }
            if works > 0 { parts.append("the kept work of \(works) iterations") }
            return parts.isEmpty ? nil : "removed " + parts.joined(separator: " and ")
        }
    }

    /// Does all of it once, and writes down what was removed. What fails is told, and tried again the next day.
    @discardableResult
    func run() async -> Result {
        var result = Result()
        do {
            let open = try bench.history.openIterations()
            result.logs = await pruneLogs(but: open)
            try pruneHistory()
            result.works = try await pruneWorks(open)
            await bench.git.compact(mark: "\(bench.markPrefix)/housekeeping")
        } catch {
            bench.logger.error("old things cannot be removed now", metadata: ["error": "\(error)"])
        }
        guard let words = result.words else { return result }
        bench.logger.notice("old things were removed", metadata: ["what": "\(words)"])
        try? bench.history.note(words)
        return result
    }

    private func pruneLogs(but open: [IterationRecord]) async -> LogPruning.Result {
        let names = open.compactMap { bench.logDirectory($0).lastComponent?.string }
        let pruning = LogPruning(
            directory: bench.state.appending("logs"),
            retention: retention,
            protected: Set(names)
        )
        let now = bench.now()
        let stop = StopFlag()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(returning: pruning.prune(now: now) { stop.isSet })
                }
            }
        } onCancel: {
            stop.set()
        }
    }

    private func pruneHistory() throws {
        guard let age = retention.age else { return }
        let instant = bench.now().addingTimeInterval(-max(age, Retention.keptWork).seconds)
        while !Task.isCancelled, try bench.history.prune(before: instant) {}
    }

    /// Kept work of the lapsed items, and pins of bases that nothing which is left was made on.
    private func pruneWorks(_ open: [IterationRecord]) async throws -> Int {
        var old: [IterationID] = []
        var bases = Set(open.map(\.base))
        for id in try await bench.git.keptIterations() {
            // One that the history does not know is of another life of the state directory.
            guard let row = try bench.history.iteration(id) else { continue }
            if lapsed.contains(row.item), row.outcome != nil {
                old.append(id)
            } else {
                bases.insert(row.base)
                if let kept = row.kept { bases.insert(kept.base) }
            }
        }
        guard !Task.isCancelled else { return 0 }
        try await bench.git.forget(old)
        try await bench.git.unpin(allBut: Array(bases))
        return old.count
    }
}
