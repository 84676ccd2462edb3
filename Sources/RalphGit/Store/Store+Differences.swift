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

    /// Files, added and removed lines between two commits or trees.
    package func size(of old: ObjectID, _ new: ObjectID) throws(Failure) -> ChangeSize {
        let arguments = [
            "diff-tree", "-r", "-z", "--numstat", "--no-renames", "--no-textconv", "--no-commit-id",
        ]
        let output = try command.demand(arguments + [try checked(old), try checked(new)])
        var size = ChangeSize()
        for field in output.fields {
            let numbers = field.split(
                separator: UInt8(ascii: "\t"),
                maxSplits: 2,
                omittingEmptySubsequences: false
            )
            guard numbers.count == 3 else { continue }
            size.files += 1
            // A binary file has hyphens there.
            size.insertions += Int(String(decoding: numbers[0], as: UTF8.self)) ?? 0
            size.deletions += Int(String(decoding: numbers[1], as: UTF8.self)) ?? 0
        }
        return size
    }

    /// The change from one commit or tree to another as a patch, at most `limit` bytes; what is cut is said at its end.
    package func patch(_ old: ObjectID, _ new: ObjectID, limit: Int) throws(Failure) -> String {
        let arguments = [
            "diff-tree", "-r", "-p", "--no-color", "--no-ext-diff", "--no-textconv", "--full-index", "-M",
        ]
        let bytes = try command.demand(arguments + [try checked(old), try checked(new)]).bytes
        guard bytes.count > limit else { return String(decoding: bytes, as: UTF8.self) }
        let end = bytes[..<limit].lastIndex(of: UInt8(ascii: "\n")) ?? limit
        return String(decoding: bytes[..<end], as: UTF8.self) + "\n[\(bytes.count - end) bytes more]\n"
    }

    /// The empty tree, which a first commit is compared with.
    package func emptyTree() throws(Failure) -> ObjectID { try writeTree([]) }

    /// A value that changes when one of the files that match does.
    func fingerprint(matching globs: [Glob], at commit: ObjectID) throws(Failure) -> String {
        if globs.isEmpty { return "" }
        let listing = try command.demand(["ls-tree", "-r", "-z", try checked(commit)])
        let lines = listing.fields.filter { line in
            guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { return false }
            let path = RepositoryPath(line[(tab + 1)...])
            return globs.contains { $0.matches(path) }
        }
        return try writeBlob(Array(lines.joined(separator: [0]))).rawValue
    }

    /// Packs, and removes what nothing has referred to for two weeks.
    package func compact() throws(Failure) {
        rest()
        var git = command
        git.deadline = .seconds(600)
        _ = try git.demand(["gc", "--quiet", "--prune=2.weeks.ago"])
    }
}
