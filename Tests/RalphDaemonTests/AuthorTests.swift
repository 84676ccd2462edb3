import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// The author works in the same repository, at the same time.
@Suite("the author's own work", .timeLimit(.minutes(5)))
struct AuthorTests {
    @Test("trap 22: dirty, staged and untracked files and stashes are there byte for byte afterwards")
    func usersFiles() throws {
        let project = try Project(
            "- [ ] One {#a}\n- [ ] Two {#b}",
            files: ["dirty": "1\n", "staged": "1\n", "both": "1\n", "gone": "1\n", ".gitignore": "*.o\n"]
        )
        let own = project.repository.directory
        try own.write("stashed\n", to: "dirty")
        try project.repository.git("stash")
        try own.write("2\n", to: "staged")
        try own.write("2\n", to: "both")
        try project.repository.git("add", "staged", "both")
        try own.write("3\n", to: "both")
        try own.write("2 without a newline", to: "dirty")
        try own.write("new\n", to: "new/file")
        try own.write("object\n", to: "x.o")
        try own.remove("gone")
        let before = try state(of: project)
        #expect(try project.run().status == 0)
        #expect(try state(of: project) == before)
        #expect(try project.landedItems() == ["b", "a"])
        #expect(try project.boxes() == [true, true])
    }

    private func state(of project: Project) throws -> [String] {
        let names = ["dirty", "staged", "both", "new/file", "x.o"]
        return try names.map { try project.repository.directory.read($0) } + [
            try project.repository.git("status", "--porcelain"),
            try project.repository.git("diff"),
            try project.repository.git("diff", "--cached"),
            try project.repository.git("stash", "list", "--format=%H"),
        ]
    }

    @Test(
        "trap 22: a landing waits for a file of the user's, says which, and lands once it is out of the way"
    )
    func fileInTheWay() throws {
        let project = try Project(
            "- [ ] One {#a}\n- [ ] Two {#b}",
            script: "item #a\n  write notes.txt\n    | the agent's",
            files: ["notes.txt": "first\n"]
        )
        try project.repository.directory.write("the author's\n", to: "notes.txt")
        let daemon = try project.start(untilDone: false)
        try wait(for: "the landing to wait and the other to land") {
            try project.boxes() == [false, true]
                && project.item("a").block?.kind == .inTheWay
        }
        #expect(try project.item("a").reason?.contains("notes.txt") == true)
        #expect(try project.repository.directory.read("notes.txt") == "the author's\n")
        #expect(try project.ctl("status").status == 3)
        try project.repository.directory.write("first\n", to: "notes.txt")
        try wait(for: "the landing") { try project.item("a").state == .done }
        #expect(try project.repository.directory.read("notes.txt") == "the agent's\n")
        daemon.send(SIGTERM)
        let ending = daemon.wait()
        #expect(ending.status == 0)
        try project.assertWhole(ending.errors)
        #expect(try project.outcomes() == ["a landed", "b landed"])
    }

    @Test(
        "a landing that waits is given up when its item is another one now, and its work is kept",
        arguments: ["edit", "delete", "skip", "accept"]
    )
    func givenUp(what: String) throws {
        let project = try Project(
            "- [ ] Write the login page {#a}\n- [ ] Two {#b}",
            script: "item #a\n  write notes.txt\n    | the agent's",
            files: ["notes.txt": "first\n"]
        )
        try project.repository.directory.write("the author's\n", to: "notes.txt")
        let daemon = try project.start(untilDone: false)
        try wait(for: "the landing to wait and the other to land") {
            try project.boxes() == [false, true] && project.item("a").block?.kind == .inTheWay
        }
        switch what {
        case "edit":
            let text = try project.prd().replacing("login page", with: "login pages")
            try project.repository.directory.write(text, to: "PRD.md")
        case "delete":
            let text = try project.prd().replacing("- [ ] Write the login page {#a}\n", with: "")
            try project.repository.directory.write(text, to: "PRD.md")
        default: try project.ctl(what, "a")
        }
        try wait(for: "its iteration to be closed") { try project.history().openIterations().isEmpty }
        try project.repository.directory.write("first\n", to: "notes.txt")
        daemon.send(SIGTERM)
        let ending = daemon.wait()
        #expect(ending.status == 0, "\(ending.errors)")
        try project.assertWhole(ending.errors)
        #expect(try project.outcomes() == ["a cancelled", "b landed"])
        #expect(try project.landedItems() == ["b"])
        #expect(try project.item("a").kept?.filesChanged == 1)
        #expect(try project.item("a").state == (what == "accept" ? .done : project.item("a").state))
    }

    @Test("trap 32: an evil title is inert in prompt, commit, status and shell")
    func evilTitle() throws {
        let title =
            "Fix \u{1B}[31mred $(touch {x}) `touch x` &#10;Ralph-Item: no \"quotes\" 'and' \u{202E}rtl "
            + String(repeating: "long ", count: 2000)
        let project = try Project("- [ ] \(title)\n- [ ] Next {#b}")
        let ending = try project.run()
        #expect(ending.status == 0)
        #expect(try project.outcomes().count == 2)
        #expect(try project.boxes() == [true, true])
        let message = try project.repository.git("log", "-1", "--format=%B", "main~1")
        for text in [
            message, ending.errors, try project.ctl("status").output, try project.ctl("items").output,
        ] {
            #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
        }
        let json = try project.ctl("items", "--json").output
        let items = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]]
        let titles = try #require(items, "\(json)").compactMap { $0["title"] as? String }
        #expect(!json.contains("\u{1B}"))
        #expect(titles.count == 2 && titles[0].contains("$(touch {x})") && titles[1] == "Next")
        #expect(message.split(separator: "\n")[0].count <= 72)
        #expect(!message.contains("\nRalph-Item: no"))
        #expect(!project.repository.directory.exists("x"))
        #expect(try !project.prompt(of: project.history().iterations(limit: 9).last!).contains("\u{1B}"))
    }

    @Test("trap 33: a commit of the user's during the checks is kept, and the work is checked on top of it")
    func commitDuringChecks() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            checks: """
                ["if [ $RALPH_STAGE = checks ] && mkdir {place}/once; then while ! [ -e {place}/go ]; do sleep 0.01; done; fi"]
                """
        )
        let daemon = try project.start()
        try wait(for: "the checks to run") { project.place.exists("once") }
        let users = try project.repository.commit("The user's", ["user.txt": "mine\n"])
        try project.place.write("", to: "go")
        let ending = daemon.wait()
        #expect(ending.status == 0)
        try project.assertWhole(ending.errors)
        #expect(try project.outcomes() == ["a landed"])
        #expect(try project.repository.resolve("main~1") == users)
        let row = try project.iterations(of: "a")[0]
        #expect(try project.history().checks(of: row.id).count == 2)
    }

    @Test("trap 41: an item whose landing is reverted is undone by you and is not done again")
    func reverted() throws {
        let project = try Project("- [ ] Work {#a}\n- [ ] More {#b}")
        #expect(try project.run("--items", "1").status == 0)
        try project.repository.git("revert", "--no-edit", "HEAD")
        #expect(try project.run().status == 3)
        #expect(try project.outcomes() == ["a landed", "b landed"])
        #expect(try project.item("a").block?.kind == .undone)
        #expect(try project.boxes() == [false, true])
    }

    @Test("trap 47: an item that is committed right below the one that lands is no conflict")
    func appendedBelow() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: "item #a\n  run touch {place}/started\n  write a.txt\n    | a\n  wait-for {place}/go"
        )
        let daemon = try project.start()
        try wait(for: "the agent to start") { project.place.exists("started") }
        try project.repository.commit("Plan", ["PRD.md": project.prd() + "- [ ] More {#b}\n"])
        try project.place.write("", to: "go")
        let ending = daemon.wait()
        #expect(ending.status == 0, "\(ending.errors)")
        try project.assertWhole(ending.errors)
        #expect(try project.outcomes() == ["a landed", "b landed"])
        #expect(try project.boxes() == [true, true])
        #expect(try project.repository.git("status", "--porcelain") == "")
    }

    @Test("trap 48: the target does not follow HEAD", arguments: ["switch -c other", "switch --detach"])
    func otherBranch(command: String) throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: "item #a\n  run touch {place}/started\n  write a.txt\n    | a\n  wait-for {place}/go"
        )
        let daemon = try project.start()
        try wait(for: "the agent to start") { project.place.exists("started") }
        let start = try project.repository.resolve("main")
        try project.repository.git(
            ["switch", "--quiet"] + command.split(separator: " ").dropFirst().map(String.init)
        )
        try project.place.write("", to: "go")
        let ending = daemon.wait()
        #expect(ending.status == 0, "\(ending.errors)")
        try project.assertWhole(ending.errors)
        #expect(try project.repository.resolve("HEAD") == start)
        #expect(try project.landedItems() == ["a"])
        #expect(try project.repository.git("status", "--porcelain") == "")
        try project.repository.git("switch", "--quiet", "main")
        #expect(try project.run().status == 0)
        #expect(try project.boxes() == [true])
        #expect(try project.outcomes() == ["a landed"])
    }

    @Test("trap 48: in the middle of a rebase a landing waits")
    func rebase() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: "item #a\n  run touch {place}/started\n  write a.txt\n    | a\n  wait-for {place}/go",
            files: ["x": "1\n"]
        )
        try project.repository.git("switch", "--quiet", "-c", "topic")
        try project.repository.commit("Theirs", ["x": "2\n"])
        try project.repository.git("switch", "--quiet", "main")
        try project.repository.commit("Ours", ["x": "3\n"])
        let daemon = try project.start(untilDone: false)
        try wait(for: "the agent to start") { project.place.exists("started") }
        #expect(try !project.repository.succeeds("rebase", "topic"))
        let tip = try project.repository.resolve("main")
        try project.place.write("", to: "go")
        try wait(for: "the landing to wait") { try project.item("a").state == .waiting }
        #expect(try project.item("a").reason?.contains("rebase") == true)
        #expect(try project.repository.resolve("main") == tip)
        try project.repository.git("rebase", "--abort")
        try wait(for: "the landing") { try project.boxes() == [true] }
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
        try project.assertWhole()
        #expect(try project.landedItems() == ["a"])
    }
}
