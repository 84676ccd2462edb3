internal import Glibc
package import RalphCore
package import SystemPackage

/// `<state>/store.git`: a bare repository of our own that borrows the person's objects. Every command on a directory that
/// an agent or a check wrote to uses it, so that nothing of such a directory's, the person's or the system's
/// configuration has a say, and nothing that the person does to refs or by `git gc` takes work away.
///
/// Blocking, and owned by one actor.
package final class Store {
    package let path: FilePath
    package let repository: UserRepository
    /// Safe for a ref name, and different for different projects.
    package let project: String
    let temporaryDirectory: FilePath
    let excludesFile: FilePath

    let reader: Conversation
    let blobs: Conversation
    let commits: Conversation
    let trees: Conversation
    let differences: Conversation
    let refs: Conversation
    let pins: Conversation
    /// Written, and perhaps not on the disk yet.
    var unsyncedTrees: Set<ObjectID> = []
    /// Bases that are known to be pinned.
    var pinned: Set<ObjectID> = []

    package init(state: FilePath, repository: UserRepository, project: String) throws(Failure) {
        path = state.appending("store.git")
        temporaryDirectory = state.appending("tmp")
        excludesFile = path.appending("info").appending("exclude-files")
        self.repository = repository
        self.project = RefName.component(project)
        var git = GitCommand(repository.host, gitDirectory: path, scope: .repositoryOnly)
        git.identity = repository.identity
        git.directory = path
        git.deadline = .seconds(60)
        reader = Conversation(git, ["cat-file", "--batch-command"])
        let hash = ["hash-object", "-w", "--no-filters", "--stdin-paths", "-t"]
        blobs = Conversation(git, hash + ["blob"])
        commits = Conversation(git, hash + ["commit"])
        trees = Conversation(git, ["mktree", "-z", "--batch"])
        differences = Conversation(git, Self.sizedDiffArguments)
        refs = Conversation(git, ["update-ref", "--stdin"])
        var pinning = repository.command
        pinning.scope = .repositoryOnly
        pinning.workTree = nil
        pinning.directory = repository.commonDirectory
        pinning.settings = [("core.logAllRefUpdates", "false")]
        pins = Conversation(pinning, ["update-ref", "--stdin"])
        try StoreLayout(store: self).write()
    }

    /// A command on a directory of ours, with a private index that stands beside it.
    func command(on workTree: FilePath, index: FilePath) -> GitCommand {
        var git = command
        git.workTree = workTree
        git.index = index
        git.directory = workTree
        return git
    }

    /// A command that needs no work tree.
    var command: GitCommand {
        var git = GitCommand(repository.host, gitDirectory: path, scope: .repositoryOnly)
        git.identity = repository.identity
        git.directory = path
        return git
    }

    /// Follows what may change in the person's repository while the daemon runs: its shallow boundary and its excludes.
    ///
    /// True if something else counts as ignored than before.
    package func refresh(include: [String]) throws(Failure) -> Bool {
        try StoreLayout(store: self).follow(include: include)
    }

    /// Ends the long-lived processes; the next question starts them again.
    package func rest() {
        for conversation in [reader, blobs, commits, trees, differences, refs, pins] { conversation.end() }
    }

    /// The object's name as it may stand in a line protocol or an argument.
    func checked(_ id: ObjectID) throws(Failure) -> String {
        let text = id.rawValue
        guard text.utf8.count == repository.objectFormat.digits, text.utf8.allSatisfy(Self.isHexadecimal)
        else {
            throw Failure(.git, "\(text.prefix(80)) names no object in this repository")
        }
        return text
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
