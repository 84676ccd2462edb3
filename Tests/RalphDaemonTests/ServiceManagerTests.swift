import Foundation
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphDaemon

@Suite("a daemon under a service manager", .timeLimit(.minutes(5)))
struct ServiceManagerTests {
    private func start(
        _ project: Project,
        _ socket: NotifySocket,
        watchdog: Int? = nil,
        config: String? = nil
    ) throws
        -> DaemonProcess
    {
        var variables = ["NOTIFY_SOCKET": socket.name]
        if let watchdog { variables["WATCHDOG_USEC"] = "\(watchdog)" }
        var arguments = ["--state-dir", project.state.string]
        if let config { arguments += ["--config", config] }
        return try DaemonProcess(
            "ralphd",
            arguments,
            environment: project.environment.merging(variables) { $1 },
            directory: project.repository.path,
            logs: project.place.path.appending("logs")
        )
    }

    @Test("it is ready when it answers, feeds the watchdog, says what it does, and stops with 0")
    func life() throws {
        let project = try Project(
            "- [ ] Work {#a}",
            script: "item *\n  run env > {place}/agent-env\n  write a.txt\n    | a",
            checks: "[\"env > {place}/check-env\"]",
            settings: "env: [NOTIFY_SOCKET, WATCHDOG_USEC]"
        )
        let socket = try NotifySocket("@ralphd-test-\(UUID().uuidString)")
        let daemon = try start(project, socket, watchdog: 2_000_000)
        try socket.await("ready") { $0.hasPrefix("READY=1\n") }
        #expect(try project.ctl("status", "--json").status == 0)
        #expect(socket.messages.contains { $0.hasPrefix("EXTEND_TIMEOUT_USEC=") })
        try socket.await("all is done") { $0.contains("STATUS=idle") && $0.contains("1 of 1 items done") }
        for _ in 0..<2 { try socket.await("a sign of life") { $0 == "WATCHDOG=1" } }
        daemon.send(SIGTERM)
        try socket.await("stopping") { $0.hasPrefix("STOPPING=1\n") }
        #expect(daemon.wait().status == 0)
        for file in ["agent-env", "check-env"] {
            let environment = try project.place.read(file)
            #expect(
                !environment.contains("NOTIFY_SOCKET") && !environment.contains("WATCHDOG_USEC"),
                "\(file)"
            )
        }
        try project.assertWhole()
    }

    @Test("a reload takes the host's file; a bad one keeps the last good, and says its line")
    func reload() throws {
        let project = try Project("- [ ] Work {#a}", script: "item *\n  write {item}.txt\n    | a")
        let config = project.place.path.appending("host.yaml").string
        try project.place.write("log-level: notice\n", to: "host.yaml")
        let socket = try NotifySocket(project.place.path.appending("notify").string)
        let daemon = try start(project, socket, config: config)
        try socket.await("ready") { $0.hasPrefix("READY=1\n") }

        try project.place.write("log-level: notice\nattempts: many\n", to: "host.yaml")
        daemon.send(SIGHUP)
        try socket.await("reloading") { $0.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") }
        try socket.await("ready again") { $0.hasPrefix("READY=1\n") }
        let status = try project.ctl("status", "--json")
        #expect(status.output.contains("host.yaml:2"), "\(status.output)")

        try project.place.write("log-level: debug\nattempts: 2\nsocket: /nonexistent/s\n", to: "host.yaml")
        daemon.send(SIGHUP)
        try socket.await("ready again") { $0.hasPrefix("READY=1\n") }
        #expect(try !project.ctl("status", "--json").output.contains("host.yaml"))
        #expect(daemon.errors.contains("take effect at the next start keys=socket"))
        daemon.send(SIGTERM)
        #expect(daemon.wait().status == 0)
    }

    @Test("nothing is sent, and nothing watched, where no service manager is")
    func alone() {
        #expect(!ServiceManager(environment: [:]).isPresent)
        #expect(!ServiceManager(environment: ["NOTIFY_SOCKET": ""]).isPresent)
        #expect(ServiceManager(environment: ["WATCHDOG_USEC": "1000000"]).watchdog == nil)
    }

    @Test(
        "the watchdog's span is taken where it is meant for this process",
        arguments: [
            ("3000000", "7", .seconds(3)), ("3000000", "8", nil), ("3000000", nil, .seconds(3)),
            ("0", nil, nil),
            ("many", nil, nil),
        ] as [(String, String?, Duration?)]
    )
    func watchdog(span: String, pid: String?, expected: Duration?) {
        var environment = ["NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": span]
        if let pid { environment["WATCHDOG_PID"] = pid }
        #expect(ServiceManager(environment: environment, pid: 7).watchdog == expected)
        #expect(ServiceManager.childEnvironment(environment.merging(["HOME": "/"]) { $1 }) == ["HOME": "/"])
    }

    @Test("a token is taken only from a file that nobody else can read")
    func tokenFile() throws {
        let place = try TemporaryDirectory("ralph-token")
        let token = "0123456789abcdef0123456789abcdef"
        try place.write(token + "\n", to: "token")
        let file = TokenFile(name: "token", environment: [:], directory: place.path.string)
        let path = place.path.appending("token").string
        for mode in [0o644, 0o660, 0o602] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(throws: Failure.self) { try file.read() }
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(try file.read() == token)
        try place.write("short", to: "token")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(throws: Failure.self) { try file.read() }
        #expect(throws: Failure.self) {
            try TokenFile(name: "none", environment: [:], directory: place.path.string).read()
        }
    }
}
