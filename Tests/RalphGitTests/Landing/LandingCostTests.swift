import Foundation
import Glibc
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

@Suite("What a landing costs", .serialized)
struct LandingCostTests {
    @Test("once everything is warm it is one git process", .timeLimit(.minutes(5)))
    func processes() throws {
        let plain = try LandingScene()
        let script = "#!/bin/sh\necho \"$*\" >> \(plain.state.path)/log\nexec \(plain.host.git) \"$@\"\n"
        let program = try plain.state.write(script, to: "bin/git")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.string)
        let scene = LandingScene(plain, git: program)
        #expect(try scene.land(scene.candidate(["a.txt": .file("1\n")])) == .landed)
        let second = try scene.candidate(["a.txt": .file("2\n"), "new.txt": .file("new\n")])
        try scene.state.write("", to: "log")
        #expect(try scene.land(second) == .landed)
        let commands = try scene.state.read("log").split(separator: "\n")
        #expect(commands.count == 1 && commands.allSatisfy { $0.contains(" merge --ff-only ") })
    }

    @Test(
        "in milliseconds, by the number of files",
        .enabled(if: getenv("RALPH_MEASURE") != nil),
        arguments: [200, 10_000]
    )
    func time(_ files: Int) throws {
        let scene = try LandingScene(user: TemporaryRepository(files: files))
        var times: [Duration] = []
        for number in 1...15 {
            let candidate = try scene.candidate([
                "folder0/file0.txt": .file("changed \(number)\n"), "new\(number).txt": .file("new\n"),
            ])
            let clock = ContinuousClock()
            let start = clock.now
            #expect(try scene.land(candidate) == .landed)
            times.append(clock.now - start)
        }
        print(
            "landing, \(files) files: median \(times.sorted()[times.count / 2]), best \(times.min() ?? .zero)"
        )
    }
}
