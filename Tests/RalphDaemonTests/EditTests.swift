import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// The author edits the PRD while one of its items runs.
@Suite("an edit of the PRD while an item runs", .timeLimit(.minutes(5)))
struct EditTests {
    private static let script = """
        item *
          run touch {place}/started
          write {item}.txt
            | {title}
          wait-for {place}/go
        """

    /// Starts, waits until the first item's agent runs, and edits.
    private func running(_ prd: String, edit: (String) -> String) throws -> (Project, DaemonProcess) {
        let project = try Project(prd, script: Self.script)
        let daemon = try project.start(untilDone: false)
        try wait(for: "the agent to start") { project.place.exists("started") }
        try project.repository.directory.write(edit(project.prd()), to: "PRD.md")
        return (project, daemon)
    }

    private func stop(_ daemon: DaemonProcess, _ project: Project) throws {
        daemon.send(SIGTERM)
        let ending = daemon.wait()
        #expect(ending.status == 0, "\(ending.errors)")
        try project.assertWhole(ending.errors)
    }

    @Test(
        "trap 26: a moved item and one with other attributes stay the same, and the edit is there beside the tick"
    )
    func moved() throws {
        let (project, daemon) = try running("- [ ] One\n- [ ] Two\n") {
            $0.replacing(
                "- [ ] One\n- [ ] Two\n",
                with: "- [ ] Two\n\nSome prose.\n\n- [ ] One {priority=1}\n"
            )
        }
        try project.place.write("", to: "go")
        try wait(for: "both") { try project.boxes() == [true, true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["one landed", "two landed"])
        #expect(try project.prd().contains("- [x] Two\n\nSome prose.\n\n- [x] One {priority=1}\n"))
    }

    @Test("trap 26: an item that is ticked by hand is done, and its iteration is cancelled")
    func tickedByHand() throws {
        let (project, daemon) = try running("- [ ] One\n") { $0.replacing("[ ]", with: "[x]") }
        try wait(for: "the item to be done") { try project.history().openIterations().isEmpty }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["one cancelled"])
        #expect(try project.item("one").state == .done)
        #expect(try project.landedItems().isEmpty)
    }

    @Test(
        "trap 26: a reworded item's iteration is cancelled, its work is kept, and the old text ticks nothing"
    )
    func reworded() throws {
        let (project, daemon) = try running("- [ ] Write the login page\n") {
            $0.replacing("Write the login page", with: "Write the login pages")
        }
        try wait(for: "the end of the iteration") { try project.history().openIterations().isEmpty }
        try project.place.write("", to: "go")
        try stop(daemon, project)
        #expect(try project.outcomes().map { $0.split(separator: " ")[1] } == ["cancelled"])
        let items = try project.history().items()
        #expect(items.count == 1)
        #expect(items[0].kept?.filesChanged == 1)
        #expect(items[0].strikes == 0)
        #expect(try project.boxes() == [false])
    }

    @Test("trap 26: an item that is deleted is withdrawn, and its iteration is cancelled")
    func deleted() throws {
        let (project, daemon) = try running("- [ ] One\n- [ ] Two\n") {
            $0.replacing("- [ ] One\n", with: "")
        }
        try wait(for: "the item to be withdrawn") { try project.item("one").state == .withdrawn }
        try project.place.write("", to: "go")
        try wait(for: "the other") { try project.boxes() == [true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["one cancelled", "two landed"])
    }

    @Test(
        "trap 24: a PRD that cannot be used changes nothing, and the reason is said",
        arguments: ["", "---\nchecks: [\n---\n- [ ] One\n", "\u{FFFD}broken"]
    )
    func broken(text: String) throws {
        let (project, daemon) = try running("- [ ] One\n") { _ in text }
        try wait(for: "the problem") { try project.history().project()?.prdProblems.isEmpty == false }
        #expect(try project.item("one").state == .running)
        try project.repository.git("checkout", "--", "PRD.md")
        try wait(for: "the problem to go") { try project.history().project()?.prdProblems.isEmpty == true }
        try project.place.write("", to: "go")
        try wait(for: "the item") { try project.boxes() == [true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["one landed"])
    }

    @Test(
        "trap 24: a PRD that is deleted or replaced by a directory stays in force, and status says why",
        arguments: [false, true]
    )
    func gone(isDirectory: Bool) throws {
        let (project, daemon) = try running("- [ ] One\n- [ ] Two\n") { $0 }
        let whole = try project.prd()
        let path = project.repository.path.appending("PRD.md").string
        try FileManager.default.removeItem(atPath: path)
        if isDirectory {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
        try wait(for: "the reason") {
            try project.history().project()?.prdProblems.contains {
                $0.message.contains(isDirectory ? "is no regular file" : "cannot be read")
            } == true
        }
        #expect(try project.item("one").state == .running)
        #expect(try project.item("two").state == .open)
        let status = try project.ctl("status", "--json").output
        #expect(status.contains(isDirectory ? "is no regular file" : "cannot be read"), "\(status)")
        #expect(try project.ctl("status").status == 3)
        if isDirectory { try FileManager.default.removeItem(atPath: path) }
        try project.repository.directory.write(whole, to: "PRD.md")
        try wait(for: "the reason to go") {
            try project.history().project()?.prdProblems.isEmpty == true
        }
        try project.place.write("", to: "go")
        try wait(for: "both") { try project.boxes() == [true, true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["one landed", "two landed"])
    }

    @Test("trap 24: a PRD that an editor moves away, and puts anew in its place, is read as it is then")
    func movedByEditor() throws {
        let (project, daemon) = try running("- [ ] One\n") { $0 }
        let path = project.repository.path.appending("PRD.md").string
        let new = try project.prd() + "- [ ] Two\n"
        #expect(rename(path, path + "~") == 0)
        try project.repository.directory.write(new, to: "PRD.md.new")
        #expect(rename(path + ".new", path) == 0)
        try project.place.write("", to: "go")
        try wait(for: "both") { try project.boxes() == [true, true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["one landed", "two landed"])
        #expect(try project.prd() == new.replacing("- [ ]", with: "- [x]"))
        #expect(try project.repository.directory.read("PRD.md~").contains("- [ ] One\n"))
    }

    @Test(
        "trap 24: a PRD on CRLF, or with a byte order mark, keeps all its bytes but the boxes",
        arguments: [false, true]
    )
    func otherBytes(isCRLF: Bool) throws {
        let project = try Project("- [ ] One {#a}\n- [ ] Two {#b}\n\nProse.")
        let text = try project.prd()
        let new = isCRLF ? text.replacing("\n", with: "\r\n") : "\u{FEFF}" + text
        try project.repository.commit("Save it otherwise", ["PRD.md": new])
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a landed", "b landed"])
        let expected = new.replacing("- [ ]", with: "- [x]")
        #expect(try project.repository.directory.bytes(of: "PRD.md") == Array(expected.utf8))
    }
}
