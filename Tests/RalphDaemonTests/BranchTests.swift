import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// The author's branches move under the PRD while the daemon works.
@Suite("the PRD on several branches", .timeLimit(.minutes(5)))
struct BranchTests {
    private static let script =
        "item #a\n  run touch {place}/started\n  write a.txt\n    | a\n  wait-for {place}/go"

    private func stop(_ daemon: DaemonProcess, _ project: Project) throws {
        daemon.send(SIGTERM)
        let ending = daemon.wait()
        #expect(ending.status == 0, "\(ending.errors)")
        try project.assertWhole(ending.errors)
    }

    @Test("a box that is owed from another branch is ticked as soon as its own is checked out again")
    func onReturn() throws {
        let project = try Project("- [ ] Work {#a}", script: Self.script)
        let daemon = try project.start(untilDone: false)
        try wait(for: "the agent to start") { project.place.exists("started") }
        try project.repository.git("switch", "--quiet", "-c", "other")
        try project.place.write("", to: "go")
        try wait(for: "the landing") { try project.item("a").state == .done }
        #expect(try project.boxes() == [false])
        try project.repository.git("switch", "--quiet", "main")
        // The slow look, which would find it too, comes every 30 s.
        try wait(for: "the tick", seconds: 12) { try project.boxes() == [true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["a landed"])
    }

    @Test("what another branch's PRD says is no edit, however short the visit")
    func visits() throws {
        let project = try Project("- [ ] Work {#a}\n- [ ] More {#b after=a}", script: Self.script)
        try project.repository.git("switch", "--quiet", "-c", "other")
        let head = try project.prd().components(separatedBy: "- [ ]")[0]
        try project.repository.commit("Other", ["PRD.md": head + "- [x] Work {#a}\n- [ ] Strange {#s}\n"])
        try project.repository.git("switch", "--quiet", "main")
        let daemon = try project.start(untilDone: false)
        try wait(for: "the agent to start") { project.place.exists("started") }
        for _ in 0..<20 {
            try project.repository.git("switch", "--quiet", "other")
            try project.repository.git("switch", "--quiet", "main")
        }
        try project.place.write("", to: "go")
        try wait(for: "both to land") { try project.boxes() == [true, true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["a landed", "b landed"])
        #expect(try project.history().items().map(\.item.key).sorted() == ["a", "b"])
        #expect(try project.repository.git("show", "other:PRD.md").contains("- [ ] Strange"))
    }

    @Test(
        "what another branch's PRD says while a landing ends is no edit after the return, and status says why it is not read"
    )
    func landingMeanwhile() throws {
        let project = try Project("- [ ] Work {#a}\n- [ ] More {#b}", script: Self.script)
        let daemon = try project.start(untilDone: false)
        try wait(for: "the agent to start") { project.place.exists("started") }
        try project.repository.git("switch", "--quiet", "-c", "topic")
        let text =
            try project.prd().replacing("- [ ] More", with: "- [x] More") + "- [ ] Only on topic {#t}\n"
        try project.repository.commit("Topic", ["PRD.md": text])
        try wait(for: "status to say so") {
            try project.history().project()?.prdProblems.contains {
                $0.severity == .warning && $0.message.contains("is not on main")
            } == true
        }
        try project.place.write("", to: "go")
        try wait(for: "both to land") { try project.landedItems().sorted() == ["a", "b"] }
        try project.repository.git("switch", "--quiet", "main")
        try wait(for: "the ticks") { try project.boxes() == [true, true] }
        try wait(for: "the warning to go") { try project.history().project()?.prdProblems.isEmpty == true }
        try stop(daemon, project)
        #expect(try project.history().items().map(\.item.key).sorted() == ["a", "b"])
        #expect(try project.outcomes() == ["a landed", "b landed"])
    }

    @Test("a target that is deleted while another branch is checked out brings no other PRD into force")
    func targetGone() throws {
        let project = try Project("- [ ] Work {#a}", script: Self.script)
        let daemon = try project.start(untilDone: false)
        try wait(for: "the agent to start") { project.place.exists("started") }
        try project.repository.git("switch", "--quiet", "-c", "topic")
        try project.repository.commit(
            "Topic",
            ["PRD.md": try project.prd().replacing("Work {#a}", with: "Other words {#o}")]
        )
        let tip = try project.repository.git("rev-parse", "main")
        try project.repository.git("branch", "-qD", "main")
        try project.repository.directory.write(try project.prd() + "\n", to: "PRD.md")
        try wait(for: "status to say so") {
            try project.history().project()?.prdProblems.contains { $0.message.contains("is not on main") }
                == true
        }
        try project.repository.git("branch", "main", tip)
        try project.repository.git("checkout", "--quiet", "--", "PRD.md")
        try project.repository.git("switch", "--quiet", "main")
        try project.place.write("", to: "go")
        try wait(for: "the landing") { try project.boxes() == [true] }
        try stop(daemon, project)
        #expect(try project.outcomes() == ["a landed"])
        #expect(try project.history().items().map(\.item.key) == ["a"])
    }

    @Test("what was in force says nothing of a PRD of another name")
    func otherName() throws {
        let project = try Project("- [ ] One {#a}")
        #expect(try project.run().status == 0)
        try project.repository.directory.write("---\nchecks: [\n---\n- [ ] Two {#b}\n", to: "PLAN.md")
        let ending = try project.start(["PLAN.md"], more: [:]).wait()
        #expect(ending.status == 78)
        #expect(ending.errors.contains("PLAN.md:3"), "\(ending.errors)")
        #expect(try project.repository.directory.read("PLAN.md").hasPrefix("---\nchecks: [\n"))
        #expect(try project.outcomes() == ["a landed"])
        // The one that ran last may be broken at a start.
        try project.repository.directory.write("---\nagent: scr", to: "PRD.md")
        let daemon = try project.start(untilDone: false)
        try wait(for: "the start") { daemon.errors.contains("ready") }
        try stop(daemon, project)
    }
}
