import Foundation
import RalphCore
import RalphGit
import RalphProcess
import RalphTestSupport
import SystemPackage
import Testing

/// Where git dies: on entering its nth call of a kind.
struct KillPoint: Sendable, CustomTestStringConvertible {
    let call: String
    let number: Int
    var testDescription: String { "\(call) \(number)" }

    /// All writes to the user's disk of a merge of the usual work: `ORIG_HEAD`, the work tree, the index, both reflogs, the ref.
    static let all =
        points("rename", 1, 2, 3) + points("unlink", 1, 3, 4, 5) + points("mkdir", 1, 2)
        + points("symlink", 1)
        + points("write", 1, 3, 4, 6, 7, 9, 10, 11, 12)

    private static func points(_ call: String, _ numbers: Int...) -> [KillPoint] {
        numbers.map { KillPoint(call: call, number: $0) }
    }

    /// Needs leave to trace, which containers often do not give.
    static let isPossible: Bool = {
        let command = try? CapturedCommand(
            "strace",
            ["--seccomp-bpf", "-f", "-qq", "-o", "/dev/null", "true"],
            environment: ProcessInfo.processInfo.environment,
            deadline: .seconds(10)
        ).run()
        return command?.isSuccess ?? false
    }()
}

@Suite(
    "A landing's git killed at every write",
    .serialized,
    .timeLimit(.minutes(5)),
    .enabled(if: KillPoint.isPossible)
)
struct LandingKillTests {
    @Test("lands exactly once, whether or not the daemon dies with it", arguments: KillPoint.all)
    func killed(_ point: KillPoint) throws {
        let plain = try LandingRecoveryTests.occupied()
        let scene = try plain.withGit(dyingAt: point)
        let files = try scene.files()
        let status = try scene.status()
        let intent = try plain.intent(for: plain.candidate(LandingScene.work))
        var landing = try scene.landing()
        if point.number.isMultiple(of: 2) {
            landing.atStep = { step throws(Failure) in
                if step == .merged { throw Failure(.internalError, "killed") }
            }
            #expect(throws: Failure.self) { try landing.carryOut(intent) }
        } else {
            switch try landing.carryOut(intent) {
            case .landed: break
            case .busy:
                #expect(try scene.files() == files)
                try scene.expectWhole()
            case let other: Issue.record("\(other)")
            }
        }
        #expect(scene.state.exists("killed"))
        try LandingRecoveryTests.expectLandsOnce(plain, intent, files: files, status: status)
    }
}

extension LandingScene {
    /// The same scene with a git that is killed in its merge.
    func withGit(dyingAt point: KillPoint) throws -> LandingScene {
        let real = host.git
        let script = """
            #!/bin/sh
            case " $* " in
            *" merge "*)
                touch \(state.path)/killed
                exec strace --seccomp-bpf -f -qq -o /dev/null -e trace=\(point.call) -e inject=\(point.call):signal=KILL:when=\(point.number) \\
                    \(real) "$@" ;;
            esac
            exec \(real) "$@"
            """
        let program = try state.write(script, to: "bin/git")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.string)
        return LandingScene(self, git: program)
    }
}
