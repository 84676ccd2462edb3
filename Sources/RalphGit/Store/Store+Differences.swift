package import RalphCore
internal import RalphProcess

/// How much a change is.
package struct ChangeSize: Equatable, Sendable {
    package var files = 0
    package var insertions = 0
    package var deletions = 0

    /// Counts a line of `--numstat`: added, removed, path. A binary file has hyphens for numbers.
    fileprivate mutating func add(_ line: [UInt8]) {
        let numbers = line.split(separator: UInt8(ascii: "\t"), maxSplits: 2)
        guard numbers.count == 3 else { return }
        files += 1
        insertions += Int(String(decoding: numbers[0], as: UTF8.self)) ?? 0
        deletions += Int(String(decoding: numbers[1], as: UTF8.self)) ?? 0
    }
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
    ///
    /// Asked of a long-lived git: it is wanted once per iteration, and a process of its own would take longer than the answer.
    func sizedPatch(
        _ old: ObjectID,
        _ new: ObjectID,
        limit: Int
    ) throws(Failure) -> (size: ChangeSize, patch: String) {
        // With two commits it would compare with the parents that the second line's commits have.
        let pair = "\(try checked(try treeID(of: old))) \(try checked(try treeID(of: new)))"
        // What names no object is echoed, and only then git writes out what it has answered so far. No line of a patch
        // looks like this one.
        let end = "end of the patch"
        return try differences.ask { git throws(Failure) in
            try git.write(Array("\(pair)\n\(end)\n".utf8))
            guard try git.readLine().elementsEqual(pair.utf8) else {
                throw Failure(.git, "diff-tree answered another question")
            }
            return try Self.readSizedPatch(from: git, end: Array(end.utf8), limit: limit)
        }
    }

    /// Lines of numbers, an empty one, and the patch.
    private static func readSizedPatch(
        from git: CoProcess,
        end: [UInt8],
        limit: Int
    ) throws(Failure) -> (size: ChangeSize, patch: String) {
        var size = ChangeSize()
        var patch: [UInt8] = []
        var left = 0
        var isPatch = false
        while true {
            let line = try git.readLine()
            if line == end { break }
            if isPatch {
                // Held up to the limit; what is beyond is read and counted.
                if patch.count <= limit {
                    patch += line + [UInt8(ascii: "\n")]
                } else {
                    left += line.count + 1
                }
            } else if line.isEmpty {
                isPatch = true
            } else {
                size.add(line)
            }
        }
        return (size, limit == 0 ? "" : cut(patch[...], limit: limit, beyond: left))
    }

    private static let diffArguments = [
        "diff-tree", "-r", "--no-commit-id", "--no-color", "--no-ext-diff", "--no-textconv", "--full-index",
    ]

    /// For `differences`, the conversation.
    static let sizedDiffArguments = diffArguments + ["--stdin", "--no-renames", "--numstat", "-p"]

    /// - Parameter left: bytes that follow and were not kept.
    private static func cut(_ patch: ArraySlice<UInt8>, limit: Int, beyond left: Int = 0) -> String {
        guard patch.count > limit else { return String(decoding: patch, as: UTF8.self) }
        let kept = patch.prefix(limit)
        let end = kept.lastIndex(of: UInt8(ascii: "\n")) ?? kept.endIndex
        return String(decoding: kept[..<end], as: UTF8.self)
            + "\n[\(patch.endIndex - end + left) bytes more]\n"
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
}
