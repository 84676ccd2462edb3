import Foundation
import RalphCore
import RalphGit
import SystemPackage

/// The repository around a directory, as far as setting a project up needs it.
struct RepositoryFacts: Sendable {
    /// The work tree.
    var root: FilePath
    var branch: String?
    /// Nil before the first commit.
    var head: ObjectID?
    /// The checks that its files call for.
    var checks: [CheckInference.Finding]

    /// Throws `Failure` in words for the person: no repository, a bare one, somebody else's.
    static func read(around directory: FilePath, environment: [String: String]) throws(Failure)
        -> RepositoryFacts
    {
        let repository = try UserRepository.open(around: directory, host: GitHost.find(in: environment))
        guard let root = repository.workTree else {
            throw Failure(
                .configuration,
                "\(repository.gitDirectory) is a bare repository, without files to work on: make a work tree with git "
                    + "worktree add, and run ralphctl init there"
            )
        }
        let head = try repository.head()
        let checks: [CheckInference.Finding]
        if let head {
            checks = try inferred(repository, at: head)
        } else {
            checks = inferred(inDirectory: root)
        }
        return RepositoryFacts(
            root: root,
            branch: try repository.branch(),
            head: head,
            checks: checks
        )
    }

    /// As the daemon will: from what is committed.
    private static func inferred(_ repository: UserRepository, at head: ObjectID) throws(Failure)
        -> [CheckInference.Finding]
    {
        let names = try repository.topLevel(of: head)
        var texts: [String: String] = [:]
        for name in CheckInference.filesToRead where names.contains(name) {
            texts[name] = try repository.text(of: name, at: head)
        }
        return CheckInference.infer(topLevel: names) { texts[$0] }
    }

    private static func inferred(inDirectory root: FilePath) -> [CheckInference.Finding] {
        let manager = FileManager.default
        let names = ((try? manager.contentsOfDirectory(atPath: root.string)) ?? []).map { name in
            var isDirectory: ObjCBool = false
            let isThere = manager.fileExists(atPath: root.appending(name).string, isDirectory: &isDirectory)
            return isThere && isDirectory.boolValue ? name + "/" : name
        }
        return CheckInference.infer(topLevel: names) { name in
            manager.contents(atPath: root.appending(name).string).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
