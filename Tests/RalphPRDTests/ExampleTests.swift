import Foundation
import RalphCore
import Testing

@testable import RalphPRD

@Suite("The example")
struct ExampleTests {
    @Test("prd.example.md is read without a problem and says what it shows")
    func example() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let document = try PRD.parse(Array(Data(contentsOf: root.appendingPathComponent("prd.example.md"))))
        #expect(document.problems == [])
        #expect(
            document.items.map(\.key) == [
                "tally-version-prints-the-version", "start", "stop", "tally-note-text-adds-a-note-to-the",
                "tally-export-csv-quoted-as-rfc-4180-says", "tally-export-json-prints-an-array-of",
                "the-readme-s-examples-are-run-by-make",
                "US-001", "licence", "license-file-and-its-name-in-version",
                "make-install-prefix-with-a-man-page",
                "sync-between-two-machines", "idle-detection-does-a-person-want-this",
            ]
        )
        #expect(document.items.map(\.criteria.count) == [0, 2, 2, 0, 0, 0, 2, 3, 0, 0, 0, 0, 0])
        #expect(document.items.filter { $0.attributes.mode == .later }.count == 2)
        #expect(document.items.filter { $0.attributes.mode == .manual }.map(\.key) == ["licence"])
        let story = try #require(document.items.first { $0.key == "US-001" })
        #expect(story.attributes.after == ["start", "stop"])
        #expect(story.attributes.priority == 1)
        #expect(story.attributes.timeout == .seconds(5400))
        #expect(document.settings.checks?.map(\.name) == ["lint", "test"])
        #expect(document.settings.agents == [AgentChoice(name: "claude")])
    }
}
