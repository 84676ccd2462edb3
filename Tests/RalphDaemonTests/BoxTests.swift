import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// Boxes that the author moves while the daemon moves them too.
@Suite("boxes moved at the same time", .timeLimit(.minutes(5)))
struct BoxTests {
    /// Writes another file each time, so that the item can land twice.
    private static let script = "item *\n  run date +%N > {item}.txt"

    private func stop(_ daemon: DaemonProcess, _ project: Project) throws {
        daemon.send(SIGTERM)
        let ending = daemon.wait()
        #expect(ending.status == 0, "\(ending.errors)")
        try project.assertWhole(ending.errors)
    }

    @Test("a box that is unticked in the instant of its own landing is an order to do the item again")
    func untickedAtOnce() throws {
        let project = try Project("- [ ] One {#a}", script: Self.script)
        let path = project.repository.path.appending("PRD.md").string
        let daemon = try project.start(untilDone: false)
        // Without a pause: the daemon still holds its gate closed.
        try wait(for: "the landing") {
            guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.contains("[x] One")
            else {
                return false
            }
            try text.replacing("[x] One", with: "[ ] One").write(
                toFile: path,
                atomically: true,
                encoding: .utf8
            )
            return true
        }
        try wait(for: "the second landing") { try project.landedItems() == ["a", "a"] }
        try wait(for: "the tick") { try project.boxes() == [true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["a landed", "a landed"])
    }

    @Test("an untick counts although another save follows at once")
    func twoSaves() throws {
        let project = try Project("- [ ] One {#a}\n- [ ] Two {#b}", script: Self.script)
        let daemon = try project.start(untilDone: false)
        try wait(for: "both to land") { try project.boxes() == [true, true] }
        try wait(for: "the ticks to be read") { try project.history().items().allSatisfy(\.item.isTicked) }
        let text = try project.prd().replacing("[x] One", with: "[ ] One")
        try project.repository.directory.write(text, to: "PRD.md")
        usleep(20_000)
        try project.repository.directory.write(text + "- [ ] Three {#c}\n", to: "PRD.md")
        try wait(for: "all to land") { try project.landedItems().sorted() == ["a", "a", "b", "c"] }
        try wait(for: "the ticks") { try project.boxes() == [true, true, true] }
        try stop(daemon, project)
    }

    @Test("trap 40: git checkout of an older PRD drops no tick, not even a single one")
    func checkoutOfAnOlderOne() throws {
        let project = try Project("- [ ] One {#a}\n- [ ] Two {#b}", script: Self.script)
        let daemon = try project.start(untilDone: false)
        try wait(for: "both to land") { try project.boxes() == [true, true] }
        try wait(for: "the ticks to be read") { try project.history().items().allSatisfy(\.item.isTicked) }
        try project.repository.git("checkout", "--quiet", "HEAD~1", "--", "PRD.md")
        try wait(for: "the tick to be back") { try project.boxes() == [true, true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["a landed", "b landed"])
    }

    @Test("a box whose tick is in no commit is unticked by hand, and that counts")
    func uncommittedTick() throws {
        let project = try Project("- [ ] One {#a}", script: Self.script)
        let daemon = try project.start(untilDone: false)
        // So that the tick is written beside.
        try project.repository.directory.write(try project.prd() + "\nA note.\n", to: "PRD.md")
        try wait(for: "the tick") { try project.boxes() == [true] }
        try wait(for: "it to be read") { try project.history().items().allSatisfy(\.item.isTicked) }
        try project.repository.directory.write(
            try project.prd().replacing("[x] One", with: "[ ] One"),
            to: "PRD.md"
        )
        try wait(for: "the second landing") { try project.landedItems() == ["a", "a"] }
        try wait(for: "the second tick") { try project.boxes() == [true] }
        try stop(daemon, project)
    }

    @Test("trap 42: work for half a title is stopped, and begins anew when the text is still")
    func halfATitle() throws {
        let project = try Project(
            "- [x] Old",
            script:
                "item *\n  run touch {place}/started\n  write made.txt\n    | {title}\n  wait-for {place}/go"
        )
        let daemon = try project.start(untilDone: false, environment: ["RALPHD_STILL_SECONDS": "1"])
        try wait(for: "the start") { (try? project.history().project())?.prdReadAt != nil }
        let old = try project.prd()
        try project.repository.directory.write(old + "- [ ] Add login with a cap", to: "PRD.md")
        try wait(for: "the agent") { project.place.exists("started") }
        try project.repository.directory.write(old + "- [ ] Add login with a captcha\n", to: "PRD.md")
        try wait(for: "the half to be stopped") {
            try project.outcomes().first?.hasSuffix("cancelled") == true
        }
        let item = try #require(try project.history().items().first { $0.state != .done })
        #expect(item.state == .waiting && item.reason?.contains("still") == true)
        try project.place.write("", to: "go")
        try wait(for: "the landing") { try project.boxes() == [true, true] }
        try stop(daemon, project)
        #expect(try project.prd().hasSuffix("- [x] Add login with a captcha\n"))
        #expect(try project.repository.directory.read("made.txt").contains("captcha"))
        let landed = try project.history().iterations(limit: 9).filter { $0.outcome == .landed }
        #expect(landed.count == 1)
    }

    @Test("boxes of a read-only PRD wait, with the reason, and are ticked once it can be written")
    func readOnly() throws {
        let project = try Project("- [ ] One {#a}", script: Self.script, files: [".gitignore": "PLAN.md\n"])
        let plan = project.repository.path.appending("PLAN.md").string
        try project.repository.directory.write(try project.prd(), to: "PLAN.md")
        chmod(plan, 0o444)
        let daemon = try project.start(["PLAN.md"], untilDone: false)
        try wait(for: "the reason") {
            (try? project.history().project())?.prdProblems.contains { $0.message.contains("chmod u+w") }
                == true
        }
        #expect(try project.ctl("status").status == 3)
        #expect(daemon.errors.components(separatedBy: "wait to be ticked").count <= 3)
        chmod(plan, 0o644)
        try wait(for: "the tick") { try String(contentsOfFile: plan, encoding: .utf8).contains("- [x] One") }
        try wait(for: "the reason to go") { try project.history().project()?.prdProblems.isEmpty == true }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["a landed"])
    }

    @Test("an item that is added from the terminal runs, and stands where it was asked for")
    func add() throws {
        let project = try Project("# Now\n\n- [x] One {#a}\n\n# Later\n\n- [ ] Two")
        let daemon = try project.start(untilDone: false)
        try wait(for: "the start") { (try? project.history().project())?.state == .idle }
        let plain = try project.ctl("add", "Three {#c}")
        #expect(plain.status == 0 && plain.output.contains("added #c on line 9"), "\(plain)")
        let after = try project.ctl("add", "Four {#d}", "--after", "c", "--json")
        #expect(after.status == 0, "\(after)")
        #expect(try project.ctl("add", "Five", "--section", "Nowhere").status == 66)
        #expect(try project.ctl("add", "Six", "--section", "Now", "--after", "c").status == 64)
        try wait(for: "both to be ticked") { try project.prd().contains("- [x] Four") }
        #expect(try project.landedItems() == ["d", "c"])
        let text = try project.prd()
        #expect(
            text.contains("- [x] One {#a}\n- [x] Three {#c}\n- [x] Four {#d after=c}\n\n# Later\n"),
            "\(text)"
        )
        try stop(daemon, project)
    }
}
