import RalphCore
import SystemPackage

/// Every work tree of the repository, read from its files.
struct Checkouts {
    /// One work tree, what is checked out there, and whether its directory exists.
    struct Entry: Equatable {
        var checkout: Checkout
        var head: RefFiles.Resolved
        var isPresent: Bool
        var isLocked: Bool
    }

    var repository: UserRepository

    func all() -> [Entry] {
        let linked = repository.commonDirectory.appending("worktrees")
        let others = LandingFile.names(in: linked).compactMap { entry(linked: linked.appending($0)) }
        return (mainEntry().map { [$0] } ?? []) + others
    }

    /// Where the branch is checked out, and what may hinder a landing there.
    func place(of ref: String) -> Place {
        let entries = all()
        for entry in entries {
            if let operation = OngoingOperation.holding(ref, in: entry.checkout.gitDirectory) {
                return .busy(
                    "\(operation.name) of \(Target.shortName(of: ref)) is in progress in \(entry.path)"
                )
            }
        }
        let holders = entries.filter { $0.isOn(ref) && ($0.isPresent || $0.isLocked) }
        guard let holder = holders.first else { return .nowhere }
        if holders.count > 1 {
            let paths = holders.map(\.path).joined(separator: " and ")
            return .busy("\(Target.shortName(of: ref)) is checked out twice, in \(paths)")
        }
        guard holder.isPresent else {
            return .busy(
                "\(Target.shortName(of: ref)) is checked out in \(holder.path), which is not there now"
            )
        }
        if let operation = OngoingOperation.inProgress(in: holder.checkout.gitDirectory) {
            return .occupied(holder.checkout, "\(operation.name) is in progress in \(holder.path)")
        }
        return .at(holder.checkout)
    }

    /// Where a branch is.
    enum Place: Equatable {
        case nowhere
        case at(Checkout)
        /// Checked out, but in the middle of an operation.
        case occupied(Checkout, String)
        case busy(String)
    }

    private func mainEntry() -> Entry? {
        guard let workTree = mainWorkTree() else { return nil }
        return entry(Checkout(workTree: workTree, gitDirectory: repository.commonDirectory), isLocked: false)
    }

    /// The work tree that belongs to the common directory itself.
    private func mainWorkTree() -> FilePath? {
        if repository.gitDirectory == repository.commonDirectory { return repository.workTree }
        var git = repository.command
        git.gitDirectory = repository.commonDirectory
        git.workTree = nil
        let settings = try? git.run(["config", "-z", "--get-regexp", "^core\\.(bare|worktree)$"])
        let lines = settings?.fields.map { String(decoding: $0, as: UTF8.self) } ?? []
        if lines.last(where: { $0.hasPrefix("core.bare") })?.hasSuffix("true") == true { return nil }
        if let stated = lines.last(where: { $0.hasPrefix("core.worktree") })?.split(separator: "\n").last {
            return repository.commonDirectory.pushing(FilePath(String(stated)))
        }
        return repository.commonDirectory.removingLastComponent()
    }

    private func entry(linked gitDirectory: FilePath) -> Entry? {
        guard let bytes = FileWriting.read(gitDirectory.appending("gitdir"), limit: 1 << 16)
        else { return nil }
        let file = FilePath(String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        let isLocked = PathStatus(at: gitDirectory.appending("locked")) != nil
        let workTree = gitDirectory.pushing(file).removingLastComponent()
        return entry(Checkout(workTree: workTree, gitDirectory: gitDirectory), isLocked: isLocked)
    }

    private func entry(_ checkout: Checkout, isLocked: Bool) -> Entry {
        let refs = RefFiles(gitDirectory: checkout.gitDirectory, commonDirectory: repository.commonDirectory)
        return Entry(
            checkout: checkout,
            head: refs.resolve("HEAD"),
            isPresent: PathStatus(at: checkout.workTree) != nil,
            isLocked: isLocked
        )
    }
}

extension Checkouts.Entry {
    fileprivate var path: String { checkout.workTree.string }

    /// What is checked out; nil before the first commit.
    var commit: ObjectID? {
        switch head {
        case .branch(_, let tip), .detached(let tip): tip
        case .unborn, .missing: nil
        }
    }

    func isOn(_ ref: String) -> Bool {
        switch head {
        case .branch(let name, _), .unborn(let name): name == ref
        case .detached, .missing: false
        }
    }
}
