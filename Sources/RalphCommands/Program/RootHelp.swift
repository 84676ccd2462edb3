import ArgumentParser

/// The first page of help: every command on a line of its own, in less than a screen. The parser's own page would need two.
enum RootHelp {
    private static let indent = "  "
    private static let gap = 2

    /// Whether the arguments ask for it.
    static func isMeant(by arguments: [String]) -> Bool {
        [[], ["--help"], ["-h"], ["help"], ["-help"]].contains(arguments)
    }

    static var text: String {
        let configuration = Ralphctl.configuration
        let commands = configuration.groupedSubcommands.flatMap(\.subcommands)
        let width = (commands.compactMap { $0.configuration.commandName?.count }.max() ?? 0) + gap
        let groups = configuration.groupedSubcommands.flatMap { group in
            [group.name] + group.subcommands.map { line($0, width: width) }
        }
        let head = ["\(configuration.abstract) ralphctl COMMAND --help says more of each.", ""]
        return (head + groups + ["", configuration.discussion]).joined(separator: "\n") + "\n"
    }

    private static func line(_ command: any ParsableCommand.Type, width: Int) -> String {
        let name = command.configuration.commandName ?? ""
        let space = String(repeating: " ", count: max(1, width - name.count))
        return indent + name + space + command.configuration.abstract
    }
}
