import RalphAPI
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphCommands

@Suite("the command that starts a daemon")
struct DaemonStartTests {
    private let root: TemporaryDirectory
    private let environment: [String: String]

    init() throws {
        root = try TemporaryDirectory("start")
        environment = ["HOME": root.path.string]
    }

    private func start(
        _ folder: String,
        prd: String = "PRD.md",
        name: String? = nil,
        state: FilePath? = nil
    ) throws -> DaemonStart {
        let repository = root.path.appending(folder)
        let name = name ?? ProjectPlaces.defaultName(of: repository)
        let paths = try InstancePaths(name: name, stateDirectory: state, environment: environment)
        try root.write("", to: "\(folder)/PRD.md")
        let instance = Instance(
            name: name,
            repository: repository.string,
            prd: repository.appending(prd).string,
            paths: paths,
            pid: nil
        )
        return DaemonStart(instance: instance, environment: environment)
    }

    @Test("says only what a daemon would not find by itself, in words that a shell takes")
    func plain() throws {
        #expect(try start("one").command == "cd \(root.path)/one && ralphd")
        #expect(try start("Ann's two").command == "cd '\(root.path)/Ann'\\''s two' && ralphd")
        #expect(try start("one", name: "other").command == "cd \(root.path)/one && ralphd --name other")
        #expect(
            try start("one", prd: "docs/my plan.md").command
                == "cd \(root.path)/one && ralphd 'docs/my plan.md'"
        )
        let apart = try start("one", state: "/srv/state")
        #expect(apart.command == "cd \(root.path)/one && ralphd --state-dir /srv/state")
        #expect(apart.commandInsteadOf(process: 7) == "kill -KILL 7; \(apart.command)")
    }

    @Test("is systemd's where a unit runs it")
    func units() throws {
        #expect(try start("one", state: "/var/lib/ralphd/one").command == "systemctl start ralphd@one")
        try root.write("", to: ".config/systemd/user/ralphd@.service")
        #expect(try start("one").command == "cd \(root.path)/one && ralphd")
        try root.write("prd: x\n", to: ".config/ralphd/one.yaml")
        #expect(try start("one").command == "systemctl --user start ralphd@one")
        #expect(try start("one").commandInsteadOf(process: 7) == "systemctl --user restart ralphd@one")
    }

    @Test(
        "a project is named after its directory's words",
        arguments: [("with space é", "with-space"), ("a--b", "a--b"), ("日本", "project")]
    )
    func names(folder: String, name: String) {
        #expect(ProjectPlaces.defaultName(of: root.path.appending(folder)) == name)
    }
}
