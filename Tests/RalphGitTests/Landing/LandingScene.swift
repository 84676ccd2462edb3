import Foundation
import RalphCore
import RalphProcess
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

/// A user's repository in some condition, a store beside it, and candidates made in the store as the daemon makes them.
struct LandingScene {
    let user: TemporaryRepository
    let state: TemporaryDirectory
    var host: GitHost
    private var opened = Opened()

    static let prd = "prd.md"
    static let uuid = "6b0d0c4e-6d2f-4c5e-9d0e-000000000001"

    private static let start = [
        "prd.md": "- [ ] one\n- [ ] two\n", "a.txt": "a\n", "b.txt": "b\n", "src/c.txt": "c\n",
        ".gitignore": "*.log\n",
    ]

    private static let template = Result {
        let user = try TemporaryRepository()
        try user.commit("Start", start)
        return user
    }

    /// - Parameter files: in a second commit on the usual first one.
    init(_ files: [String: String] = [:]) throws {
        try self.init(user: TemporaryRepository(copying: Self.template.get()))
        if !files.isEmpty { try user.commit("More", files) }
    }

    /// Around a repository that the test made.
    init(user: TemporaryRepository) throws {
        self.user = user
        state = try TemporaryDirectory("ralph-state")
        var environment = ProcessInfo.processInfo.environment
        environment["HOME"] = state.path.string
        environment["XDG_CONFIG_HOME"] = nil
        host = try GitHost.find(in: environment)
    }

    /// The same with another program for git.
    init(_ scene: LandingScene, git: FilePath) {
        self = scene
        opened = Opened()
        host.git = git
    }

    var store: FilePath { state.path.appending("store.git") }

    /// Opened when first asked for, so after the test has arranged the scene.
    func landing() throws -> Landing {
        if let landing = opened.landing { return landing }
        let landing = try landing(around: user.path)
        opened.landing = landing
        return landing
    }

    func landing(around path: FilePath) throws -> Landing {
        let repository = try UserRepository.open(around: path, host: host)
        var landing = Landing(store: try Store(state: state.path, repository: repository, project: "test"))
        landing.leftoverPatience = .seconds(20)
        return landing
    }

    private final class Opened {
        var landing: Landing?
    }

    // MARK: Candidates

    enum Entry {
        case file(String)
        case program(String)
        case link(String)
        case gone
    }

    /// Runs git as the daemon does, with the store as its repository.
    @discardableResult
    func inStore(_ arguments: [String], input: String = "") throws -> String {
        _ = try landing()
        var environment = user.environment
        environment["GIT_DIR"] = store.string
        environment["GIT_INDEX_FILE"] = state.path.string + "/candidate.index"
        for role in ["AUTHOR", "COMMITTER"] {
            environment["GIT_\(role)_NAME"] = "Author"
            environment["GIT_\(role)_EMAIL"] = "author@example.org"
        }
        let result = try CapturedCommand(
            "git",
            arguments,
            environment: environment,
            directory: state.path,
            input: Array(input.utf8),
            deadline: .seconds(20)
        ).run()
        try #require(result.isSuccess, "git \(arguments): \(String(decoding: result.errors, as: UTF8.self))")
        return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .newlines)
    }

    /// A commit in the store on the given tip.
    func candidate(
        _ entries: [String: Entry],
        on tip: String = "main",
        uuid: String = Self.uuid
    ) throws -> ObjectID {
        let parent = try user.git("rev-parse", tip)
        let message = "Do the work\n\nRalph-Item: one\nRalph-Iteration: \(uuid)\n"
        var stream =
            "commit refs/candidate\nmark :1\ncommitter Author <author@example.org> 1700000000 +0000\n"
        stream += "data \(message.utf8.count)\n\(message)from \(parent)\n"
        // What goes first makes room for what comes in its place.
        for (path, entry) in entries {
            if case .gone = entry { stream += "D \(path)\n" }
        }
        for (path, entry) in entries {
            switch entry {
            case .file(let text): stream += modification("100644", path, text)
            case .program(let text): stream += modification("100755", path, text)
            case .link(let target): stream += modification("120000", path, target)
            case .gone: break
            }
        }
        stream += "\nget-mark :1\n"
        return ObjectID(try inStore(["fast-import", "--quiet", "--force"], input: stream))
    }

    private func modification(_ mode: String, _ path: String, _ text: String) -> String {
        "M \(mode) inline \(path)\ndata \(text.utf8.count)\n\(text)\n"
    }

    /// The usual work: changes, adds, removes, makes a directory and a link, and ticks.
    static let work: [String: Entry] = [
        "a.txt": .file("a changed\n"),
        "b.txt": .gone,
        "src/c.txt": .file("c changed\nand longer\n"),
        "new.txt": .file("new\n"),
        "deep/er/new.sh": .program("#!/bin/sh\n"),
        "deep/link": .link("../a.txt"),
        "prd.md": .file("- [x] one\n- [ ] two\n"),
    ]

    func request(
        _ candidate: ObjectID,
        target: String = "refs/heads/main",
        tick: LandingIntent.Tick = .inCommit,
        iteration: Int64 = 1,
        uuid: String = Self.uuid
    ) throws -> LandingRequest {
        LandingRequest(
            iteration: IterationID(iteration),
            uuid: uuid,
            target: target,
            expectedTip: ObjectID(try inStore(["rev-parse", "\(candidate)^"])),
            candidate: candidate,
            tick: tick,
            prdPath: RepositoryPath(Self.prd)
        )
    }

    func intent(for candidate: ObjectID, tick: LandingIntent.Tick = .inCommit) throws -> LandingIntent {
        let preparation = try landing().prepare(try request(candidate, tick: tick))
        guard case .ready(let intent) = preparation else {
            throw Failure(.internalError, "the scene is not ready: \(preparation)")
        }
        return intent
    }

    /// Prepares and carries out.
    func land(_ candidate: ObjectID, tick: LandingIntent.Tick = .inCommit) throws -> LandingResult {
        let landing = try landing()
        switch try landing.prepare(try request(candidate, tick: tick)) {
        case .ready(let intent):
            let result = try landing.carryOut(intent)
            try landing.finish(intent)
            return result
        case .moved(let tip): return .moved(tip)
        case .inTheWay(let obstacles): return .inTheWay(obstacles)
        case .busy(let reason), .hold(let reason): return .busy(reason)
        }
    }

    // MARK: What must hold afterwards

    /// Every file of the work tree with its bytes, its rights and where it points.
    func files(in directory: FilePath? = nil) throws -> [String: String] {
        let root = (directory ?? user.path).string
        var files: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) where !name.hasPrefix(".git/") {
            let path = root + "/" + name
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            switch attributes[.type] as? FileAttributeType {
            case .typeSymbolicLink:
                files[name] = "link " + (try FileManager.default.destinationOfSymbolicLink(atPath: path))
            case .typeDirectory: files[name] = "directory"
            default:
                let mode = String(attributes[.posixPermissions] as? Int ?? 0, radix: 8)
                files[name] = mode + " " + (try Data(contentsOf: URL(filePath: path)).base64EncodedString())
            }
        }
        return files
    }

    /// No lock, no leftover of ours, nothing broken.
    func expectWhole(_ comment: Comment? = nil, source: SourceLocation = #_sourceLocation) throws {
        let git = user.path.string + "/.git"
        let names = try FileManager.default.subpathsOfDirectory(atPath: git).filter {
            !$0.hasPrefix("objects/")
        }
        let left = names.filter { $0.hasSuffix(".lock") || $0.contains("index.ralph") }
        #expect(left.isEmpty, comment, sourceLocation: source)
        #expect(try user.succeeds("fsck", "--strict", "--no-dangling"), comment, sourceLocation: source)
    }

    func status() throws -> String { try user.git("status", "--porcelain") }

    func tip(_ branch: String = "main") throws -> ObjectID { try user.resolve("refs/heads/\(branch)") }
}
