import CRalph
import Glibc
import Synchronization

/// Orphans that the kernel hands to this process instead of to init, once it asked for that: what forked twice, took a session of
/// its own and its mark off, and can be known by nothing else.
///
/// One that may belong to a tree which still runs is left until that one ends.
package enum Strays {
    private struct State {
        var isAsked = false
        /// Children that this process started itself.
        var children: Set<pid_t> = []
        /// Start times of the trees that run, in ticks since boot.
        var trees: [UInt64: Int] = [:]
    }

    private static let state = Mutex(State())

    /// Asks for them. Only for a process that starts nothing but by this module.
    package static func adopt() {
        guard ralph_become_subreaper() == 0 else { return }
        state.withLock { $0.isAsked = true }
    }

    /// Starts a child, in one step with knowing it.
    static func start(_ body: () throws(LaunchError) -> pid_t) throws(LaunchError) -> pid_t {
        let result = state.withLock { state in
            Result { () throws(LaunchError) in
                let pid = try body()
                state.children.insert(pid)
                return pid
            }
        }
        return try result.get()
    }

    static func reaped(_ pid: pid_t) { state.withLock { _ = $0.children.remove(pid) } }

    static func treeBegan(_ ticks: UInt64) { state.withLock { $0.trees[ticks, default: 0] += 1 } }

    static func treeEnded(_ ticks: UInt64) {
        state.withLock { state in
            let left = (state.trees[ticks] ?? 0) - 1
            state.trees[ticks] = left > 0 ? left : nil
        }
    }

    /// Kills those that can only be of the tree that began then, with all below them, and reaps the dead.
    static func kill(since ticks: UInt64, until instant: MonotonicInstant) -> Set<ProcessIdentity> {
        guard state.withLock({ $0.isAsked }) else { return [] }
        let killed = TreeMembers.kill(until: instant) { find(since: ticks) }
        for entry in ProcessEntry.all() where entry.parent == getpid() && !entry.isAlive {
            let isOurs = state.withLock { $0.children.contains(entry.pid) }
            if !isOurs { waitpid(entry.pid, nil, WNOHANG) }
        }
        return killed
    }

    private static func find(since ticks: UInt64) -> [ProcessIdentity] {
        let table = ProcessEntry.all()
        let adopted = table.filter { $0.parent == getpid() }
        return state.withLock { state in
            let others = state.trees.flatMap { start, count in
                Array(repeating: start, count: start == ticks ? count - 1 : count)
            }
            let choice = Choice(children: state.children, otherTrees: others)
            let strays = adopted.filter { choice.isStray($0.identity, of: ticks) }
            return strays.flatMap { [$0] + table.descendants(of: $0.pid) }.filter(\.isAlive).map(\.identity)
        }
    }

    /// Whether a child of this process was handed to it, and by whose tree.
    struct Choice {
        var children: Set<pid_t>
        /// When the other trees that run began.
        var otherTrees: [UInt64]

        func isStray(_ process: ProcessIdentity, of tree: UInt64) -> Bool {
            !children.contains(process.pid) && process.startTime >= tree
                && !otherTrees.contains { $0 <= process.startTime }
        }
    }
}
