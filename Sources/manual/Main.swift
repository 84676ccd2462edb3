import Foundation
import RalphCore
import RalphManual

/// `PROGRAM --experimental-dump-help | manual FILE-WITH-MORE-SECTIONS`: PROGRAM(1) on standard output.
@main
enum Main {
    static func main() throws {
        let sections = try CommandLine.arguments.dropFirst().map {
            try String(contentsOfFile: $0, encoding: .utf8)
        }
        let dump = try HelpDump.read(FileHandle.standardInput.readDataToEndOfFile())
        let page = ManualPage(dump, version: Version.text, sections: sections.joined())
        FileHandle.standardOutput.write(Data(page.text.utf8))
    }
}
