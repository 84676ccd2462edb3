internal import RalphCore

/// Values that change when one of the files of a tree that match some globs does.
///
/// Directories that were looked at before are not read again, so that a tree that differs little from the last one costs
/// little.
struct Fingerprints {
    private var globs: [String] = []
    private var patterns: [Glob] = []
    /// By a directory's path and tree: its matching files with their blobs.
    private var known: [String: String] = [:]
    /// Directories remembered; beyond that all are forgotten.
    private static let most = 50_000

    mutating func fingerprint(of tree: ObjectID, matching globs: [String], in store: Store) throws(Failure)
        -> String
    {
        if globs != self.globs || known.count > Self.most {
            known = [:]
            self.globs = globs
            patterns = globs.map(Glob.init)
        }
        return try store.writeBlob(Array(try listing(of: tree, at: [], in: store).utf8)).rawValue
    }

    private mutating func listing(of tree: ObjectID, at path: [UInt8], in store: Store) throws(Failure)
        -> String
    {
        let key = "\(tree) \(path.map { String($0, radix: 16) }.joined(separator: " "))"
        if let answer = known[key] { return answer }
        var lines = ""
        for entry in try store.tree(tree).entries {
            let below = path.isEmpty ? entry.name : path + [UInt8(ascii: "/")] + entry.name
            if entry.isTree {
                lines += try listing(of: entry.id, at: below, in: store)
            } else if patterns.contains(where: { $0.matches(RepositoryPath(below).components) }) {
                lines += "\(entry.id) \(RepositoryPath(below))\n"
            }
        }
        known[key] = lines
        return lines
    }
}
