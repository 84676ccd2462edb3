internal import Glibc
internal import RalphCore
internal import SystemPackage

/// The `.git` that an agent or a check finds in its directory: its own, rebuilt every time, without a remote, borrowing
/// the objects of the person's repository and of the store. `git diff`, `git log` and `git status` work in it, and
/// nothing that is done to it reaches anything else.
struct SmallRepository {
    let store: Store
    let directory: FilePath
    let trash: Trash
    /// The branch's name. The agent is on one, so that a commit it makes is found by its own git.
    private static let branch = "refs/heads/work"

    private var git: FilePath { directory.appending(".git") }

    /// - Parameter index: the private one, copied, so that nothing counts as changed that is not.
    func rebuild(at commit: ObjectID, index: FilePath) throws(Failure) {
        try trash.discard(git)
        for name in ["", "objects", "objects/info", "objects/pack", "refs", "refs/heads", "info"] {
            let path = name.isEmpty ? git : git.appending(name)
            guard mkdir(path.string, 0o755) == 0 else { throw FileWriting.failure("create", path) }
        }
        let objects = [store.repository.objectDirectory, store.path.appending("objects")]
        try write("objects/info/alternates", objects.map { "\($0)\n" }.joined())
        try write("HEAD", "ref: \(Self.branch)\n")
        try write(Self.branch, "\(try store.checked(commit))\n")
        try write("config", configuration)
        let excludes = FileWriting.read(store.excludesFile) ?? Array("/.ralphd\n".utf8)
        try FileWriting.create(git.appending("info/exclude"), excludes)
        if let shallow = FileWriting.read(store.repository.shallowFile) {
            try FileWriting.create(git.appending("shallow"), shallow)
        }
        guard let index = FileWriting.read(index, limit: 1 << 30) else { return }
        try FileWriting.create(git.appending("index"), index)
    }

    private func write(_ name: String, _ text: String) throws(Failure) {
        try FileWriting.create(git.appending(name), Array(text.utf8))
    }

    private var configuration: String {
        let isSHA256 = store.repository.objectFormat == .sha256
        let identity = store.repository.identity
        return """
            [core]
            \trepositoryformatversion = \(isSHA256 ? 1 : 0)
            \tbare = false
            \tfilemode = true
            \tautocrlf = \(store.repository.convertsLineEndings ? "input" : "false")
            \tlogAllRefUpdates = true
            [user]
            \tname = "\(escaped(identity.name))"
            \temail = "\(escaped(identity.email))"
            [commit]
            \tgpgSign = false
            [gc]
            \tauto = 0
            [maintenance]
            \tauto = false

            """ + (isSHA256 ? "[extensions]\n\tobjectFormat = sha256\n" : "")
    }

    private func escaped(_ value: String) -> String {
        value.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : String($0) }.joined()
    }
}
