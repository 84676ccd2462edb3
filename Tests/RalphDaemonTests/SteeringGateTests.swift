import Foundation
import RalphCore
import RalphHistory
import RalphTestSupport
import SystemPackage
import Testing

/// An agent that would rather be judged by itself.
@Suite("an agent does not steer", .timeLimit(.minutes(5)))
struct SteeringGateTests {
    /// Ways to ask, as shell commands; `$ctl` is ralphctl with its instance, `$port` that of the TCP address.
    private static let ways = [
        "$ctl accept a",
        "$ctl skip b",
        "$ctl pause",
        "setsid sh -c \"$ctl accept a\"",
        "env -i PATH=\"$PATH\" $ctl accept a",
        "{ setsid env -i PATH=\"$PATH\" sh -c \"$ctl accept a\" & }; wait",
        // Leaves group, session, environment and parents behind, then asks.
        "( setsid sh -c \"( sleep 0.3; env -i PATH=$PATH $ctl accept a > said.part 2>&1; mv said.part said ) &\" ); "
            + "while [ ! -e said ]; do sleep 0.02; done; cat said; rm said",
        "curl -sS --unix-socket \"$socket\" -X POST http://x/v1/items/a/accept",
        "curl -sS -X POST \"http://127.0.0.1:$port/v1/items/a/accept\"",
        "env -i curl -sS -X POST \"http://localhost:$port/v1/items/a/accept\"",
        // From another of the machine's addresses than the one that is called.
        "here=$(hostname -I | cut -d' ' -f1); curl -sS --interface \"${here:-127.0.0.9}\" -X POST "
            + "\"http://127.0.0.1:$port/v1/items/a/accept\"",
    ]

    @Test(
        "whatever way an agent asks in, its item is not accepted, and it is told why; a person's word counts",
        arguments: ["best", "without bubblewrap"]
    )
    func refused(_ containment: String) throws {
        let project = try Project(
            "- [ ] One {#a}\n- [ ] Two {#b manual}",
            checks: "[\"false\"]",
            settings: "attempts: 1",
            agent: "claude"
        )
        if containment != "best" {
            chmod(try project.place.write("#!/bin/sh\nexit 1\n", to: "bin/bwrap").string, 0o755)
        }
        let ctl = DaemonProcess.programs.appending("ralphctl").string
        let lines = Self.ways.enumerated().map { index, way in
            "( \(way) ) > $place/said-\(index) 2>&1; echo $? > $place/status-\(index)"
        }
        try FakeClaude.install(
            in: project,
            """
            export socket=\(project.place.path)/s.sock port=$(cat $place/port)
            export ctl="\(ctl) --socket $socket"
            $ctl status --json > $place/asked 2>&1
            \(lines.joined(separator: "\n"))
            echo work > made
            say '\(FakeClaude.begin)'
            say '\(FakeClaude.result(usd: 0.1))'
            """
        )
        let port = try freePort()
        try project.place.write("\(port)", to: "port")
        let config = try project.place.write("listen: 127.0.0.1:\(port)\n", to: "host.yaml").string
        let socket = project.place.path.appending("s.sock").string
        let daemon = try project.start(["--config", config, "--socket", socket], untilDone: false)
        try wait(for: "the end of the iteration") { (try? project.outcomes()) == ["a checks_failed"] }
        for index in Self.ways.indices {
            let said = try project.place.read("said-\(index)")
            #expect(said.contains("may ask, but not steer"), "\(Self.ways[index]) said \(said)")
            // Where the last command is ralphctl itself.
            if !["curl", "rm said", "wait"].contains(where: Self.ways[index].contains) {
                #expect(try project.place.read("status-\(index)") == "1\n")
            }
        }
        #expect(try project.place.read("asked").contains("\"state\""))
        #expect(try project.item("a").state == .blocked)
        #expect(try project.boxes() == [false, false])
        #expect(try project.history().project()?.isPaused == false)

        let person = try DaemonProcess(
            "ralphctl",
            ["--socket", socket, "accept", "a"],
            environment: project.environment,
            directory: project.repository.path,
            logs: project.place.path.appending("logs")
        ).wait()
        #expect(person.status == 0, "\(person.errors)")
        try wait(for: "the tick") { try project.boxes() == [true, false] }
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
    }

    /// Nobody listens there now.
    private func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(descriptor, pointer, length) == 0)
                try #require(getsockname(descriptor, pointer, &length) == 0)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
    }
}
