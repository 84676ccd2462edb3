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

    /// - Parameter index: the private one, copied, so that nothing counts as changed that is not.
    func rebuild(at commit: ObjectID, index: FilePath) throws(Failure) {
        let objects = [store.repository.objectDirectory, store.path.appending("objects")]
        var files = [
            "objects/info/alternates": Array(objects.map { "\($0)\n" }.joined().utf8),
            "HEAD": Array("ref: \(Self.branch)\n".utf8),
            Self.branch: Array("\(try store.checked(commit))\n".utf8),
            "config": Array(configuration.utf8),
            "info/exclude": FileWriting.read(store.excludesFile) ?? Array("/.ralphd\n".utf8),
        ]
        files["shallow"] = FileWriting.read(store.repository.shallowFile)
        files["index"] = FileWriting.read(index, limit: 1 << 30)
        try ExactDirectory(
            path: directory.appending(".git"),
            directories: ["objects", "objects/info", "objects/pack", "refs", "refs/heads", "info"],
            files: files
        )
        .establish(trash: trash)
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
