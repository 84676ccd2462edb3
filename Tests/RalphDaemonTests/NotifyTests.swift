import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

@Suite("telling a person that something needs them", .timeLimit(.minutes(5)))
struct NotifyTests {
    private func project(_ notify: String) throws -> Project {
        let project = try Project(
            "- [ ] Ask {#a}\n- [ ] Fail {#b attempts=1}\n- [ ] Work {#c}",
            script: """
                item #a
                try 1
                  question Tabs, or $(touch {place}/evil)?
                item #b
                  write bad
                    | bad
                item #c
                  write c.txt
                    | c
                """,
            checks: "[\"! test -e bad\"]"
        )
        let text = notify.replacing("{place}", with: project.place.path.string)
        try project.place.write("notify: |\n  \(text)\n", to: "host.yaml")
        return project
    }

    private func told(_ project: Project) throws -> [String] {
        guard project.place.exists("told") else { return [] }
        return try project.place.read("told").split(separator: "\n").map(String.init)
    }

    private func run(_ project: Project) throws -> DaemonProcess.Ending {
        try project.start("--config", project.place.path.string + "/host.yaml").wait()
    }

    @Test("each need is told once, with the command that ends it, and not again after a restart")
    func once() throws {
        let project = try project(
            "echo \"$RALPH_PROJECT/$RALPH_KIND/$RALPH_ITEM/$RALPH_TITLE/$RALPH_MESSAGE/$RALPH_DO\" >> {place}/told"
        )
        let ending = try run(project)
        #expect(ending.status == 3, "\(ending.errors)")
        let first = try told(project)
        let name = try #require(try project.history().project()?.name)
        #expect(first.count == 2, "\(first)")
        #expect(first.contains { $0.hasPrefix("\(name)/question/a/Ask/Tabs, or $(touch ") })
        #expect(first.contains { $0.hasPrefix("\(name)/blocked/b/Fail/1 try, it ended checks_failed") })
        #expect(first.contains { $0.hasSuffix("/ralphctl retry b --note \"…\"") })
        #expect(!project.place.exists("evil"))
        #expect(try run(project).status == 3)
        #expect(try told(project) == first)
        let daemon = try project.start(
            ["--config", project.place.path.string + "/host.yaml"],
            untilDone: false
        )
        try wait(for: "the daemon to be ready") { daemon.errors.contains("ready") }
        #expect(try project.ctl("retry", "b").status == 0)
        try wait(for: "what was over and is back") { try told(project).count == 3 }
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole()
    }

    @Test("a command that fails is said in the log, and what it had to tell is told by the next life")
    func fails() throws {
        let project = try project(
            "test -e {place}/network || exit 7; echo \"$RALPH_KIND\" >> {place}/told"
        )
        let ending = try run(project)
        #expect(ending.status == 3)
        #expect(ending.errors.contains("nobody could be notified"), "\(ending.errors)")
        #expect(ending.errors.contains("failed, exit 7"))
        #expect(try told(project).isEmpty)
        try project.place.write("", to: "network")
        #expect(try run(project).status == 3)
        #expect(try told(project).sorted() == ["blocked", "question"])
    }

    @Test("of many at once the first five are told, and how many the others are")
    func many() throws {
        let project = try Project(
            (1...9).map { "- [ ] Item \($0) {#i\($0) manual}\n- [ ] Next \($0) {#n\($0) after=i\($0)}" }
                .joined(separator: "\n")
        )
        let place = project.place.path.string
        try project.place.write(
            "notify: echo \"$RALPH_ITEM $RALPH_MESSAGE\" >> \(place)/told\n",
            to: "host.yaml"
        )
        #expect(try run(project).status == 3)
        let all = try told(project)
        #expect(all.count == 6, "\(all)")
        #expect(all.last == " 4 more things need you")
    }
}
