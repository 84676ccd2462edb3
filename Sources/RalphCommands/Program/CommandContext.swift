import RalphCore
import SystemPackage

/// What a command may touch of the world it runs in. Commands get it as a value, so that tests can hand in another.
struct CommandContext: Sendable {
    var environment: [String: String]
    /// The working directory.
    var directory: FilePath
    var console: Console
    /// The person's clock and zone, as of the call.
    var localTime: @Sendable () -> LocalTime
    var clock: any Clock<Duration>
    var doors: Doors
}

extension CommandContext {
    /// The project that the options mean.
    func project(_ options: GlobalOptions) throws(Failure) -> Project {
        let finder = InstanceFinder(environment: environment, directory: directory)
        let chosen = try finder.find(options)
        if let remark = chosen.remark { console.note(Text(remark)) }
        return Project(instance: chosen, doors: doors, console: console, environment: environment)
    }
}
