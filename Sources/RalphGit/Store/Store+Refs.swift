internal import Glibc
package import RalphCore
internal import RalphProcess
internal import SystemPackage

extension Store {
    /// Keeps a commit of an iteration's work from being collected.
    package func keep(_ commit: ObjectID, of iteration: IterationID) throws(Failure) {
        let name = try checked(commit)
        try update(refs, "update \(workRef(iteration)) \(name)\n")
    }

    /// Lets kept work go.
    package func forget(_ iterations: [IterationID]) throws(Failure) {
        guard !iterations.isEmpty else { return }
        try update(refs, iterations.map { "delete \(workRef($0))\n" }.joined())
    }

    /// Iterations whose work is kept.
    package func keptIterations() throws(Failure) -> [IterationID] {
        let prefix = "refs/ralph/\(project)/wip/"
        let listing = try command.demand(["for-each-ref", "--format=%(refname)", prefix])
        return listing.text.split(separator: "\n").compactMap { line in
            Int64(line.dropFirst(prefix.count)).map { IterationID($0) }
        }
    }

    /// Pins a base in the person's repository, so that their `git gc` keeps what kept work was made on.
    package func pin(_ base: ObjectID) throws(Failure) {
        guard !pinned.contains(base) else { return }
        let name = try checked(base)
        try update(pins, "update \(pinPrefix)\(name) \(name)\n")
        pinned.insert(base)
    }

    /// Removes all pins of bases but these.
    package func unpin(allBut bases: [ObjectID]) throws(Failure) {
        var git = repository.command
        git.scope = .repositoryOnly
        git.workTree = nil
        git.directory = repository.commonDirectory
        let listing = try git.demand(["for-each-ref", "--format=%(refname)", pinPrefix])
        let kept = Set(bases.map { pinPrefix + $0.rawValue })
        let old = listing.text.split(separator: "\n").map(String.init).filter { !kept.contains($0) }
        guard !old.isEmpty else { return }
        try update(pins, old.map { "delete \($0)\n" }.joined())
        pinned.formIntersection(bases)
    }

    /// Where an iteration's work is kept, in the store.
    package func workRef(_ iteration: IterationID) -> String { "refs/ralph/\(project)/wip/\(iteration)" }

    /// Where bases are pinned, in the person's repository.
    private var pinPrefix: String { "refs/ralph/\(project)/base/" }

    /// One transaction. The process dies of one that fails, and its words are the reason.
    ///
    /// All refs in it are our own, and we ask one thing at a time: a lock on one of them is of a git that was killed.
    func update(_ conversation: Conversation, _ lines: String) throws(Failure) {
        try syncTrees()
        do {
            try transact(conversation, lines)
        } catch {
            guard removeLocks(of: lines, in: conversation === pins ? repository.commonDirectory : path) else {
                throw error
            }
            try transact(conversation, lines)
        }
    }

    private func transact(_ conversation: Conversation, _ lines: String) throws(Failure) {
        try conversation.ask { git throws(Failure) in
            try git.write(Array("start\n\(lines)commit\n".utf8))
            _ = try git.readLine()
            _ = try git.readLine()
        }
    }

    /// True if there was one.
    private func removeLocks(of lines: String, in gitDirectory: FilePath) -> Bool {
        let refs = lines.split(separator: "\n").compactMap { line in
            line.split(separator: " ").dropFirst().first.map(String.init)
        }
        var locks = refs.filter { $0.hasPrefix("refs/ralph/\(project)/") }.map {
            FilePath(gitDirectory.appending($0).string + ".lock")
        }
        // In the store everything is ours.
        if gitDirectory == path { locks.append(path.appending("packed-refs.lock")) }
        return locks.filter { unlink($0.string) == 0 }.count > 0
    }
}
