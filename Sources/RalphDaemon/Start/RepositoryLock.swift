import Foundation
import Glibc
import RalphAPI
import RalphCore
import RalphGit
import RalphHistory
import SystemPackage

/// The right to be the only daemon on a repository, whichever of its work trees or links leads there: an exclusive `flock`
/// on the git directory itself, so that nothing is written into it. The kernel drops it with the process.
///
/// Two daemons would each take the other's PRD for a file like any other, which an agent may edit.
struct RepositoryLock: ~Copyable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Throws `busy`, naming the daemon that has it.
    static func acquire(
        _ repository: UserRepository,
        environment: [String: String]
    ) throws(Failure) -> RepositoryLock {
        let path = repository.commonDirectory
        let descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw Failure(.configuration, "cannot open \(path): \(Errno(rawValue: errno))")
        }
        // A file system that knows no such locks has no second daemon that could take one either.
        guard !ExclusiveLock.take(descriptor), errno == EWOULDBLOCK else {
            return RepositoryLock(descriptor: descriptor)
        }
        close(descriptor)
        let place = repository.workTree ?? path
        throw Failure(
            .busy,
            "the repository \(place) is in use by \(holder(of: path, environment)): stop that one, or write these items "
                + "into its PRD"
        )
    }

    /// Who has it, by what the kernel says of locks and what daemons say of themselves.
    private static func holder(of path: FilePath, _ environment: [String: String]) -> String {
        guard let file = FileFacts(of: path)?.identity,
            let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
        else { return "another ralphd" }
        let (major, minor) = (file.device >> 8 & 0xfff, file.device & 0xff | file.device >> 12 & 0xfff00)
        let name = String(format: "%02llx:%02llx:%llu", major, minor, file.number)
        // "7: FLOCK  ADVISORY  WRITE 4711 fe:00:262147 0 EOF"
        for line in locks.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 5, words[1] == "FLOCK", words[5] == name, let pid = Int32(words[4]) else {
                continue
            }
            let project = Instance.all(environment: environment).first { $0.pid == pid }?.name
            return "ralphd \(project.map { "\($0) " } ?? "")(pid \(pid))"
        }
        return "another ralphd"
    }
}
