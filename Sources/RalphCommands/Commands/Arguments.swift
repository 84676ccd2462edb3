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
struct TimeSpan: ExpressibleByArgument, Equatable {
    var duration: Duration

    init?(argument: String) {
        guard let duration = DurationText.parse(argument) else { return nil }
        self.duration = duration
    }
}
