import ArgumentParser
import RalphAPI
import RalphCore

/// A command that makes the daemon do something and says what it did.
protocol SteeringCommand: ContextCommand {
    func steer(_ project: any ProjectSteering) async throws -> ActionView
}

extension SteeringCommand {
    func run(in context: CommandContext) async throws -> CommandEnd {
        let answer = try await context.project(global).steer { try await steer($0) }
        try context.console.show(answer) { _ in Text.lines(answer.message) }
        return .done
    }
}
