import CRalph
import Glibc
import Logging
import RalphCore

/// One line per message on standard error: with a syslog priority where the journal reads, with the time elsewhere.
struct ConsoleLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    private let threshold: LogThreshold
    /// Of this logger alone.
    private var ownLevel: Logger.Level?
    private let isJournal: Bool

    private static let longestValue = 500

    init(_ threshold: LogThreshold, environment: [String: String]) {
        self.threshold = threshold
        isJournal = Self.isJournal(environment["JOURNAL_STREAM"])
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }

    /// Whether the journal that the variable names, by device and inode, is what standard error goes to: the variable
    /// is inherited also by who writes elsewhere.
    private static func isJournal(_ stream: String?) -> Bool {
        var (device, inode): (UInt64, UInt64) = (0, 0)
        guard let stream, ralph_file_identity(STDERR_FILENO, &device, &inode) == 0 else { return false }
        return stream == "\(device):\(inode)"
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let details = all.sorted { $0.key < $1.key }.compactMap { key, value -> String? in
            let text = PlainText.cut(PlainText.line("\(value)"), bytes: Self.longestValue)
            if text.isEmpty { return nil }
            return " \(key)=" + (text.contains(" ") ? "\"\(text)\"" : text)
        }
        let line = prefix(event.level) + "\(event.message)" + details.joined() + "\n"
        StandardError.write(line)
    }

    /// HH:mm:ss of the host's zone, whatever its locale writes.
    private static func clock(_ instant: time_t) -> String {
        var (instant, parts) = (instant, tm())
        localtime_r(&instant, &parts)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec]
            .map { $0 < 10 ? "0\($0)" : "\($0)" }
            .joined(separator: ":")
    }

    private func prefix(_ level: Logger.Level) -> String {
        if isJournal { return "<\(level.priority)>" }
        let time = Self.clock(time(nil))
        return level >= .warning ? "\(time) \(level): " : "\(time) "
    }
}

extension Logger.Level {
    /// syslog(3).
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
