package import ArgumentParser
import Foundation
import RalphCore
import SystemPackage

/// The command line of `ralphd`.
package struct DaemonCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "ralphd",
        abstract:
            "Works through a PRD, one fresh coding agent per item; lands only what the project's checks pass.",
        discussion: """
            Without PRD it takes PRD.md, prd.md, docs/PRD.md or docs/prd.md of the working directory.
            The front matter of the PRD runs commands as you: start ralphd only on a PRD that you trust.

              ralphd                          run until it is stopped
              ralphd --until-done             run until nothing is left that can run
              ralphd --check-config           look at everything, start nothing

            Exit status: 0 done or stopped, 1 failed, 64 usage, 75 another instance runs, 78 configuration;
            with --until-done also 3 (only a person can go on) and 4 (a wait longer than --wait).
            """
    )

    @Argument(help: "The PRD: a Markdown file with check boxes.")
    package var prd: String?

    @Option(help: ArgumentHelp("Name of the project; names the state directory.", valueName: "name"))
    package var name: String?

    @Option(help: ArgumentHelp("Where history, workspaces and logs are kept.", valueName: "directory"))
    package var stateDir: String?

    @Option(help: ArgumentHelp("Unix socket to listen on.", valueName: "path"))
    package var socket: String?

    @Option(help: ArgumentHelp("Host configuration, YAML.", valueName: "file"))
    package var config: String?

    @Option(
        help: ArgumentHelp("Agent to use instead of the PRD's: claude, codex:MODEL, …", valueName: "agent")
    )
    package var agent: String?

    @Flag(help: "End when nothing is left that can run by itself.")
    package var untilDone = false

    @Option(help: ArgumentHelp("End after this many items are finished.", valueName: "count"))
    package var items: Int?

    @Option(
        help: ArgumentHelp(
            "With --until-done: the longest wait to sit out, such as 6h.",
            valueName: "duration"
        )
    )
    package var wait: String?

    @Flag(help: "Check PRD, repository, agents and checks, and end.")
    package var checkConfig = false

    @Option(
        help: ArgumentHelp(
            "Make one tiny real run of an agent, print what came of it as JSON, and end.",
            valueName: "agent"
        )
    )
    package var testAgent: String?

    @Flag(help: "Print the version and end.")
    package var version = false

    package init() {}

    package func run() async throws {
        if version {
            print("ralphd \(Version.text)")
            return
        }
        do {
            if let testAgent {
                print(try await TrialSetting.load(self).report(on: testAgent))
                return
            }
            let configuration = try Configuration.load(self, environment: ProcessInfo.processInfo.environment)
            let daemon = try await Composition(configuration)
            if checkConfig {
                print(try await daemon.plan())
                return
            }
            let end = try await daemon.run()
            if let words = end.words { say(words) }
            if end.exitCode != 0 { throw ArgumentParser.ExitCode(end.exitCode) }
        } catch let failure as Failure {
            say(failure.message)
            throw ArgumentParser.ExitCode(failure.code.exitCode)
        }
    }

    private func say(_ text: String) {
        StandardError.write("ralphd: \(PlainText.line(text))\n")
    }
}
