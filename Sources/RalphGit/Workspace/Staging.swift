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

    func writeTree() throws(Failure) -> ObjectID {
        if let known = tree.indexTree { return known }
        let written = ObjectID(try command.demand(["write-tree"]).text)
        tree.indexTree = written
        return written
    }

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
        let arguments = ["update-index", "-z", "--add", "--remove", "--replace", "--stdin"]
        let output = try command.run(arguments, input: Array(paths.joined(separator: [0])) + [0])
        if output.isDiskFull {
            throw Failure(.storage, "the disk is full: \(output.reason)")
        }
        return output.isSuccess
    }
}
