internal import Glibc
internal import RalphCore
internal import SystemPackage

/// A directory of ours that an agent or a check wrote to, with the private index that says what was checked out there:
/// listing it, cleaning it and setting it to a tree, with what goes wrong in such a directory in mind.
final class WorkTree {
    let store: Store
    let directory: OwnedDirectory
    let trash: Trash
    /// How long a command may take before the directory is searched for what makes git wait for ever.
    let patience: Duration
    /// Enough for a first checkout of a very large tree on a slow disk.
    private static let longPatience = Duration.seconds(600)
    /// Larger ignore and attribute files are not worth reading; git reads them whole.
    private static let largestRuleFile: Int64 = 1 << 20

    /// Nothing but what the index names, and ignored files, is there: no clean needed before the next checkout.
    var isTidy = false
    /// The tree that the index is known to be; nil when it has to be asked.
    var indexTree: ObjectID?
    private var knownWarnings: Set<String> = []

    init(_ path: FilePath, store: Store, trash: Trash, patience: Duration) {
        self.store = store
        self.trash = trash
        self.patience = patience
        directory = OwnedDirectory(path, trash: trash)
    }

    var path: FilePath { directory.path }
    var index: FilePath { FilePath(path.string + ".index") }
    var command: GitCommand { store.command(on: path, index: index) }

    /// Makes the directory hold exactly a tree's files, beside ignored ones. True if the directory was made anew.
    ///
    /// Whatever stands in the way, a directory that cannot be set right is replaced.
    func set(to tree: ObjectID) throws(Failure) -> Bool {
        command.removeStaleLock()
        if try directory.ensure() { return try start(with: tree) }
        do throws(Failure) {
            try reuse(for: tree)
            return false
        } catch  where error.code == .storage {
            throw error
        } catch {
            try directory.makeAnew()
            return try start(with: tree)
        }
    }

    /// Replaces the directory by an empty one.
    func makeAnew() throws(Failure) {
        try directory.makeAnew()
        unlink(index.string)
        indexTree = nil
    }

    private func start(with tree: ObjectID) throws(Failure) -> Bool {
        unlink(index.string)
        try checkOut(tree)
        isTidy = true
        return true
    }

    /// Cleans before the checkout, because untracked attributes would change what is checked out, and by the ignore
    /// rules of the last tree; and again where the new tree has other rules.
    private func reuse(for tree: ObjectID) throws(Failure) {
        let wasTidy = isTidy
        isTidy = false
        let before = try readIndex()
        let isTouched = try removeTouched(before)
        if !wasTidy, isTouched || hasStrangers(before) { try clean() }
        // An index that is gone names nothing, whatever it was known to be.
        if isTouched || indexTree != tree || before.entries.isEmpty {
            try checkOut(tree)
            if try readIndex().ignoreRules != before.ignoreRules { try clean() }
        }
        isTidy = true
    }

    /// Whether something may be there that is not tracked. Every tracked file is there, so as many files and directories
    /// as the index has are those of the index.
    private func hasStrangers(_ index: IndexFile) -> Bool {
        guard let expected = index.extent else { return true }
        return FileTree.extent(of: path, apart: [".git", ".ralphd"]) != expected
    }

    /// An index that cannot be read is dropped.
    private func readIndex() throws(Failure) -> IndexFile {
        do {
            return try IndexFile(index, objectFormat: store.repository.objectFormat)
        } catch {
            unlink(index.string)
            throw error
        }
    }

    private func checkOut(_ tree: ObjectID) throws(Failure) {
        indexTree = nil
        _ = try flawless(["read-tree", "--reset", "-u", try store.checked(tree)])
        indexTree = tree
    }

    /// Removes untracked files. Those that hide others or change how files are read are removed whatever they say of
    /// themselves, and when one that hides was there, what it hid is removed by another round.
    private func clean() throws(Failure) {
        let arguments = ["clean", "-ffd", "-e", "!.gitignore", "-e", "!.gitattributes", "-e", "/.git/"]
        for _ in 0..<Self.mostRounds {
            let output = try flawless(arguments)
            if !output.text.contains(".gitignore") { return }
        }
    }

    private static let mostRounds = 3

    /// Deletes tracked files whose change time is not the one that git saw: the next checkout writes them again. Git
    /// compares whole seconds, so what was edited within one, with size and time put back, would stay for ever.
    ///
    /// True if there were any.
    private func removeTouched(_ index: IndexFile) throws(Failure) -> Bool {
        let root = open(path.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard root >= 0 else { throw FileWriting.failure("open", path) }
        defer { close(root) }
        var ancestors = AncestorCache(root: path)
        var rules: [UInt8] = []
        let touched = index.touched(in: root)
        for (entry, kind) in touched {
            let name = index.path(entry)
            guard kind != .directory, ancestors.obstacle(above: name) == nil else { continue }
            _ = RawPath(path, name).withPointer { unlink($0) }
            if index.isIgnoreFile(entry) { rules += name + [0] }
        }
        guard !rules.isEmpty else { return !touched.isEmpty }
        // Without them the clean that follows would take build caches away.
        _ = try command.demand(["checkout-index", "-f", "-u", "-z", "--stdin"], input: rules)
        return true
    }

    /// Runs a command that has to say nothing on standard error: git leaves a closed directory out with a warning, and
    /// waits for ever on a FIFO. What fails is run once more after the directory was mended.
    func flawless(_ arguments: [String]) throws(Failure) -> GitOutput {
        var git = command
        git.deadline = patience
        let first = try git.run(arguments)
        if first.isSuccess, first.errors.isEmpty || knownWarnings.contains(first.errors) { return first }
        mend()
        git.deadline = Self.longPatience
        let second = try git.run(arguments)
        guard second.isSuccess else {
            throw Failure(
                second.isDiskFull ? .storage : .git,
                "git \(arguments[0]) failed in \(path): \(second.reason)"
            )
        }
        // The repository's own, then: an attribute line that git dislikes.
        knownWarnings.insert(second.errors)
        return second
    }

    /// Opens closed directories, and deletes what git would wait for or choke on.
    private func mend() {
        chmod(path.string, 0o755)
        FileTree.walk(path) { entry in
            let name = entry.path.split(separator: UInt8(ascii: "/")).last ?? []
            let isRule =
                name.elementsEqual(".gitignore".utf8) || name.elementsEqual(".gitattributes".utf8)
                || name.elementsEqual("HEAD".utf8)
            let isGiant = isRule && entry.status.kind == .file && entry.status.size > Self.largestRuleFile
            if entry.status.kind == .other || isGiant { unlinkat(entry.directory, entry.name, 0) }
            return .enter
        }
    }
}
