internal import Glibc
internal import RalphCore
internal import RalphProcess
internal import SystemPackage

/// Merges work onto a tip that moved, in the store and without a work tree.
///
/// Both sides get the base as their only parent, because git would else bring back commits that the author dropped. The
/// PRD takes no part: it is the base's on both sides, and the tip's in the result.
struct Merge {
    enum Result: Equatable {
        case merged(ObjectID)
        case conflict([RepositoryPath])
    }

    let store: Store
    let prdPath: RepositoryPath?
    /// Seconds since 1970.
    let time: Int64

    /// The tree of both changes; all three are commits.
    func merge(base: ObjectID, ours: ObjectID, theirs: ObjectID) throws(Failure) -> Result {
        let baseTree = try store.commit(base).tree
        let ourTree = try store.commit(ours).tree
        let theirTree = try store.commit(theirs).tree
        if theirTree == baseTree { return .merged(ourTree) }
        let prdAtBase = try entry(in: baseTree)
        let left = try side(ourTree, prd: prdAtBase, base: base)
        let right = try side(theirTree, prd: prdAtBase, base: base)
        var git = store.command
        git.workTree = try attributeDirectory(of: ourTree)
        git.directory = git.workTree
        let output = try git.run(
            [
                "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", left.rawValue,
                right.rawValue,
            ]
        )
        guard output.ending == .exited(0) || output.ending == .exited(1), let first = output.fields.first
        else {
            throw Failure(.git, "git merge-tree failed: \(output.reason)")
        }
        guard output.isSuccess else { return .conflict(output.fields.dropFirst().map { RepositoryPath($0) }) }
        let merged = ObjectID(String(decoding: first, as: UTF8.self))
        return .merged(try setting(entry(in: ourTree), in: merged))
    }

    private func side(_ tree: ObjectID, prd: TreeEntry?, base: ObjectID) throws(Failure) -> ObjectID {
        let tree = try setting(prd, in: tree)
        return try store.writeCommit(tree: tree, parents: [base], message: Array("side\n".utf8), time: time)
    }

    private func entry(in tree: ObjectID) throws(Failure) -> TreeEntry? {
        guard let prdPath else { return nil }
        return try store.entry(prdPath, in: tree)
    }

    private func setting(_ entry: TreeEntry?, in tree: ObjectID) throws(Failure) -> ObjectID {
        guard let prdPath else { return tree }
        return try store.tree(tree, setting: prdPath, to: entry)
    }

    /// `merge-tree` reads merge attributes from the work tree only: it gets one with nothing but those of the tip.
    private func attributeDirectory(of tree: ObjectID) throws(Failure) -> FilePath {
        let directory = store.temporaryDirectory.appending("attributes")
        FileTree.remove(directory)
        try FileWriting.makeDirectory(directory, mode: 0o700)
        for field in try store.command.demand(["ls-tree", "-r", "-z", try store.checked(tree)]).fields {
            guard let tab = field.firstIndex(of: UInt8(ascii: "\t")) else { continue }
            let path = RepositoryPath(field[(tab + 1)...])
            let words = field[..<tab].split(separator: UInt8(ascii: " "))
            guard path.name.elementsEqual(".gitattributes".utf8), words[1].elementsEqual("blob".utf8) else {
                continue
            }
            let content = try store.bytes(
                of: ObjectID(String(decoding: words[2], as: UTF8.self)),
                type: "blob"
            )
            let file = directory.appending(bytes: path.bytes)
            try FileWriting.makeDirectory(file.removingLastComponent(), mode: 0o700)
            try FileWriting.create(file, content)
        }
        return directory
    }
}
