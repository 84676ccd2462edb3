import ArgumentParser
import RalphAPI
import RalphCore
import RalphPRD

extension ItemReference: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

extension IterationReference: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}

extension ItemState: ExpressibleByArgument {}

/// A length of time on the command line: `90s`, `10m`, `1h30m`, `2d`.
struct TimeSpan: Equatable {
    var duration: Duration

    /// Says what it could have been.
    static func read(_ argument: String) throws -> TimeSpan {
        guard let duration = DurationText.parse(argument) else {
            throw ValidationError("\"\(argument)\" is no length of time: write 90s, 10m or 1h30m")
        }
        return TimeSpan(duration: duration)
    }
}
