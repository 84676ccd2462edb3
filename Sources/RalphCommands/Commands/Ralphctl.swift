import ArgumentParser
import RalphCore

/// The command tree.
struct Ralphctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ralphctl",
        abstract: "Ask and steer a ralphd project.",
        usage: "ralphctl COMMAND [options]",
        discussion: """
            ITEM is a number, a key, L38 for a line of the PRD, or a part of the title.
            Exit: 0, 1 failed, 3 needs a person, 64 usage, 66 not found, 69 no daemon.
            Example: ralphctl status
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(name: "Set up", subcommands: [InitCommand.self, DoctorCommand.self]),
            CommandGroup(
                name: "Look",
                subcommands: [
                    StatusCommand.self, ReportCommand.self, ItemsCommand.self, ShowCommand.self,
                    HistoryCommand.self,
                    LogCommand.self,
                    DiffCommand.self, PromptCommand.self, QuestionsCommand.self, StatsCommand.self,
                    WatchCommand.self,
                    ListCommand.self,
                    PRDCommand.self,
                ]
            ),
            CommandGroup(
                name: "Steer",
                subcommands: [
                    PauseCommand.self, ResumeCommand.self, RetryCommand.self, SkipCommand.self,
                    AcceptCommand.self, UndoCommand.self,
                    AnswerCommand.self, AddCommand.self, AgentsCommand.self, WaitCommand.self,
                ]
            ),
        ]
    )
}
