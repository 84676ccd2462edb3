import Foundation
import RalphAPI
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@Suite("Instances")
struct InstanceTests {
    @Test("flags go before a unit's directories, and those before the person's own")
    func paths() throws {
        func paths(_ environment: [String: String]) throws -> InstancePaths {
            try InstancePaths(name: "tally", environment: environment)
        }
        let home = try paths(["HOME": "/home/a"])
        #expect(home.stateDirectory == "/home/a/.local/state/ralphd/tally")
        #expect(home.socket == "/home/a/.local/state/ralphd/tally/ralphd.sock")
        let session = try paths(["HOME": "/home/a", "XDG_STATE_HOME": "/s", "XDG_RUNTIME_DIR": "/run/user/7"])
        #expect(session.stateDirectory == "/s/ralphd/tally")
        #expect(session.socket == "/run/user/7/ralphd/tally/ralphd.sock")
        let unit = try paths(["STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "RUNTIME_DIRECTORY": "/run/a"])
        #expect(unit.stateDirectory == "/var/lib/a")
        #expect(unit.socket == "/run/a/ralphd.sock")
        let flags = try InstancePaths(
            name: "tally",
            stateDirectory: "/x",
            socket: "/y.sock",
            environment: ["STATE_DIRECTORY": "/var/lib/a"]
        )
        #expect(flags.stateDirectory == "/x")
        #expect(flags.socket == "/y.sock")
        #expect(throws: Failure.self) { try paths([:]) }
        #expect(throws: Failure.self) { try paths(["XDG_STATE_HOME": "relative"]) }
    }

    @Test("a socket path of 107 bytes is the longest; a longer one names its length and the way out")
    func socketLength() throws {
        func make(_ length: Int) throws -> InstancePaths {
            let socket = FilePath("/" + String(repeating: "s", count: length - 1))
            return try InstancePaths(name: "tally", stateDirectory: "/x", socket: socket, environment: [:])
        }
        #expect(throws: Never.self) { try make(107) }
        let failure = #expect(throws: Failure.self) { try make(108) }
        #expect(failure?.code == .configuration)
        #expect(failure?.message.contains("108 bytes") == true)
        #expect(failure?.message.contains("--socket") == true)
    }

    @Test(
        "a name that is no file name is refused",
        arguments: ["", ".", "..", "a/b", "a b", ".a", "instances", "a\n"]
    )
    func names(name: String) {
        #expect(throws: Failure.self) { try InstancePaths(name: name, environment: ["HOME": "/home/a"]) }
    }

    @Test(
        "an instance is found in the state root, by the registry elsewhere, and not once its directory is gone"
    )
    func registry() throws {
        let root = try TemporaryDirectory("ralph-instances")
        let environment = ["XDG_STATE_HOME": root.path.string]
        func start(_ name: String, in directory: FilePath?) throws {
            let paths = try InstancePaths(name: name, stateDirectory: directory, environment: environment)
            let instance = Instance(name: name, repository: "/r", prd: "/r/PRD.md", paths: paths, pid: 7)
            try instance.write(environment: environment)
            #expect(try Instance.read(stateDirectory: paths.stateDirectory) == instance)
        }
        try start("home", in: nil)
        try start("away", in: root.path.appending("elsewhere/a"))
        try start("away", in: root.path.appending("elsewhere/b"))
        #expect(Instance.all(environment: environment).map(\.name) == ["away", "away", "home"])
        try FileManager.default.removeItem(atPath: root.path.appending("elsewhere/a").string)
        #expect(Instance.all(environment: environment).map(\.name) == ["away", "home"])
        #expect(try Instance.read(stateDirectory: root.path) == nil)
    }
}
