import Foundation
import Glibc

extension ActKind {
    static let signals: [String: Int32] = [
        "HUP": SIGHUP, "INT": SIGINT, "KILL": SIGKILL, "SEGV": SIGSEGV, "STOP": SIGSTOP, "TERM": SIGTERM,
    ]

    static var signalNames: String { signals.keys.sorted().joined(separator: ", ") }

    /// What real ones have been seen to do.
    static let misbehaviours = [
        ActKind("sleep", "SECONDS", .seconds, "wait") { _, seconds, _ in
            usleep(useconds_t((Double(seconds) ?? 0) * 1_000_000))
        },
        ActKind("wait-for", "FILE", .word, "wait until FILE is there") { stage, file, _ in
            while access(file, F_OK) != 0 { usleep(2_000) }
        },
        ActKind("hang", .nothing, "never go on") { _, _, _ in while true { pause() } },
        ActKind("busy", .nothing, "never go on, and use all of a processor") { _, _, _ in
            while true { getpid() }
        },
        ActKind("ignore-term", .nothing, "ignore SIGTERM and SIGHUP from here on") { _, _, _ in
            signal(SIGTERM, SIG_IGN)
            signal(SIGHUP, SIG_IGN)
        },
        ActKind("background", "COMMAND", .word, "start a shell command and leave it running") {
            _,
            command,
            _ in
            AgentStage.shell("(\(command)) &")
        },
        ActKind(
            "daemon",
            "SECONDS",
            .seconds,
            "leave a child, forked twice, in a session of its own, deaf to SIGTERM"
        ) {
            _,
            seconds,
            _ in
            AgentStage.shell("(setsid sh -c 'trap \"\" TERM HUP; exec sleep \(seconds)' &)")
        },
        ActKind("flood", "BYTES", .size, "print so much, in lines") { stage, size, _ in
            let line = String(repeating: "flood ", count: 20)
            let bytes = ActKind.size(size) ?? 0
            for _ in 0...(bytes / (line.utf8.count + 1)) { stage.voice.raw(line) }
        },
        ActKind("long-line", "BYTES", .size, "print so much without a newline, then one") { stage, size, _ in
            stage.voice.longLine(ActKind.size(size) ?? 0)
        },
        ActKind("close-output", .nothing, "close standard output and standard error, and go on") { _, _, _ in
            close(1)
            close(2)
        },
        ActKind("signal", "NAME", .signal, "send itself \(signalNames)") { _, name, _ in
            kill(getpid(), signals[name] ?? SIGTERM)
        },
        ActKind("exit", "STATUS", .status, "exit at once, without an end of its turn") { _, status, _ in
            exit(Int32(status) ?? 1)
        },
    ]

    private init(
        _ name: String,
        _ needs: Needs,
        _ explanation: String,
        perform: @escaping @Sendable (AgentStage, String, String) throws -> Void
    ) {
        self.init(name, "", needs, explanation, perform: perform)
    }
}
