internal import RalphCore

/// Puts judged changes into a private index, and makes a tree of it.
struct Staging {
    let tree: WorkTree
    /// Hashing may take long: fifty megabytes a file.
    private static let patience = Duration.seconds(600)

    private var command: GitCommand {
        var git = tree.command
        git.deadline = Self.patience
        return git
    }

    /// Returns what could not be taken although it was judged good: a file whose encoding is not what an attribute says.
    func stage(removed: [[UInt8]], added: [[UInt8]]) throws(Failure) -> [Refusal] {
        // Removals first: a file may stand where a directory was.
        if try take(removed + added) { return [] }
        guard try take(removed) else { throw Failure(.git, "git cannot update the index of \(tree.path)") }
        return try halve(added[...])
    }

    /// The tree of what is staged.
    ///
    /// - Parameters:
    ///   - start: the tree and the index as they were before anything was staged; nil where they are not known.
    ///   - paths: all that was staged since.
    func writeTree(from start: (tree: ObjectID, index: IndexFile)?, paths: [[UInt8]]) throws(Failure)
        -> ObjectID
    {
        if let known = tree.indexTree { return known }
        let written: ObjectID
        if let edited = try edited(start, paths) {
            written = edited
        } else {
            written = ObjectID(try command.demand(["write-tree"]).text)
        }
        tree.indexTree = written
        return written
    }

    /// The tree from before with the staged entries set in it, by a git that runs already: `write-tree` takes a process
    /// and goes through the whole index. Nil where that is no gain, or where more changed than was asked for.
    private func edited(_ start: (tree: ObjectID, index: IndexFile)?, _ paths: [[UInt8]]) throws(Failure)
        -> ObjectID?
    {
        guard let start, !paths.isEmpty, paths.count <= Self.fewPaths else { return nil }
        let index = try IndexFile(tree.index, objectFormat: tree.store.repository.objectFormat)
        let changes = paths.map { (path: RepositoryPath($0), entry: index[$0[...]].map(index.treeEntry)) }
        let growth = changes.count { $0.entry != nil } - paths.count { start.index[$0[...]] != nil }
        // Not so where a file made room for a directory without being named.
        guard index.entries.count == start.index.entries.count + growth else { return nil }
        return try tree.store.tree(start.tree, setting: changes)
    }

    /// Each path costs a few questions; a whole tree costs one process.
    private static let fewPaths = 32
    private static let fewFiles = 2

    /// One file that git cannot read fails the whole command.
    private func halve(_ paths: ArraySlice<[UInt8]>) throws(Failure) -> [Refusal] {
        guard let first = paths.first, try !take(Array(paths)) else { return [] }
        if paths.count == 1 { return [Refusal(RepositoryPath(first), .unreadable)] }
        let middle = paths.startIndex + paths.count / 2
        return try halve(paths[..<middle]) + halve(paths[middle...])
    }

    private func take(_ paths: [[UInt8]]) throws(Failure) -> Bool {
        guard !paths.isEmpty else { return true }
        tree.indexTree = nil
        var command = command
        // A batch, as the store is set to, saves syncs, but makes and removes directories for it.
        if paths.count <= Self.fewFiles { command.settings.append(("core.fsyncMethod", "fsync")) }
        let arguments = ["update-index", "-z", "--add", "--remove", "--replace", "--stdin"]
        let output = try command.run(arguments, input: Array(paths.joined(separator: [0])) + [0])
        if output.isDiskFull {
            throw Failure(.storage, "the disk is full: \(output.reason)")
        }
        return output.isSuccess
    }
}
