import Foundation
import RalphTestSupport
import SystemPackage

@testable import RalphCommands

/// Somebody with a repository, a home and an agent CLI who has never started ralphd.
struct Newcomer {
    let repository: TemporaryRepository
    let home: TemporaryDirectory
    var variables: [String: String] = [:]

    init(_ files: [String: String]? = ["Makefile": "test:\n\ttrue\n"], agents: [String] = ["claude"]) throws {
        repository = try TemporaryRepository()
        home = try TemporaryDirectory("ralph-home")
        if let files { try repository.commit("Start", files) }
        try home.write("", to: "bin/.keep")
        for agent in agents {
            let program = try home.write("#!/bin/sh\necho \(agent) v2.1.330\n", to: "bin/\(agent)")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.string)
        }
    }

    /// Logs claude in with a plan.
    func logIn() throws {
        try home.write(
            #"{"claudeAiOauth":{"accessToken":"secret-token","subscriptionType":"max"}}"#,
            to: ".claude/.credentials.json"
        )
    }

    var config: String { ".config/ralphd/\(repository.path.lastComponent?.string ?? "").yaml" }

    func ctl(in directory: FilePath? = nil) -> Ctl {
        var ctl = Ctl()
        let path = "\(home.path)/bin:relative:/usr/bin:/bin:/usr/bin:/nowhere"
        ctl.environment = ["HOME": home.path.string, "PATH": path, "LANG": "C.UTF-8"].merging(variables) {
            $1
        }
        ctl.directory = directory ?? repository.path
        return ctl
    }

    /// All files of home and repository with their content, but for git's own.
    func everything() throws -> [String: String] {
        var found: [String: String] = [:]
        for root in [home.path.string, repository.path.string] {
            for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init()
            where !name.hasPrefix(".git") {
                let data = FileManager.default.contents(atPath: "\(root)/\(name)")
                found["\(root)/\(name)"] = data.map { String(decoding: $0, as: UTF8.self) }
            }
        }
        return found
    }
}
