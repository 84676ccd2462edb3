import RalphCore
import RalphProcess
import SystemPackage

extension Landing {
    /// After a landing that did not move the ref: the work tree as it was, and no lock of a killed git. The caller holds the lock,
    /// and releases it.
    func undo(
        _ intent: LandingIntent,
        _ changes: LandingChanges,
        _ checkout: Checkout,
        _ lock: IndexLock
    ) throws(Failure) {
        let since = lock.takenAt
        let git = git(in: checkout, index: lock.copy, for: intent)
        let work = PutBack(intent: intent, changes: changes, checkout: checkout, git: git, store: store)
        try work.run(lock)
        RefLocks(repository: repository, intent: intent).removeOurs(since: since)
        try reached(.putBack)
    }
}

/// Undoes a landing in a work tree: only paths that changed since the intent, and whose content is the candidate's, the beginning of
/// it, or missing. Anything else is the user's.
struct PutBack {
    let intent: LandingIntent
    let changes: LandingChanges
    let checkout: Checkout
    /// In the checkout, on the copy of the index.
    let git: GitCommand
    let store: Store

    func run(_ lock: IndexLock) throws(Failure) {
        let stamps = Dictionary(intent.paths.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        let touched = changes.files.filter { change in
            stamps[change.path].map { PathStamp(of: change.path, in: checkout.workTree) != $0 } ?? false
        }
        guard !touched.isEmpty || madeDirectories.contains(where: isThere) else { return }
        // The user's index is the old one: the landing worked on a copy.
        try lock.copyIndex()
        let old = try entries(in: git)
        let ours = touched.filter { old[$0.path] == $0.oldEntry }
        try removeWritten(ours.filter(\.isPresentAfter))
        for directory in madeDirectories.reversed() where isThere(directory) { removeIfEmpty(directory) }
        let lost = ours.filter { change in
            change.isPresentBefore && stamps[change.path]?.isPresent == true
                && PathStatus(at: RawPath(checkout.workTree, change.path)) == nil
        }
        try restore(lost.map(\.path), lock)
    }

    /// Directories that were missing before, outermost first.
    private var madeDirectories: [[UInt8]] {
        intent.paths.filter { $0.isDirectory && !$0.isPresent }.map { Array($0.path.dropLast()) }
            .sorted { $0.count < $1.count }
    }

    private func isThere(_ path: [UInt8]) -> Bool { PathStatus(at: RawPath(checkout.workTree, path)) != nil }

    private func removeIfEmpty(_ path: [UInt8]) {
        LandingFile.removeDirectory(RawPath(checkout.workTree, path))
    }

    /// What the user's index says of the changed paths: mode and object.
    private func entries(in git: GitCommand) throws(Failure) -> [[UInt8]: String] {
        let wanted = Set(changes.files.map(\.path))
        var entries: [[UInt8]: String] = [:]
        for field in try git.demand(["ls-files", "-s", "-z", "--full-name"]).fields {
            guard let tab = field.firstIndex(of: UInt8(ascii: "\t")) else { continue }
            let path = Array(field[(tab + 1)...])
            guard wanted.contains(path) else { continue }
            entries[path] = String(decoding: field[..<tab], as: UTF8.self)
        }
        return entries
    }

    private func removeWritten(_ candidates: [LandingChanges.Change]) throws(Failure) {
        let present = candidates.filter { isThere($0.path) && $0.new?.isGitlink == false }
        guard !present.isEmpty else { return }
        let contents = try ConvertedContents(git)
        defer { contents.end() }
        for change in present {
            let path = RawPath(checkout.workTree, change.path)
            guard let new = change.new, try isWrittenByUs(new, change.path, at: path, contents) else {
                continue
            }
            LandingFile.remove(path)
        }
    }

    private func isWrittenByUs(
        _ entry: TreeEntry,
        _ name: [UInt8],
        at path: RawPath,
        _ contents: ConvertedContents
    ) throws(Failure) -> Bool {
        let content = try store.bytes(of: entry.id, type: "blob")
        if !entry.isFile { return LandingFile.readLink(path) == content }
        guard let bytes = LandingFile.read(path) else { return false }
        if content.starts(with: bytes) { return true }
        return try contents.converted(entry.id, path: name)?.starts(with: bytes) ?? false
    }

    /// Writes missing files again from the user's index; never over anything.
    private func restore(_ paths: [[UInt8]], _ lock: IndexLock) throws(Failure) {
        guard !paths.isEmpty else { return }
        let input = paths.reduce(into: [UInt8]()) { $0 += $1 + [0] }
        let output = try git.run(["checkout-index", "-q", "-u", "-z", "--stdin"], input: input)
        // A file whose place was taken meanwhile stays as the user made it; the others are back.
        let left = paths.filter { !isThere($0) }
        guard left.isEmpty else {
            let names = left.prefix(5).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ", ")
            throw Failure(.git, "cannot put back \(names) in \(checkout.workTree): \(output.reason)")
        }
        try lock.publish()
    }
}

/// The candidate's files as a checkout of the user's would write them: with their line endings and filters.
private final class ConvertedContents {
    private let reader: CoProcess

    init(_ git: GitCommand) throws(Failure) {
        reader = try git.converse(["cat-file", "--batch", "--filters"])
    }

    /// Nil when git cannot say: a name that its line protocol cannot carry, or an object that was never brought.
    func converted(_ object: ObjectID, path: [UInt8]) throws(Failure) -> [UInt8]? {
        guard !path.contains(UInt8(ascii: "\n")) else { return nil }
        try reader.write(Array((object.rawValue + " ").utf8) + path + [UInt8(ascii: "\n")])
        let words = String(decoding: try reader.readLine(), as: UTF8.self).split(separator: " ")
        guard words.count == 3, let size = Int(words[2]) else { return nil }
        let content = try reader.read(size)
        _ = try reader.read(1)
        return content
    }

    func end() { reader.end() }
}

extension LandingChanges.Change {
    /// As `ls-files -s` prints it; nil for what was not there.
    fileprivate var oldEntry: String? { old.map { "\($0.mode) \($0.id) 0" } }
}
