import ArgumentParser
import Testing

@testable import RalphCommands

@Suite("help")
struct HelpTests {
    /// Every command with the words that lead to it.
    private static func all(_ command: any ParsableCommand.Type = Ralphctl.self) -> [any ParsableCommand.Type]
    {
        [command] + command.configuration.subcommands.flatMap { all($0) }
    }

    @Test("every command's help is under 40 lines, no line over 80, and shows an example")
    func helpIsShort() {
        let commands = HelpTests.all()
        #expect(commands.count > 20)
        for command in commands {
            let isRoot = command == Ralphctl.self
            let help = isRoot ? RootHelp.text : Ralphctl.helpMessage(for: command, columns: 80)
            let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count < 40, "\(command) has \(lines.count) lines of help")
            #expect(help.contains("Example: ralphctl"), "\(command) shows no example")
            #expect(lines.allSatisfy { $0.count <= 80 }, "\(command) is too wide")
        }
    }

    @Test("--help goes to standard output and is no failure")
    func helpFlag() async {
        let ctl = Ctl()
        #expect(await ctl.run(["retry", "--help"]) == 0)
        #expect(ctl.output.text.contains("USAGE: ralphctl retry"))
        #expect(ctl.errors.text.isEmpty)
    }

    @Test(
        "a bare ralphctl, help and --version are no failures",
        arguments: [[], ["help"], ["help", "log"], ["--version"], ["prd"]]
    )
    func bare(arguments: [String]) async {
        let ctl = Ctl()
        #expect(await ctl.run(arguments) == 0)
        #expect(!ctl.output.text.isEmpty)
        #expect(ctl.errors.text.isEmpty)
    }

    @Test(
        "a command that is not there is answered with the nearest one",
        arguments: [["stauts"], ["help", "stauts"], ["--json", "stauts", "-v"]]
    )
    func misspelt(arguments: [String]) async {
        let ctl = Ctl()
        #expect(await ctl.run(arguments) == 64)
        #expect(
            ctl.errors.text
                == "ralphctl: there is no command stauts, did you mean status? ralphctl help lists them\n"
        )
        #expect(ctl.output.text.isEmpty)
    }
}
