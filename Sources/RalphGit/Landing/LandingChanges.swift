import RalphCore

/// What a candidate changes against its only parent, with the name of every object it adds.
struct LandingChanges: Equatable {
    /// One path: a file, a link or a submodule.
    struct Change: Equatable {
        /// Mode and object; nil for nothing.
        var old: TreeEntry?
        var new: TreeEntry?
        var path: [UInt8]

        var isPresentBefore: Bool { old != nil }
        var isPresentAfter: Bool { new != nil }
    }

    let commit: ObjectID
    let parents: [ObjectID]
    /// In the order of the paths' bytes within each directory.
    private(set) var files: [Change] = []
    /// The commit, its trees and its blobs: with the parent, a whole history.
    private(set) var objects: [ObjectID]

    /// Reads only the directories that differ.
    init(of commit: ObjectID, in store: Store) throws(Failure) {
        let (tree, parents) = try store.commit(commit)
        self.commit = commit
        self.parents = parents
        objects = [commit, tree]
        let parentTree: ObjectID? =
            if let parent = parents.first { try store.commit(parent).tree } else { nil }
        try compare(parentTree, tree, below: [], store)
    }

    private mutating func compare(
        _ old: ObjectID?,
        _ new: ObjectID?,
        below directory: [UInt8],
        _ store: Store
    ) throws(Failure) {
        guard old != new else { return }
        var before: [[UInt8]: TreeEntry] = [:]
        if let old { for entry in try store.tree(old).entries { before[entry.name] = entry } }
        if let new {
            for entry in try store.tree(new).entries {
                try compare(before.removeValue(forKey: entry.name), entry, in: directory, store)
            }
        }
        for entry in before.values.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) }) {
            try compare(entry, nil, in: directory, store)
        }
    }

    private mutating func compare(
        _ old: TreeEntry?,
        _ new: TreeEntry?,
        in directory: [UInt8],
        _ store: Store
    ) throws(Failure) {
        guard old != new, let name = (new ?? old)?.name else { return }
        let path = directory + name
        if let new, !new.isGitlink { objects.append(new.id) }
        let oldFile = old.flatMap { $0.isTree ? nil : $0 }
        let newFile = new.flatMap { $0.isTree ? nil : $0 }
        if oldFile != nil || newFile != nil { files.append(Change(old: oldFile, new: newFile, path: path)) }
        let oldTree = old.flatMap { $0.isTree ? $0.id : nil }
        let newTree = new.flatMap { $0.isTree ? $0.id : nil }
        try compare(oldTree, newTree, below: path + [UInt8(ascii: "/")], store)
    }
}
