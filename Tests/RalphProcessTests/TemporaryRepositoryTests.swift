import RalphTestSupport
import Testing

@Suite("a temporary repository", .timeLimit(.minutes(5)))
struct TemporaryRepositoryTests {
    @Test("has its files in one commit of its own author")
    func files() throws {
        let repository = try TemporaryRepository(files: 60)
        #expect(try repository.git("ls-files").split(separator: "\n").count == 60)
        #expect(try repository.git("log", "--format=%s by %an") == "Start by Author")
        let commit = try repository.commit("Next", ["a/b.txt": "b\n"])
        #expect(try repository.resolve("main") == commit)
        #expect(try repository.show("a/b.txt") == "b")
        #expect(try repository.subjects() == ["Next", "Start"])
    }
}
