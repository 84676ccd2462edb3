internal import Glibc
internal import RalphCore
package import SystemPackage

/// The directory that checks run in: exactly a commit's tree, whatever an earlier check did there, beside the ignored
/// files that set-up and landed runs left.
package final class VerifyDirectory {
    /// Where a check runs.
    package struct Place: Equatable, Sendable {
        package var directory: FilePath
        /// True when set-up has to run, because nothing ignored is there that could be relied on.
        package var isNew: Bool
    }

    private let store: Store
    private let tree: WorkTree
    private let trash: Trash

    init(state: FilePath, store: Store, trash: Trash, patience: Duration) {
        self.store = store
        self.trash = trash
        tree = WorkTree(state.appending("verify"), store: store, trash: trash, patience: patience)
    }

    /// Its change time is the instant up to which ignored files are good.
    private var stamp: FilePath { FilePath(tree.path.string + ".trusted") }

    /// There from the instant that something may run in the directory until its leftovers are judged: a run whose end
    /// nobody saw, because the daemon died, did not land.
    private var used: FilePath { FilePath(tree.path.string + ".used") }
    /// The same file at all other times.
    private var unused: FilePath { FilePath(tree.path.string + ".unused") }

    func set(to commit: ObjectID, isClean: Bool, include: [String]) throws(Failure) -> Place {
        let target = try store.commit(commit).tree
        if !isClean, PathStatus(at: used) != nil, (try? dropLeftovers()) == nil { try tree.makeAnew() }
        if isClean { try tree.makeAnew() }
        if try tree.set(to: target) || isClean { unlink(stamp.string) }
        // A check leaves what it likes.
        tree.isTidy = false
        if let workTree = store.repository.workTree {
            try IncludePattern(from: workTree, to: tree.path).copy(include) { path in
                (try? store.entry(path, in: target)) != nil
            }
        }
        try SmallRepository(store: store, directory: tree.path, trash: trash).rebuild(
            at: commit,
            index: tree.index
        )
        try markUsed()
        return Place(directory: tree.path, isNew: PathStatus(at: stamp) == nil)
    }

    private func markUsed() throws(Failure) {
        if rename(unused.string, used.string) == 0 { return }
        let mark = open(used.string, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard mark >= 0 else { throw FileWriting.failure("create", used) }
        close(mark)
    }

    private func markUnused() { rename(used.string, unused.string) }

    func trustLeftovers() throws(Failure) {
        // A new change time is all that it takes.
        if chmod(stamp.string, 0o644) != 0 { try FileWriting.replace(stamp, []) }
        markUnused()
    }

    /// Deletes what is not tracked and was made or changed after the last good instant. What a check replaced is gone
    /// with that, so set-up has to run again.
    func dropLeftovers() throws(Failure) -> Bool {
        defer { markUnused() }
        guard tree.directory.isOurs else { return true }
        var isAny = false
        defer { if isAny { unlink(stamp.string) } }
        let good = PathStatus(at: stamp)?.changed ?? 0
        let index = try IndexFile(tree.index, objectFormat: store.repository.objectFormat)
        FileTree.walk(tree.path) { entry in
            if entry.path.elementsEqual(".git".utf8) { return .skip }
            if entry.status.kind == .directory { return .enter }
            if entry.status.changed > good, index[entry.path[...]] == nil {
                unlinkat(entry.directory, entry.name, 0)
                isAny = true
            }
            return .enter
        }
        return isAny
    }
}
