import Foundation
import Glibc
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphProcess

/// A control group that these tests may divide; nil where none is delegated.
let ownGroup: ControlGroup? = {
    if let delegated = try? ControlGroup.delegated() { return delegated }
    // Root on a machine without systemd may divide any, also the root of all.
    guard geteuid() == 0, access("/run/systemd/system", F_OK) != 0,
        let mount = ControlGroup.mount(in: ControlGroup.read("/proc/self/mountinfo") ?? "")
    else { return nil }
    let group = try? ControlGroup(path: FilePath(mount.place)).make("ralphd-tests-\(getpid())")
    atexit { ownGroup?.end(until: .now + .seconds(5)) }
    return group
}()

@Suite("a control group", .enabled(if: ownGroup != nil), .timeLimit(.minutes(5)))
struct ControlGroupTests {
    private func group() throws -> ControlGroup { try #require(ownGroup) }

    @Test("is found by what the kernel says of mounts")
    func mounts() {
        let hybrid = """
            25 30 0:23 / /sys rw - sysfs sysfs rw
            31 25 0:27 / /sys/fs/cgroup/unified rw,nosuid shared:9 - cgroup2 cgroup2 rw
            """
        #expect(ControlGroup.mount(in: hybrid)?.place == "/sys/fs/cgroup/unified")
        #expect(ControlGroup.mount(in: hybrid)?.root == "")
        let container = "36 35 0:30 /docker/ab /sys/fs/cgroup ro - cgroup2 cgroup rw"
        #expect(ControlGroup.mount(in: container)?.root == "/docker/ab")
        #expect(ControlGroup.mount(in: "25 30 0:23 / /sys rw - sysfs sysfs rw") == nil)
    }

    @Test("ends what forked twice, took a session of its own, took its mark off and is deaf to SIGTERM")
    func escapes() async throws {
        let parent = try group()
        let lines = Lines()
        let spec = spec(
            """
            env -i /bin/sh -c '/usr/bin/setsid /bin/sh -c "trap \\"\\" TERM HUP; echo hidden \\$\\$; exec /bin/sleep 100" &'
            sleep 0.3; echo done
            """,
            in: .controlGroup(parent)
        )
        let result = await runTree(spec, onLine: lines.reader)
        #expect(result.ending == .exited(0))
        #expect(lines.texts.contains("done"))
        let hidden = try lines.pid("hidden")
        #expect(kill(hidden, 0) != 0 || ProcessEntry(pid: hidden)?.isAlive == false)
        let left = parent.children.compactMap { $0.path.lastComponent?.string }.filter {
            $0.hasPrefix(GroupMembership.prefix(of: spec.mark))
        }
        #expect(left.isEmpty)
    }

    @Test("ends what froze itself, and what made groups of its own")
    func frozen() async throws {
        let parent = try group()
        var spec = spec(
            """
            own=\(parent.path)/$(sed -n 's|^0::.*/||p' /proc/self/cgroup)
            mkdir $own/below; sleep 100 & echo $! > $own/below/cgroup.procs
            echo 1 > $own/cgroup.freeze; sleep 100
            """,
            in: .controlGroup(parent)
        )
        spec.timeout = .milliseconds(500)
        let result = await runTree(spec, onLine: { _, _, _ in .go })
        #expect(result.ending == .timedOut)
        #expect(alive(spec).isEmpty)
    }

    @Test("of an earlier life is ended at the next start, and only that of the same state directory")
    func leftovers() throws {
        let parent = try group()
        let (ours, other) = ("ralphd:\(UUID().uuidString)", "ralphd:\(UUID().uuidString)")
        let groups = try [ours, other].map {
            try #require(GroupMembership(in: parent, mark: "\($0)/1")).group
        }
        let pids = try groups.map { group in
            try Launch(
                program: "sh",
                arguments: ["-c", "echo 0 > \(group.processesFile); exec setsid sleep 100"],
                environment: ["PATH": "/usr/bin:/bin"]
            ).spawn(standard: (-1, -1, -1))
        }
        while groups.contains(where: { !$0.isPopulated }) { usleep(1_000) }
        parent.endChildren(named: GroupMembership.prefix(of: ours), until: .now + .seconds(9))
        #expect(access(groups[0].path.string, F_OK) != 0)
        #expect(groups[1].isPopulated)
        groups[1].end(until: .now + .seconds(9))
        for pid in pids { waitpid(pid, nil, 0) }
    }

    @Test("that cannot be made is no reason not to run")
    func impossible() async throws {
        let lines = Lines()
        let result = await runTree(
            spec("echo here", in: .controlGroup(ControlGroup(path: "/nowhere"))),
            onLine: lines.reader
        )
        #expect(result.ending == .exited(0))
        #expect(lines.texts == ["here"])
    }
}

@Suite("orphans that come back", .timeLimit(.minutes(5)))
struct StrayTests {
    @Test(
        "are found in the table of processes by whose children they are, and only while nobody else's tree could own them"
    )
    func attribution() throws {
        // This process does not adopt: it starts others itself. What decides is a pure choice.
        let old = ProcessIdentity(pid: 10, startTime: 100)
        let young = ProcessIdentity(pid: 11, startTime: 300)
        let choice = Strays.Choice(children: [12], otherTrees: [200])
        #expect(choice.isStray(old, of: 50))
        #expect(!choice.isStray(young, of: 50))
        #expect(!choice.isStray(ProcessIdentity(pid: 12, startTime: 100), of: 50))
        #expect(!choice.isStray(old, of: 150))
    }
}
