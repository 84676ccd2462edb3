import Foundation
import RalphCore
import RalphHistory
import RalphProcess
import RalphTestSupport
import SystemPackage
import Testing

private let hasBubblewrap: Bool = {
    if case .namespace = Containment.detect(environment: ["PATH": "/usr/bin:/bin"]).containment {
        return true
    }
    return false
}()

@Suite("a sandbox", .timeLimit(.minutes(5)))
struct SandboxTests {
    @Test(
        "lets nobody write to the person's repository, the PRD or the daemon's state, and work lands as ever",
        .enabled(if: hasBubblewrap)
    )
    func sealed() throws {
        // Each line of `tried` is a place that could be written to.
        let attempts = """
            for f in "$REPO/PRD.md" "$REPO/src/new" "$REPO/.git/config" "$REPO/.git/new" "$STATE/history.sqlite" "$STATE/new" \
              "$STATE/store.git/new" "$STATE/logs/new" "$HOME/.config/ralphd/new" /etc/ralphd-new; do
              (echo x >> "$f") 2>/dev/null && echo "$1 $f" >> "$HOME/tried"
            done
            mv "$REPO/PRD.md" "$REPO/gone" 2>/dev/null && echo "$1 mv" >> "$HOME/tried"
            rm -rf "$REPO/src" "$STATE/store.git" 2>/dev/null
            echo "$1" >> "$HOME/ran"; touch "/tmp/$MARKED" && rm "/tmp/$MARKED" && echo "$1 tmp" >> "$HOME/ran"
            """
        var project = try Project(
            "- [ ] Work {#a}",
            script: """
                item *
                  run sh "$HOME/attempts" agent
                  run echo made > made.txt; git log --oneline | grep -q Start
                """,
            checks: "[\"sh \\\"$HOME/attempts\\\" check; test -f made.txt || test ! -e ../nothing\"]",
            settings: "sandbox: true\nsetup: [sh \"$HOME/attempts\" setup]\nenv: [REPO, STATE, MARKED]",
            files: ["src/kept": "kept\n"]
        )
        project.variables = [
            "REPO": project.repository.path.string, "STATE": project.state.string,
            "MARKED": "ralphd-\(UUID().uuidString)",
        ]
        try project.place.write(attempts, to: "home/attempts")
        try project.place.write("", to: "home/.config/ralphd/.keep")
        let before = try project.repository.directory.read(".git/config")
        #expect(try project.run().status == 0)
        #expect(try project.outcomes() == ["a landed"])
        #expect(try project.boxes() == [true])
        #expect(!project.place.exists("home/tried"), "\((try? project.place.read("home/tried")) ?? "")")
        let ran = Set(try project.place.read("home/ran").split(separator: "\n").map(String.init))
        #expect(ran == ["agent", "agent tmp", "check", "check tmp", "setup", "setup tmp"])
        #expect(try project.repository.directory.read(".git/config") == before)
        #expect(try project.repository.directory.read("src/kept") == "kept\n")
        #expect(try project.repository.directory.read("made.txt") == "made\n")
    }

    @Test("that cannot be had holds the project, and nothing is started without it")
    func missing() throws {
        var project = try Project(
            "- [ ] Work {#a}",
            script: "item *\n  run echo started > {place}/started",
            settings: "sandbox: true"
        )
        // No bubblewrap on this PATH, and git where it is.
        try project.place.write("#!/bin/sh\nexit 1\n", to: "bin/bwrap")
        chmod(project.place.path.appending("bin/bwrap").string, 0o755)
        project.path = "\(project.place.path)/bin:/usr/bin:/bin"
        #expect(try project.run("--wait", "1s").status == 3)
        #expect(try project.outcomes() == [])
        #expect(!project.place.exists("started"))
        let hold = try #require(try project.history().project()?.hold)
        #expect(hold.kind == .environment)
        #expect(hold.message.hasPrefix("a sandbox needs bubblewrap, which does not work here: "))
    }
}
