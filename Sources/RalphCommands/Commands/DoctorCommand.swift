import ArgumentParser
import RalphCore
import RalphHistory
import SystemPackage

struct DoctorCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look whether all is well, and say how to mend it.",
        usage: "ralphctl doctor [--backup FILE] [options]",
        discussion: """
            Needs no daemon and changes nothing. Exits 1 when something is bad. --backup also copies the history, while \
            the daemon goes on, to a file that must not be there yet.

            Example: ralphctl doctor --json | jq '.findings[] | select(.verdict != "ok")'
            """
    )

    @Option(help: ArgumentHelp("Copy the history there.", valueName: "file")) var backup: String?
    @OptionGroup(title: "Global options") var global: GlobalOptions

    func run(in context: CommandContext) async throws -> CommandEnd {
        let patient = try Patient.find(global, environment: context.environment, directory: context.directory)
        let doctor = Doctor(patient: patient, doors: context.doors, now: context.localTime())
        let findings = await doctor.examine()
        let copy = try backup.map { try save(to: context.directory.pushing(FilePath($0)), patient).string }
        let screen = DoctorScreen(project: patient.name, findings: findings, backup: copy)
        try context.console.show(screen) { screen.lines(for: $0) }
        return findings.contains { $0.verdict == .bad } ? .failed : .done
    }

    private func save(to file: FilePath, _ patient: Patient) throws(Failure) -> FilePath {
        guard let state = patient.stateDirectory else {
            throw Failure(.notFound, "there is no history yet to copy")
        }
        let history = try SQLiteHistory.openReadOnly(directory: state)
        defer { history.close() }
        try history.backup(to: file.lexicallyNormalized())
        return file.lexicallyNormalized()
    }
}
