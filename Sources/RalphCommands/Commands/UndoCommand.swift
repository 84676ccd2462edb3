import ArgumentParser
import RalphAPI
import RalphCore

struct UndoCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take the landing of a finished item back.",
        usage: "ralphctl undo ITEM [--no-wait] [options]",
        discussion: """
            Reverts its commit, all but the PRD, with a new one. That goes through the checks and lands like any other; \
            then the box is opened, and the item stays blocked, undone by you. Later work that needs it, or red checks, \
            leave everything as it was.

            Example: ralphctl undo stop
            """
    )

    @Argument(help: "The item.") var item: ItemReference
    @Flag(help: "Return when it is written down, not when it is over.") var noWait = false
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let project = try context.project(global)
        let daemon = project.doors.daemon(project.instance.socket)
        // Before the order, so that nothing falls between.
        let events = try await daemon.events(after: nil)
        let asked = try await daemon.undo(item)
        if noWait {
            try context.console.show(asked) { _ in Text.lines(asked.message) }
            return .done
        }
        context.console.note(Text(asked.message))
        return try await follow(events, asked, context)
    }

    private func follow(_ events: EventStream, _ asked: ActionView, _ context: CommandContext) async throws
        -> CommandEnd
    {
        for try await event in events where event.item == asked.item {
            guard let step = event.details["undo"].flatMap(UndoStep.init) else { continue }
            let message = event.details["message"] ?? step.rawValue
            switch step {
            case .asked: continue
            case .waiting: context.console.note("it waits: \(Text(message))")
            case .failed: throw Failure(.conflict, message)
            case .done:
                let answer = ActionView(message, item: asked.item)
                try context.console.show(answer) { _ in Text.lines(message) }
                return .done
            }
        }
        throw Failure(
            .unavailable,
            "the daemon has stopped; it goes on with the undo when it is started again"
        )
    }
}
