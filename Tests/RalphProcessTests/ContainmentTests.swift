import Foundation
import Glibc
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphProcess

/// A `PATH` on which `bwrap` is this script.
private func path(bwrap script: String) throws -> (place: TemporaryDirectory, program: FilePath) {
    let place = try TemporaryDirectory()
    let program = try place.write("#!/bin/sh\n\(script)\n", to: "bwrap")
    chmod(program.string, 0o755)
    return (place, program)
}

private let bwrap: FilePath? = {
    for case .namespace(let bwrap, _) in containments { return bwrap }
    return nil
}()

@Suite("containment", .timeLimit(.minutes(5)))
struct ContainmentTests {
    @Test("without bubblewrap it is the group, and says why")
    func absent() {
        let finding = Containment.detect(environment: ["PATH": "/nowhere"])
        #expect(finding.containment.name != "namespace")
        #expect(
            finding.reason.hasPrefix("no bubblewrap: cannot start bwrap: no such program in PATH /nowhere; ")
        )
    }

    @Test("a bubblewrap that does not work here is not used, and says why")
    func broken() throws {
        let (place, _) = try path(bwrap: "echo 'bwrap: No permissions to create new namespace' >&2; exit 1")
        let finding = Containment.detect(environment: ["PATH": place.path.string])
        #expect(finding.containment.name != "namespace")
        #expect(finding.reason.hasPrefix("bubblewrap fails: bwrap: No permissions to create new namespace; "))
    }

    @Test("a bubblewrap that stops working later is no exit of the program's", arguments: [true, false])
    func brokenLater(mergesErrors: Bool) async throws {
        let (place, program) = try path(bwrap: "echo 'bwrap: Creating new namespace failed' >&2; exit 1")
        defer { withExtendedLifetime(place) {} }
        var spec = spec("echo never", in: .namespace(bwrap: program))
        spec.mergesErrors = mergesErrors
        let result = await runTree(spec, onLine: { _, _, _ in .go })
        let message = "cannot start in a namespace: bwrap: Creating new namespace failed"
        #expect(result.ending == .couldNotStart(errno: EPERM, message: message))
    }

    @Test("inside a namespace no other process can be seen or signalled", .enabled(if: bwrap != nil))
    func isolation() async throws {
        let lines = Lines()
        let spec = spec(
            "kill -0 \(getpid()) 2>/dev/null || echo unreachable; kill -9 -1; echo $$",
            in: containments[1]
        )
        let result = await runTree(spec, onLine: lines.reader)
        #expect(lines.texts.first == "unreachable")
        #expect(result.ending == .exited(0))
    }

    @Test(
        "when the thread that started it dies, as with the daemon, the whole namespace dies",
        .enabled(if: bwrap != nil)
    )
    func parentDeath() async throws {
        let mark = "orphaned-\(UUID().uuidString)/1"
        let launch = Launch(
            program: try #require(bwrap).string,
            arguments: Containment.openFlags + Containment.namespaceFlags + [
                "--", "sh", "-c", "(setsid sh -c 'trap \"\" TERM HUP; exec sleep 100' &) ; exec sleep 100",
            ],
            environment: ["PATH": "/usr/bin:/bin", ProcessMark.variable: mark]
        )
        let pid: pid_t = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let pid = (try? launch.spawn(standard: (-1, -1, -1))) ?? 0
                // bubblewrap and its first process, and the two sleepers.
                while Leftovers(markPrefix: mark).find().count < 4 { usleep(2_000) }
                continuation.resume(returning: pid)
            }
        }
        #expect(ends(pid))
        waitpid(pid, nil, 0)
        while !Leftovers(markPrefix: mark).find().isEmpty { usleep(2_000) }
    }
}
