import ArgumentParser
import RalphAPI
import RalphCore

struct ReportCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "The morning: landed, stuck, asked, slept, spent.",
        usage: "ralphctl report [--since TIME] [options]",
        discussion: """
            TIME is 8h (ago), 22:00, 2026-11-21, "2026-11-21 22:00", or a time in UTC as --json gives it. Without it, \
            since the last 22:00.

            Example: ralphctl report --since 2d
            """
    )

    @Option(help: ArgumentHelp("From when on.", valueName: "time")) var since: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let time = context.localTime()
        let start = try since.map { text in
            guard let date = Instant(text: text).date(time) else {
                throw Failure(.usage, "--since \"\(text)\" is no time: write 8h, 22:00 or 2026-11-21")
            }
            return date
        }
        let report = try await context.project(global).read { try await $0.report(since: start) }
        try context.console.show(report) { ReportScreen(view: report, time: time, terminal: $0).lines }
        return .done
    }
}
