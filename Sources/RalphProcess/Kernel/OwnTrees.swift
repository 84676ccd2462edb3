import Glibc
import SystemPackage

/// The process trees that this process runs: agents, checks, set-up, and whatever came of them.
package struct OwnTrees: Sendable {
    private let mark: ProcessMark
    private let group: ControlGroup?
    private let root: pid_t

    /// How deep a line of parents may be before it is taken for a mistake of the reading.
    private static let longestLine = 4096

    /// - Parameter markPrefix: of all trees of this state directory; ends in `/`.
    package init(markPrefix: String, containment: Containment) {
        mark = ProcessMark(prefix: markPrefix)
        if case .controlGroup(let group) = containment { self.group = group } else { group = nil }
        root = getpid()
    }

    /// Whether the process is in one of them: by its line of parents, by its mark, or by its control group. Nil when it is gone.
    package func include(_ pid: Int32) -> Bool? {
        guard let entry = ProcessEntry(pid: pid), entry.isAlive else { return nil }
        if mark.isCarried(by: entry) || isInGroup(pid) { return true }
        return descends(entry)
    }

    /// Parents that end meanwhile hand their children on: a line that breaks off is read again.
    private func descends(_ entry: ProcessEntry) -> Bool? {
        var next = entry
        for _ in 0..<Self.longestLine {
            if next.parent == root { return true }
            if next.parent <= 1 { return false }
            if let parent = ProcessEntry(pid: next.parent) {
                next = parent
                continue
            }
            guard let again = ProcessEntry(pid: entry.pid), again.identity == entry.identity else {
                return nil
            }
            next = again
        }
        return nil
    }

    /// The daemon itself lives in a group below the same one; its trees do not.
    private func isInGroup(_ pid: pid_t) -> Bool {
        guard let group, pid != root, let own = Self.place(of: root), let place = Self.place(of: pid) else {
            return false
        }
        let name = group.path.lastComponent?.string ?? ""
        return place != own && !name.isEmpty && place.contains("/\(name)/")
    }

    /// "0::/user.slice/…", without its start.
    private static func place(of pid: pid_t) -> Substring? {
        ControlGroup.read(FilePath("/proc/\(pid)/cgroup"))?.split(separator: "\n").first {
            $0.hasPrefix("0::")
        }?.dropFirst(3)
    }
}
