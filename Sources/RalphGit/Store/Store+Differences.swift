package import RalphCore

/// How much a change is.
package struct ChangeSize: Equatable, Sendable {
    package var files = 0
    package var insertions = 0
    package var deletions = 0
}

extension Store {
    /// The paths that differ between two commits or trees.
    package func changedPaths(_ old: ObjectID, _ new: ObjectID) throws(Failure) -> [RepositoryPath] {
        let arguments = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", "--no-commit-id"]
        return try command.demand(arguments + [try checked(old), try checked(new)]).fields.map {
            RepositoryPath($0)
        }
    }

    /// Files, added and removed lines between two commits or trees, and the patch, at most `limit` bytes of it.
    func sizedPatch(
        _ old: ObjectID,
        _ new: ObjectID,
        limit: Int
    ) throws(Failure) -> (size: ChangeSize, patch: String) {
        var arguments = Self.diffArguments + ["--no-renames", "--numstat"]
        if limit > 0 { arguments.append("-p") }
        let bytes = try command.demand(arguments + [try checked(old), try checked(new)]).bytes
        var size = ChangeSize()
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > rest.startIndex {
            let numbers = rest[..<end].split(separator: UInt8(ascii: "\t"), maxSplits: 2)
            guard numbers.count == 3 else { break }
            size.files += 1
            // A binary file has hyphens there.
            size.insertions += Int(String(decoding: numbers[0], as: UTF8.self)) ?? 0
            size.deletions += Int(String(decoding: numbers[1], as: UTF8.self)) ?? 0
            rest = rest[(end + 1)...]
        }
        return (size, Self.cut(rest.dropFirst(), limit: limit))
    }

    private static let diffArguments = [
        "diff-tree", "-r", "--no-commit-id", "--no-color", "--no-ext-diff", "--no-textconv", "--full-index",
    ]

    private static func cut(_ patch: ArraySlice<UInt8>, limit: Int) -> String {
        guard patch.count > limit else { return String(decoding: patch, as: UTF8.self) }
        let kept = patch.prefix(limit)
        let end = kept.lastIndex(of: UInt8(ascii: "\n")) ?? kept.endIndex
        return String(decoding: kept[..<end], as: UTF8.self) + "\n[\(patch.endIndex - end) bytes more]\n"
    }

    /// The change from one commit or tree to another as a patch, at most `limit` bytes; what is cut is said at its end.
    package func patch(_ old: ObjectID, _ new: ObjectID, limit: Int) throws(Failure) -> String {
        let arguments = Self.diffArguments + ["-p", "-M"]
        return Self.cut(
            try command.demand(arguments + [try checked(old), try checked(new)]).bytes[...],
            limit: limit
        )
    }

    /// The empty tree, which a first commit is compared with.
    package func emptyTree() throws(Failure) -> ObjectID { try writeTree([]) }

    /// Packs, and removes what nothing has referred to for two weeks.
    package func compact() throws(Failure) {
        rest()
        var git = command
        git.deadline = .seconds(600)
        _ = try git.demand(["gc", "--quiet", "--prune=2.weeks.ago"])
    }
}
