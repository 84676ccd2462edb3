import Foundation
import RalphCore
import SystemPackage

/// Removes the logs of old iterations, by age and then, oldest first, until the rest fits.
struct LogPruning: Sendable {
    /// What was removed.
    struct Result: Equatable, Sendable {
        var directories = 0
        var bytes = 0
    }

    /// `<state>/logs`
    var directory: FilePath
    var retention: Retention
    /// Names that are never touched: of iterations that run, or whose landing waits.
    var protected: Set<String>

    private struct Log {
        var name: String
        var bytes: Int
        /// Seconds since 1970.
        var changedAt: Double
    }

    /// Blocks while it reads and removes; stops between two directories when `isStopped` says so.
    func prune(now: Date, isStopped: () -> Bool = { false }) -> Result {
        var result = Result()
        guard retention != .forever else { return result }
        let logs = all().sorted { ($0.changedAt, $0.name) < ($1.changedAt, $1.name) }
        var total = logs.reduce(0) { $0 + $1.bytes }
        let limit = retention.bytes ?? .max
        for log in logs where !protected.contains(log.name) && !isStopped() {
            let isOld = retention.age.map { now.timeIntervalSince1970 - log.changedAt > $0.seconds } ?? false
            guard isOld || total > limit else { continue }
            guard (try? FileManager.default.removeItem(atPath: directory.appending(log.name).string)) != nil
            else { continue }
            total -= log.bytes
            result.directories += 1
            result.bytes += log.bytes
        }
        return result
    }

    private func all() -> [Log] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.string)) ?? []
        return names.compactMap { name in
            let path = directory.appending(name)
            guard let own = FileFacts(of: path, followsLink: false) else { return nil }
            var log = Log(name: name, bytes: own.bytes, changedAt: own.changedAt)
            let files = (try? FileManager.default.contentsOfDirectory(atPath: path.string)) ?? []
            for file in files {
                guard let facts = FileFacts(of: path.appending(file), followsLink: false) else { continue }
                log.bytes += facts.bytes
                log.changedAt = max(log.changedAt, facts.changedAt)
            }
            return log
        }
    }
}
