import Glibc
import RalphCore
import SystemPackage

/// Brings a candidate's objects from the store into the user's repository, and to the disk.
///
/// Loose objects are linked, which is eight times quicker than a fetch; what the store has in packs goes in a pack.
struct ObjectTransfer {
    var store: GitCommand
    var user: GitCommand
    var storeObjects: FilePath
    var userObjects: FilePath

    func bring(_ objects: [ObjectID]) throws(Failure) {
        // A linked object's bytes are on the disk since the store wrote it; only its new name has to get there. All links first,
        // all syncs after: most file systems then write their journal once.
        var touched: Set<String> = []
        var unknown: [ObjectID] = []
        for object in Set(objects) {
            let name = object.rawValue
            let directory = userObjects.appending(String(name.prefix(2)))
            let target = directory.appending(String(name.dropFirst(2)))
            guard PathStatus(at: target) == nil else { continue }
            let source = storeObjects.appending(String(name.prefix(2))).appending(String(name.dropFirst(2)))
            guard PathStatus(at: source) != nil else {
                unknown.append(object)
                continue
            }
            if try makeDirectory(directory) { touched.insert(userObjects.string) }
            try link(source, as: target)
            touched.insert(directory.string)
        }
        try LandingFile.sync(touched.map { FilePath($0) })
        try bringPacked(unknown)
    }

    private func link(_ source: FilePath, as target: FilePath) throws(Failure) {
        if Glibc.link(source.string, target.string) == 0 || errno == EEXIST { return }
        // Another file system, or one without links.
        guard let content = LandingFile.read(source) else { throw FileWriting.failure("read", source) }
        let beside = FilePath(target.removingLastComponent().string + "/tmp_obj_ralph\(getpid())")
        unlink(beside.string)
        try FileWriting.create(beside, content, mode: ObjectTransfer.readOnly)
        try LandingFile.sync(beside)
        try LandingFile.rename(beside, to: target)
    }

    /// True if it was made. With the rights of `objects`, so that a repository shared by a group stays so.
    private func makeDirectory(_ directory: FilePath) throws(Failure) -> Bool {
        guard mkdir(directory.string, 0o777) != 0 else {
            let wanted = PathStatus(at: userObjects).map { mode_t($0.mode & 0o7777) }
            if let wanted, wanted & 0o2000 != 0 { chmod(directory.string, wanted) }
            return true
        }
        guard errno == EEXIST else { throw FileWriting.failure("create", directory) }
        return false
    }

    /// What is not loose in the store is mostly the user's own, in packs or borrowed; only what is missing is packed and brought.
    private func bringPacked(_ objects: [ObjectID]) throws(Failure) {
        guard !objects.isEmpty else { return }
        let asked = objects.map(\.rawValue).joined(separator: "\n") + "\n"
        let answer = try user.demand(["cat-file", "--batch-check=%(objectname)"], input: Array(asked.utf8))
        let missing = answer.text.split(separator: "\n").filter { $0.hasSuffix(" missing") }
        guard !missing.isEmpty else { return }
        let names = missing.compactMap { $0.split(separator: " ").first }.joined(separator: "\n") + "\n"
        let packs = userObjects.appending("pack")
        try FileWriting.makeDirectory(packs)
        let prefix = packs.appending("tmp-ralph-pack").string
        let hash = try store.demand(["pack-objects", "-q", prefix], input: Array(names.utf8)).text
        for kind in ["rev", "pack", "idx"] {
            let made = FilePath("\(prefix)-\(hash).\(kind)")
            guard PathStatus(at: made) != nil else { continue }
            try LandingFile.sync(made)
            try LandingFile.rename(made, to: packs.appending("pack-\(hash).\(kind)"))
        }
        try LandingFile.sync(packs)
    }

    private static let readOnly: mode_t = 0o444
}
