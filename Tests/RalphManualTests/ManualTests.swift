import Foundation
import RalphManual
import Testing

@Suite("manual pages", .timeLimit(.minutes(5)))
struct ManualTests {
    /// The directory of the programs, which is that of the test bundle.
    private static let programs: String = {
        let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let bundle =
            CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? own ?? CommandLine.arguments[0]
        return URL(filePath: bundle).deletingLastPathComponent().path
    }()

    private func output(_ program: String, _ arguments: String...) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "\(Self.programs)/\(program)")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return data
    }

    /// The words of every command that does something, and its own options, as the parser tells them.
    private func commands(_ command: [String: Any], _ words: [String] = []) -> [(
        words: [String], options: [String]
    )] {
        let name = command["commandName"] as? String ?? ""
        let inner = (command["subcommands"] as? [[String: Any]] ?? []).filter {
            $0["commandName"] as? String != "help"
        }
        let arguments = command["arguments"] as? [[String: Any]] ?? []
        let names = arguments.filter { $0["shouldDisplay"] as? Bool != false }.flatMap {
            $0["names"] as? [[String: String]] ?? []
        }
        let options = names.filter { $0["kind"] == "long" }.compactMap { $0["name"] }
        return inner.isEmpty ? [(words + [name], options)] : inner.flatMap { commands($0, words + [name]) }
    }

    private func commands(of program: String, _ dump: Data) throws -> [(words: [String], options: [String])] {
        let json = try JSONSerialization.jsonObject(with: dump) as? [String: Any]
        return commands(try #require(json?["command"] as? [String: Any]))
    }

    @Test("every command and every option is in the page", arguments: [("ralphd", 1), ("ralphctl", 20)])
    func complete(program: String, least: Int) throws {
        let dump = try output(program, "--experimental-dump-help")
        let page = ManualPage(try HelpDump.read(dump), version: "1", sections: "").text
        let commands = try commands(of: program, dump)
        #expect(commands.count >= least)
        for command in commands {
            if least > 1 { #expect(page.contains(".SS \"\(command.words.joined(separator: " "))\"")) }
            for option in command.options where option != "version" {
                let spelled = "\\-\\-" + option.split(separator: "-").joined(separator: "\\-")
                #expect(page.contains(spelled), "--\(option) of \(command.words)")
            }
        }
    }

    @Test(
        "every command and every option is completed",
        arguments: ["ralphd", "ralphctl"],
        ["bash", "zsh", "fish"]
    )
    func completions(program: String, shell: String) throws {
        let script = String(
            decoding: try output(program, "--generate-completion-script", shell),
            as: UTF8.self
        )
        for command in try commands(of: program, output(program, "--experimental-dump-help")) {
            for word in command.words + command.options where word != "version" {
                #expect(script.contains(word), "\(word) of \(command.words) in \(shell)")
            }
        }
    }

    @Test("nothing of a text acts in the page")
    func inert() throws {
        let dump = Data(
            """
            {"command": {"commandName": "x", "abstract": "Does it.", "discussion": ".SH EVIL\\n'so /etc/passwd\\nback\\\\slash"}}
            """.utf8
        )
        let page = ManualPage(try HelpDump.read(dump), version: "1", sections: ".SH MORE\n").text
        #expect(page.contains("x \\- does it\n"))
        #expect(page.contains("\n\\&.SH EVIL\n\\&'so /etc/passwd\nback\\eslash\n"))
        #expect(page.hasSuffix(".SH MORE\n"))
    }
}
