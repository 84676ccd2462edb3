import ArgumentParser
import RalphAPI
import RalphCore
import SystemPackage

struct ListCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "All projects of this user.",
        usage: "ralphctl ls [options]",
        discussion: "Example: ralphctl ls"
    )

    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        var entries: [InstanceEntry] = []
        for instance in Instance.all(environment: context.environment) {
            entries.append(await entry(for: instance, in: context))
        }
        try context.console.show(entries) { InstanceEntry.table(entries).lines(for: $0) }
        return .done
    }

    /// A project whose daemon does not answer is listed all the same, with what its history says that it needs.
    private func entry(for instance: Instance, in context: CommandContext) async -> InstanceEntry {
        let project = Project(
            instance: ChosenInstance(instance),
            doors: context.doors,
            console: context.console.silent,
            environment: context.environment
        )
        var status: StatusView?
        var isHung = false
        do {
            status = try await project.reading.status()
        } catch let failure as Failure where failure.isAbsence {
            isHung = failure.code == .noAnswer
            status = try? await project.history(after: failure).status()
        } catch {
            // It is listed all the same.
        }
        return InstanceEntry(
            name: instance.name,
            state: status?.state ?? .stopped,
            isHung: isHung,
            needsYou: status?.needsYou.count ?? 0,
            repository: instance.repository,
            prd: instance.prd,
            stateDirectory: instance.stateDirectory,
            socket: instance.socket
        )
    }
}
