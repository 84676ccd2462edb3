import RalphCore

/// What a candidate changes against its only parent, with the name of every object it adds.
struct LandingChanges: Equatable {
    /// One path: a file, a link, a submodule or a directory.
    struct Change: Equatable {
        /// Octal, as git prints it; `000000` for nothing.
        var oldMode: String
        var newMode: String
        var old: ObjectID
        var new: ObjectID
        var path: [UInt8]

        var isDirectory: Bool { oldMode == Self.treeMode || newMode == Self.treeMode }
        var isPresentBefore: Bool { oldMode != Self.nothing && oldMode != Self.treeMode }
        var isPresentAfter: Bool { newMode != Self.nothing && newMode != Self.treeMode }
        var isLinkAfter: Bool { newMode == "120000" }
        var isSubmoduleAfter: Bool { newMode == "160000" }

        private static let nothing = "000000"
        private static let treeMode = "040000"
    }

    var commit: ObjectID
    var tree: ObjectID
    var parents: [ObjectID]
    private var all: [Change]

    /// Changed paths without directories, in git's order.
    var files: [Change] { all.filter { $0.isPresentBefore || $0.isPresentAfter } }

    /// The commit, its trees and its blobs: with the parent, a whole history.
    var objects: [ObjectID] {
        let added = all.filter { $0.newMode != "000000" && !$0.isSubmoduleAfter }.map(\.new)
        return [commit, tree] + added
    }

    /// Reads them in one process. `git` is a command on the store, which always has the candidate.
    init(of commit: ObjectID, git: GitCommand) throws(Failure) {
        let output = try git.demand([
            "diff-tree", "-r", "-t", "-z", "--raw", "--no-renames", "--no-abbrev", "--root", "--always",
            "--format=%T %P", commit.rawValue,
        ])
        try self.init(of: commit, fields: output.fields)
    }

    init(of commit: ObjectID, fields: [ArraySlice<UInt8>]) throws(Failure) {
        let unreadable = Failure(.git, "git diff-tree answered something unknown about \(commit.short)")
        let words = fields.first.map { String(decoding: $0, as: UTF8.self) }?.split(separator: " ") ?? []
        guard let tree = words.first else { throw unreadable }
        self.commit = commit
        self.tree = ObjectID(String(tree))
        parents = words.dropFirst().map { ObjectID(String($0)) }
        all = []
        var rest = fields.dropFirst()
        while let head = rest.popFirst() {
            // A line feed sets the first one off from the header.
            let fields = head.drop { $0 != UInt8(ascii: ":") }.dropFirst()
            let parts = String(decoding: fields, as: UTF8.self).split(separator: " ").map(
                String.init
            )
            guard parts.count == 5, let path = rest.popFirst() else { throw unreadable }
            all.append(
                Change(
                    oldMode: parts[0],
                    newMode: parts[1],
                    old: ObjectID(parts[2]),
                    new: ObjectID(parts[3]),
                    path: Array(path)
                )
            )
        }
    }
}
