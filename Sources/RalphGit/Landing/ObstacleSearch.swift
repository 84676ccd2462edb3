import RalphCore
import SystemPackage

/// Finds what in a checkout a landing would overwrite. Changes nothing there.
struct ObstacleSearch {
    let changes: LandingChanges
    let workTree: FilePath
    /// What the candidate takes away: not in the way of what it puts there.
    private let leaving: Set<[UInt8]>

    init(changes: LandingChanges, workTree: FilePath) {
        self.changes = changes
        self.workTree = workTree
        leaving = Set(changes.files.filter { $0.isPresentBefore && !$0.isPresentAfter }.map(\.path))
    }

    /// Untracked and ignored things where the candidate puts something new. No process.
    func strangers() -> Set<[UInt8]> {
        var found: Set<[UInt8]> = []
        for change in changes.files where change.isPresentAfter && !change.isPresentBefore {
            if let parent = blockingParent(of: change.path) {
                found.insert(parent)
                continue
            }
            guard let status = PathStatus(at: RawPath(workTree, change.path)) else { continue }
            if status.kind == .directory {
                found.formUnion(strangers(in: change.path))
            } else if !leaving.contains(change.path) {
                found.insert(change.path)
            }
        }
        return found
    }

    /// Tracked paths of the candidate that are missing; outside a sparse checkout each is a deletion of the user's.
    func missing() -> Bool {
        changes.files.contains { change in
            change.isPresentBefore && change.isPresentAfter
                && PathStatus(at: RawPath(workTree, change.path)) == nil
        }
    }

    /// Tracked paths of the candidate that are there, each with a zero behind it: one that is to be skipped in the work tree,
    /// and is there all the same, is the user's.
    private var present: [UInt8] {
        changes.files.filter { $0.isPresentBefore && PathStatus(at: RawPath(workTree, $0.path)) != nil }
            .flatMap { $0.path + [0] }
    }

    /// Tracked paths of the candidate that are modified, deleted or staged. `git` works on a private copy of the index, which it
    /// refreshes, also where the user said that a file is not to be looked at.
    func modified(against tip: ObjectID, git: GitCommand) throws(Failure) -> Set<[UInt8]> {
        _ = try git.run(["update-index", "-z", "--no-skip-worktree", "--stdin"], input: present)
        _ = try git.run(["update-index", "-q", "--really-refresh", "--ignore-submodules"])
        let dirty = try git.demand([
            "diff-files", "-z", "--name-only", "--no-renames", "--ignore-submodules=all",
        ])
        let staged = try git.demand([
            "diff-index", "--cached", "-z", "--name-only", "--no-renames", "--ignore-submodules=all",
            tip.rawValue,
        ])
        let touched = Set((dirty.fields + staged.fields).map { Array($0) })
        return Set(
            changes.files.filter { change in
                guard touched.contains(change.path) else { return false }
                // Deleted by both is no conflict.
                let isGone = PathStatus(at: RawPath(workTree, change.path)) == nil
                return !(isGone && leaving.contains(change.path))
            }
            .map(\.path)
        )
    }

    /// A file or link that stands where a directory is needed, and stays.
    private func blockingParent(of path: [UInt8]) -> [UInt8]? {
        for parent in PathStamp.parents(of: path) {
            guard let status = PathStatus(at: RawPath(workTree, parent)) else { return nil }
            if status.kind != .directory { return leaving.contains(parent) ? nil : parent }
        }
        return nil
    }

    /// What lies in a directory that a file is to replace, and stays.
    private func strangers(in directory: [UInt8]) -> Set<[UInt8]> {
        var found: Set<[UInt8]> = []
        let root = workTree.appending(bytes: directory)
        FileTree.look(root) { below, isDirectory in
            let path = directory + [UInt8(ascii: "/")] + below
            if !isDirectory && !leaving.contains(path) { found.insert(path) }
        }
        return found
    }
}

extension FileTree {
    /// Names everything below a directory. Unlike a walk in a directory of ours it changes no rights.
    fileprivate static func look(_ root: FilePath, _ visit: ([UInt8], _ isDirectory: Bool) -> Void) {
        var pending: [[UInt8]] = [[]]
        while let directory = pending.popLast() {
            let place = directory.isEmpty ? root : root.appending(bytes: directory)
            for name in LandingFile.rawNames(in: place) {
                let path = directory + (directory.isEmpty ? [] : [UInt8(ascii: "/")]) + name
                let isDirectory = PathStatus(at: RawPath(root, path))?.kind == .directory
                visit(path, isDirectory)
                if isDirectory { pending.append(path) }
            }
        }
    }
}
