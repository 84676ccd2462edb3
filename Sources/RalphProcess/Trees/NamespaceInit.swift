import Glibc

/// The first process of a bubblewrap PID namespace. When it is gone, the kernel has ended everything in it.
struct NamespaceInit {
    private let identity: ProcessIdentity

    /// Reads its pid from what bubblewrap writes to `--info-fd`. Nil when bubblewrap failed, or the tree is over already.
    init?(info: borrowing Descriptor, leader: pid_t) {
        let patience = MonotonicInstant.now + .seconds(5)
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 256)
        reading: while !text.contains(UInt8(ascii: "}")) {
            var polled = pollfd(fd: info.raw, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, patience.millisecondsFromNow) > 0 else { return nil }
            switch info.read(into: &chunk) {
            case .bytes(let count): text += chunk[..<count]
            case .nothingYet: continue reading
            case .end: return nil
            }
        }
        guard let pid = Self.childPID(in: String(decoding: text, as: UTF8.self)),
            let entry = ProcessEntry(pid: pid), entry.parent == leader
        else { return nil }
        identity = entry.identity
    }

    private static func childPID(in json: String) -> pid_t? {
        let parts = json.split { !($0.isNumber || $0.isLetter || $0 == "-") }
        guard let key = parts.firstIndex(of: "child-pid"), key + 1 < parts.count else { return nil }
        return pid_t(parts[key + 1])
    }

    /// Signals the program inside and its group. Never bubblewrap itself, whose death would kill all at once; its first
    /// process is in that group, but the kernel shields it from everything that it does not handle.
    /// - Returns: false when there is no program, not yet or no more.
    func signalProgram(_ signal: Int32) -> Bool {
        let table = ProcessEntry.all()
        // Orphans become children of the first process too, but the program is the oldest.
        let program = table.filter { $0.parent == identity.pid }
            .min { $0.identity.startTime < $1.identity.startTime }
        guard let program else { return false }
        for entry in table where entry.group == program.group { entry.identity.signal(signal) }
        return true
    }

    /// Kills all in the namespace, and waits until the kernel is through with it.
    func kill(until instant: MonotonicInstant) {
        identity.signal(SIGKILL)
        _ = identity.waitForEnd(until: instant)
    }
}
