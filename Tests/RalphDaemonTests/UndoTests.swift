import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// `ralphctl undo` against the real daemon.
@Suite("taking a landing back", .timeLimit(.minutes(5)))
struct UndoTests {
    /// A daemon that has landed `a` and then `b`.
    private func landed(
        script: String = "item *\n  write {item}.txt\n    | {title}",
        checks: String? = "[\"true\"]",
        _ prd: String = "- [ ] One {#a}\n- [ ] Two {#b}"
    ) throws -> (project: Project, daemon: DaemonProcess) {
        let project = try Project(prd, script: script, checks: checks)
        let daemon = try project.start(untilDone: false)
        try wait(for: "both to land") {
            try Array(project.boxes().prefix(2)) == [true, true] && project.item("b").state == .done
        }
        return (project, daemon)
    }

    private func stop(_ daemon: DaemonProcess, _ project: Project) throws {
        daemon.send(SIGTERM)
        let ending = daemon.wait()
        #expect(ending.status == 0, "\(ending.errors)")
        try project.assertWhole(ending.errors)
        #expect(try project.history().undos() == [])
    }

    @Test(
        "its work is reverted by a commit, its box is open, it is blocked as undone by you, and the rest stands"
    )
    func undone() throws {
        let (project, daemon) = try landed()
        let ending = try project.ctl("undo", "a")
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(ending.output.contains("the landing of a is taken back by "))
        try wait(for: "the box to open") { try project.item("a").block?.kind == .undone }
        #expect(try project.boxes() == [false, true])
        #expect(try project.files().filter { $0.hasSuffix(".txt") } == ["b.txt"])
        #expect(try project.repository.git("log", "-1", "--format=%s") == "Revert \"One\"")
        let landing = try #require(project.iterations(of: "a").last?.commit)
        #expect(
            try project.repository.git("log", "-1", "--format=%b").contains("This reverts commit \(landing)")
        )
        #expect(try project.repository.git("status", "--porcelain") == "")
        #expect(
            try project.repository.git("diff", "--stat", "HEAD~1", "--", "PRD.md").contains("1 file changed")
        )
        #expect(try project.outcomes() == ["a landed", "b landed"])
        #expect(try project.ctl("status").status == 3)
        let again = try project.ctl("undo", "a")
        #expect(again.status == 1 && again.errors.contains("is not done"))
        #expect(try project.ctl("retry", "a").status == 0)
        try wait(for: "it to land again") { try project.boxes() == [true, true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["a landed", "b landed", "a landed"])
        #expect(try project.files().contains("a.txt"))
    }

    @Test("later work on the same lines: nothing is changed, and it says what to do")
    func conflict() throws {
        let (project, daemon) = try landed(
            script: "item #a\n  write x.txt\n    | a\nitem #b\n  write x.txt\n    | b"
        )
        let tip = try project.repository.resolve("main")
        let ending = try project.ctl("undo", "a")
        #expect(ending.status == 1)
        #expect(ending.errors.contains("later work changed the same lines of x.txt"), "\(ending.errors)")
        #expect(try project.repository.resolve("main") == tip)
        #expect(try project.item("a").state == .done)
        #expect(try project.boxes() == [true, true])
        try stop(daemon, project)
    }

    @Test("checks that are red without it: nothing is changed, and it says which")
    func redChecks() throws {
        let (project, daemon) = try landed(checks: "[{name: both, run: \"[ ! -e b.txt ] || [ -e a.txt ]\"}]")
        let tip = try project.repository.resolve("main")
        let ending = try project.ctl("undo", "a")
        #expect(ending.status == 1)
        #expect(ending.errors.contains("without it the checks fail (both:"), "\(ending.errors)")
        #expect(try project.repository.resolve("main") == tip)
        #expect(try project.boxes() == [true, true])
        try stop(daemon, project)
    }

    @Test("a file of the user's that is in the way is named and untouched; the undo goes on once it is clean")
    func inTheWay() throws {
        let (project, daemon) = try landed()
        try project.repository.directory.write("mine\n", to: "a.txt")
        #expect(try project.ctl("undo", "a", "--no-wait").status == 0)
        try wait(for: "the undo to wait") {
            try project.history().events(after: EventID(0), limit: 10_000).contains {
                $0.details["undo"] == "waiting" && $0.details["message"]?.contains("a.txt") == true
            }
        }
        #expect(try project.repository.directory.read("a.txt") == "mine\n")
        try project.repository.git("checkout", "--", "a.txt")
        try wait(for: "the box to open") { try project.item("a").block?.kind == .undone }
        #expect(!project.repository.directory.exists("a.txt"))
        try stop(daemon, project)
    }

    @Test("an untracked PRD's box is opened beside, with criteria and all else of the document as it was")
    func besides() throws {
        let (project, daemon) = try landed(
            checks: "[\"true\"]",
            "- [ ] One {#a}\n  - [ ] part\n- [ ] Two {#b}"
        )
        let before = try project.prd()
        try project.repository.directory.write(before + "\nProse that is not committed.\n", to: "PRD.md")
        #expect(try project.ctl("undo", "a").status == 0)
        try wait(for: "the box to open") { try project.item("a").block?.kind == .undone }
        let after = try project.prd()
        #expect(after.contains("- [ ] One {#a}\n  - [ ] part\n- [x] Two"))
        #expect(after.hasSuffix("\nProse that is not committed.\n"))
        try stop(daemon, project)
    }

    @Test(
        "killed while the checks of an undo run, the next life takes it back once",
        arguments: [SIGKILL, SIGTERM]
    )
    func killed(signal: Int32) throws {
        let (project, daemon) = try landed(
            checks: """
                ["if [ -e b.txt ] && [ ! -e a.txt ] && mkdir {place}/once; then while ! [ -e {place}/go ]; do sleep 0.01; done; fi"]
                """
        )
        #expect(try project.ctl("undo", "a", "--no-wait").status == 0)
        try wait(for: "the checks to run") { project.place.exists("once") }
        daemon.send(signal)
        _ = daemon.wait()
        #expect(try project.history().undos().count == 1)
        try project.place.write("", to: "go")
        let next = try project.start(untilDone: false)
        try wait(for: "the box to open") { try project.item("a").block?.kind == .undone }
        try stop(next, project)
        #expect(
            try project.repository.git("log", "--format=%s").split(separator: "\n").filter {
                $0.hasPrefix("Revert")
            }.count == 1
        )
        #expect(try project.boxes() == [false, true])
    }

    @Test("what ralphd did not land it does not undo, and says so")
    func notLanded() throws {
        let (project, daemon) = try landed(
            checks: "[\"true\"]",
            "- [ ] One {#a}\n- [ ] Two {#b}\n- [ ] Later {#c later}"
        )
        try project.repository.directory.write(
            project.prd().replacing("[ ] Later", with: "[x] Later"),
            to: "PRD.md"
        )
        try wait(for: "it to be done by hand") { try project.item("c").state == .done }
        let ending = try project.ctl("undo", "c")
        #expect(ending.status == 1)
        #expect(ending.errors.contains("was not landed by ralphd"), "\(ending.errors)")
        #expect(try project.ctl("undo", "nothing").status == 66)
        try stop(daemon, project)
    }
}
