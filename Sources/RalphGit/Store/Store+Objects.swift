internal import Glibc
package import RalphCore
internal import RalphProcess
internal import SystemPackage

extension Store {
    /// An object's kind and bytes; nil if it is not there.
    func object(_ id: ObjectID) throws(Failure) -> (type: String, bytes: [UInt8])? {
        let name = try checked(id)
        return try reader.ask { git throws(Failure) in
            try git.write(Array("contents \(name)\n".utf8))
            let header = String(decoding: try git.readLine(), as: UTF8.self).split(separator: " ")
            guard header.count == 3, let size = Int(header[2]) else { return nil }
            let bytes = try git.read(size + 1)
            return (String(header[1]), bytes.dropLast())
        }
    }

    /// An object's bytes, which must be of that kind.
    func bytes(of id: ObjectID, type: String) throws(Failure) -> [UInt8] {
        guard let object = try object(id) else {
            throw Failure(.git, "\(type) \(id) is missing: run git fsck in \(repository.commonDirectory)")
        }
        guard object.type == type else { throw Failure(.git, "\(id) is a \(object.type), not a \(type)") }
        return object.bytes
    }

    /// Whether an object is there.
    package func has(_ id: ObjectID) throws(Failure) -> Bool {
        let name = try checked(id)
        return try reader.ask { git throws(Failure) in
            try git.write(Array("info \(name)\n".utf8))
            return !(try git.readLine()).ends(with: " missing".utf8)
        }
    }

    /// The tree and the parents of a commit.
    package func commit(_ id: ObjectID) throws(Failure) -> (tree: ObjectID, parents: [ObjectID]) {
        let bytes = try bytes(of: id, type: "commit")
        var tree: ObjectID?
        var parents: [ObjectID] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.isEmpty { break }
            let words = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard words.count == 2 else { continue }
            let value = ObjectID(String(decoding: words[1], as: UTF8.self))
            if words[0].elementsEqual("tree".utf8) { tree = value }
            if words[0].elementsEqual("parent".utf8) { parents.append(value) }
        }
        guard let tree else { throw Failure(.git, "commit \(id) has no tree: run git fsck") }
        return (tree, parents)
    }

    func tree(_ id: ObjectID) throws(Failure) -> Tree {
        try Tree(decoding: try bytes(of: id, type: "tree"), hashLength: repository.objectFormat.digits / 2)
    }

    /// The tree of a commit, or the tree itself.
    func treeID(of id: ObjectID) throws(Failure) -> ObjectID {
        guard let object = try object(id) else { throw Failure(.git, "\(id) is missing: run git fsck") }
        return object.type == "tree" ? id : try commit(id).tree
    }

    /// The entry at a path below a tree; nil if there is none.
    func entry(_ path: RepositoryPath, in root: ObjectID) throws(Failure) -> TreeEntry? {
        var found: TreeEntry?
        for component in path.components {
            if let found, !found.isTree { return nil }
            found = try tree(found?.id ?? root)[component]
            if found == nil { return nil }
        }
        return found
    }

    /// Writes a blob and returns its name.
    func writeBlob(_ content: [UInt8]) throws(Failure) -> ObjectID { try write(content, through: blobs) }

    /// Writes a commit with our identity and the time given, in seconds since 1970.
    func writeCommit(
        tree: ObjectID,
        parents: [ObjectID],
        message: [UInt8],
        time: Int64
    ) throws(Failure) -> ObjectID {
        var text = "tree \(try checked(tree))\n"
        for parent in parents { text += "parent \(try checked(parent))\n" }
        let person = "\(repository.identity.name) <\(repository.identity.email)>"
        let instant = "\(time) \(Self.zone(at: time))"
        text += "author \(person) \(instant)\ncommitter \(person) \(instant)\n\n"
        return try write(Array(text.utf8) + message, through: commits)
    }

    /// Writes a tree; git sorts the entries.
    func writeTree(_ entries: [TreeEntry]) throws(Failure) -> ObjectID {
        var input: [UInt8] = []
        for entry in entries {
            let mode = String(repeating: "0", count: 6 - entry.mode.count) + entry.mode
            input += Array("\(mode) \(entry.type) \(try checked(entry.id))\t".utf8) + entry.name + [0]
        }
        let tree = try trees.ask { git throws(Failure) in
            try git.write(input + [0])
            return ObjectID(String(decoding: try git.readLine(), as: UTF8.self))
        }
        unsyncedTrees.insert(tree)
        return tree
    }

    /// Forces the trees that were written to the disk: `mktree`, of all that write objects, does not read the setting
    /// that says so (seen with git 2.39).
    func syncTrees() throws(Failure) {
        guard !unsyncedTrees.isEmpty else { return }
        let files = unsyncedTrees.map { tree in
            path.appending("objects/\(tree.rawValue.prefix(2))/\(tree.rawValue.dropFirst(2))")
        }
        // One that was there before is in a pack, or in the person's repository.
        let loose = files.filter { PathStatus(at: $0) != nil }
        do throws(Failure) {
            try LandingFile.sync(loose)
        } catch {
            // Packed meanwhile.
            guard loose.contains(where: { PathStatus(at: $0) == nil }) else { throw error }
            try LandingFile.sync(loose.filter { PathStatus(at: $0) != nil })
        }
        unsyncedTrees = []
    }

    /// The tree with one path set to an entry, or removed; directories are made and emptied ones go.
    func tree(_ root: ObjectID, setting path: RepositoryPath, to entry: TreeEntry?) throws(Failure)
        -> ObjectID
    {
        try tree(root, setting: [(path, entry)])
    }

    /// The same with several paths, none of which is below another one's entry.
    func tree(_ root: ObjectID, setting changes: [(path: RepositoryPath, entry: TreeEntry?)]) throws(Failure)
        -> ObjectID
    {
        let below = changes.map { TreeChange(path: $0.path.components[...], entry: $0.entry) }
        if let edited = try edited(root, below) { return edited }
        return try writeTree([])
    }

    /// Nil when nothing is left.
    private func edited(_ root: ObjectID?, _ changes: [TreeChange]) throws(Failure) -> ObjectID? {
        var entries: [TreeEntry] = []
        if let root { entries = try tree(root).entries }
        let before = entries
        for (name, changes) in Dictionary(grouping: changes, by: \.name) {
            let old = entries.first { $0.name == name }
            let new = try edited(old, name, changes)
            if new == old { continue }
            entries.removeAll { $0.name == name }
            if let new { entries.append(new) }
        }
        if entries == before { return root }
        return entries.isEmpty ? nil : try writeTree(entries)
    }

    /// What stands for one name in a directory after changes at it or below it.
    private func edited(_ old: TreeEntry?, _ name: [UInt8], _ changes: [TreeChange]) throws(Failure)
        -> TreeEntry?
    {
        let inner = changes.filter { $0.path.count > 1 }
        // A removal gives way to what is put below its name.
        let own = changes.first { $0.path.count == 1 && ($0.entry != nil || inner.isEmpty) }
        if let own { return own.entry.map { TreeEntry(mode: $0.mode, name: name, id: $0.id) } }
        let directory = old.flatMap { $0.isTree ? $0.id : nil }
        let id = try edited(directory, inner.map { TreeChange(path: $0.path.dropFirst(), entry: $0.entry) })
        if let id { return TreeEntry(mode: "40000", name: name, id: id) }
        // A removal below something that is no directory removes nothing, unless that is to go itself.
        return directory == nil && inner.count == changes.count ? old : nil
    }

    /// By way of one file that stays: its inode is used again.
    private func write(_ content: [UInt8], through writer: Conversation) throws(Failure) -> ObjectID {
        let file = temporaryDirectory.appending("object")
        let descriptor = open(file.string, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileWriting.failure("create", file) }
        let isWritten = FileWriting.overwrite(descriptor, content)
        guard close(descriptor) == 0, isWritten else { throw FileWriting.failure("write", file) }
        return try writer.ask { git throws(Failure) in
            try git.write(Array("\(file)\n".utf8))
            return ObjectID(String(decoding: try git.readLine(), as: UTF8.self))
        }
    }

    /// `+0100`, as git writes the zone of this machine.
    private static func zone(at time: Int64) -> String {
        var seconds = time_t(time)
        var parts = tm()
        localtime_r(&seconds, &parts)
        let minutes = parts.tm_gmtoff / 60
        let number = String(abs(minutes) / 60 * 100 + abs(minutes) % 60)
        return (minutes < 0 ? "-" : "+") + String(repeating: "0", count: 4 - number.count) + number
    }
}

/// An entry to be set, or nil to be removed, at a path below some directory.
private struct TreeChange {
    /// Never empty.
    var path: ArraySlice<ArraySlice<UInt8>>
    var entry: TreeEntry?

    var name: [UInt8] { path.first.map { Array($0) } ?? [] }
}

extension [UInt8] {
    func ends(with suffix: String.UTF8View) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }
}
