/// How long logs, and the output and events in the history, are kept (`keep:`). Rows, verdicts and sums stay for ever.
package struct Retention: Equatable, Codable, Sendable {
    /// Nil: whatever their age.
    package var age: Duration? = .seconds(30 * 86_400)
    /// Bytes of log files on the disk. Nil: whatever their size.
    package var bytes: Int? = 20_000_000_000

    package init() {}

    /// All of it, for ever.
    package static let forever: Retention = {
        var retention = Retention()
        retention.age = nil
        retention.bytes = nil
        return retention
    }()
}

extension Retention {
    /// Kept work of an item that is done or withdrawn, from then on.
    package static let keptWork: Duration = .seconds(14 * 86_400)
}
