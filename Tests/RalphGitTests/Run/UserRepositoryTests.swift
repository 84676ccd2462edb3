import Glibc
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

@Suite("The person's repository", .timeLimit(.minutes(5)))
struct UserRepositoryTests {
    private func open(_ path: FilePath) throws -> UserRepository {
        try UserRepository.open(around: path, host: try Bench.host(home: FilePath("/nonexistent")))
    }

    @Test("is found from any directory inside it")
    func fromInside() throws {
        let repository = try TemporaryRepository()
        try repository.commit("Start", ["deep/er/file": "x"])
        let opened = try open(repository.path.appending("deep/er"))
        #expect(opened.workTree == repository.path)
        #expect(opened.gitDirectory == repository.path.appending(".git"))
        #expect(opened.commonDirectory == opened.gitDirectory)
        #expect(opened.objectFormat == .sha1)
        #expect(opened.identity == Identity(name: "Author", email: "author@example.org"))
    }

    @Test("has no work tree when it is bare, and its own git directory when it is a linked work tree")
    func bareAndLinked() throws {
        let repository = try TemporaryRepository(files: 1)
        try repository.git("clone", "--quiet", "--bare", ".", "bare.git")
        #expect(try open(repository.path.appending("bare.git")).workTree == nil)
        try repository.git("worktree", "add", "--quiet", "linked")
        let linked = try open(repository.path.appending("linked"))
        #expect(linked.workTree == repository.path.appending("linked"))
        #expect(linked.commonDirectory == repository.path.appending(".git"))
        #expect(linked.gitDirectory == repository.path.appending(".git/worktrees/linked"))
    }

    @Test("gives ralphd as identity where it names nobody")
    func noIdentity() throws {
        let repository = try TemporaryRepository(files: 1)
        try repository.git("config", "--unset", "user.name")
        #expect(try open(repository.path).identity == .daemon)
    }

    @Test("is refused in one line that names the path and the next step when there is none")
    func noRepository() throws {
        let directory = try TemporaryDirectory()
        let failure = try #require(throws: Failure.self) { try open(directory.path) }
        #expect(failure.code == .configuration)
        #expect(failure.message.hasPrefix("\(directory.path) is not in a git repository: "))
        #expect(!failure.message.contains("\n"))
        let missing = try #require(throws: Failure.self) { try open(directory.path.appending("none")) }
        #expect(missing.message.hasPrefix("no directory at "))
    }

    @Test("is refused as a partial clone, and with an extension that git does not know")
    func unusable() throws {
        let repository = try TemporaryRepository(files: 1)
        try repository.git("config", "remote.origin.promisor", "true")
        let partial = try #require(throws: Failure.self) { try open(repository.path) }
        #expect(partial.message.contains("partial clone of origin"))
        try repository.git("config", "--unset", "remote.origin.promisor")
        try repository.git("config", "core.repositoryFormatVersion", "1")
        try repository.git("config", "extensions.unheardOf", "true")
        let unknown = try #require(throws: Failure.self) { try open(repository.path) }
        #expect(unknown.code == .configuration)
    }

    @Test("is refused when its path has a line feed")
    func lineFeed() throws {
        let directory = try TemporaryDirectory()
        let repository = try TemporaryRepository(files: 1)
        let odd = directory.path.appending("a\nb")
        #expect(rename(repository.path.string, odd.string) == 0)
        let failure = try #require(throws: Failure.self) { try open(odd) }
        #expect(failure.message.contains("line feed"))
    }

    @Test("is refused when it belongs to somebody else", .enabled(if: geteuid() == 0))
    func otherOwner() throws {
        let repository = try TemporaryRepository(files: 1)
        #expect(chown(repository.path.appending(".git").string, 65534, 65534) == 0)
        let failure = try #require(throws: Failure.self) { try open(repository.path) }
        #expect(failure.code == .configuration)
        #expect(failure.message.contains("belongs to nobody, and this runs as root"))
    }
}
