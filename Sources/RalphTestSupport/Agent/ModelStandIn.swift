package import Foundation

/// `Tests/AgentStandIn/model_api.py` on a port of its own: what answers the real CLIs in place of their model APIs.
package final class ModelStandIn {
    package let port: Int
    /// One line for each request to a model: the way, the login, the length of the conversation.
    package let log: URL
    private let process = Process()
    /// The stand-in ends when this does: a signal could be blocked, since children inherit the mask of the test's thread.
    private let input = Pipe()

    /// - Parameter directory: where its log goes.
    package init(in directory: URL) throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Tests")
        log = directory.appending(path: "requests-\(UUID().uuidString.prefix(8))")
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", tests.appending(path: "AgentStandIn/model_api.py").path, "--until-eof", "--log",
            log.path,
        ]
        process.standardInput = input
        process.standardOutput = pipe
        try process.run()
        var line = Data()
        while let byte = try pipe.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data([0x0A])
        {
            line += byte
        }
        guard let port = Int(String(decoding: line, as: UTF8.self)) else {
            throw CocoaError(.fileReadUnknown)
        }
        self.port = port
    }

    deinit { end() }

    package func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The address under which it answers in that way.
    package func address(_ way: String) -> String { "http://127.0.0.1:\(port)/\(way)" }

    package func requests() -> [String] {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }
}
