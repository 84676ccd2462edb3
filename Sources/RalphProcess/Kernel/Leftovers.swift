import Glibc

/// Finds and ends what an earlier life of the daemon left running.
package struct Leftovers: Sendable {
    /// How long the killed are waited for.
    private static let patience = Duration.seconds(5)

    private let markPrefix: String

    /// - Parameter markPrefix: what all marks of this state directory start with, and no others do; ends in `/`.
    package init(markPrefix: String) { self.markPrefix = markPrefix }

    /// Kills the process that was recorded and all that belongs to it, if pid, start time and mark still agree; else nobody.
    package func end(_ identity: ProcessIdentity, mark: String) -> Set<ProcessIdentity> {
        let mark = ProcessMark(mark)
        guard let entry = ProcessEntry(pid: identity.pid), entry.identity == identity,
            mark.isCarried(by: entry), identity.isAlive
        else { return [] }
        // Its kin first: it holds its number, by which they are found, until it is dead itself.
        let deadline = MonotonicInstant.now + Self.patience
        identity.signal(SIGSTOP)
        var killed = TreeMembers(leader: identity.pid, mark: mark).kill(until: deadline)
        if identity.signal(SIGKILL) { killed.insert(identity) }
        _ = identity.waitForEnd(until: deadline)
        return killed
    }

    /// The living processes that carry a mark of this state directory.
    package func find() -> [ProcessIdentity] {
        let mark = ProcessMark(prefix: markPrefix)
        return ProcessEntry.all()
            .filter { $0.isAlive && $0.pid != getpid() && mark.isCarried(by: $0) }
            .map(\.identity)
    }

    /// Kills every child of this process with its group, and waits for their ends. For the very end of a daemon.
    package static func endChildren() -> Set<ProcessIdentity> {
        var killed: Set<ProcessIdentity> = []
        for entry in ProcessEntry.all() where entry.parent == getpid() && entry.isAlive {
            let isLeader = entry.group == entry.pid
            if isLeader ? kill(-entry.pid, SIGKILL) == 0 : entry.identity.signal(SIGKILL) {
                killed.insert(entry.identity)
            }
        }
        return killed
    }

    /// Kills all of them, and waits for their ends. Returns those it killed.
    @discardableResult
    package func sweep() -> Set<ProcessIdentity> {
        TreeMembers.kill(until: .now + Self.patience, find: find)
    }
}
