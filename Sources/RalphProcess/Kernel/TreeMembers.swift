import Glibc

/// The processes of one tree other than its leader: its session, its group, its descendants, and whoever carries its mark.
///
/// Only to be asked while the leader's pid is held (alive, or not yet reaped): session and group go by that number.
struct TreeMembers {
    let leader: pid_t
    let mark: ProcessMark

    /// How often the table is read again, because what was killed may just have forked.
    private static let rounds = 50

    func find() -> [ProcessIdentity] {
        entries().filter { $0.isAlive && $0.pid != leader }.map(\.identity)
    }

    /// Processor time of the whole tree, its leader included, in clock ticks.
    func ticks() -> UInt64 { entries().reduce(0) { $0 + $1.ticks } }

    private func entries() -> [ProcessEntry] {
        let table = ProcessEntry.all()
        let kin = Set(table.descendants(of: leader).map(\.pid))
        return table.filter { entry in
            guard entry.pid != getpid() else { return false }
            return entry.pid == leader || entry.session == leader || entry.group == leader
                || kin.contains(entry.pid) || mark.isCarried(by: entry)
        }
    }

    /// Kills until none is found, and waits for their ends. Returns those it had to kill.
    func kill(until instant: MonotonicInstant) -> Set<ProcessIdentity> {
        Self.kill(until: instant, find: find)
    }

    static func kill(until instant: MonotonicInstant, find: () -> [ProcessIdentity]) -> Set<ProcessIdentity> {
        var killed: Set<ProcessIdentity> = []
        for _ in 0..<rounds {
            let members = find()
            for member in members where member.signal(SIGKILL) { killed.insert(member) }
            if members.isEmpty || instant.hasPassed { break }
            for member in members { _ = member.waitForEnd(until: instant) }
        }
        return killed
    }
}
