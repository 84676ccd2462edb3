import Foundation
import Glibc

import struct SystemPackage.FilePath

/// What acts are performed with: the prompt, the current directory, a voice.
struct AgentStage: Sendable {
    let prompt: PromptReading
    let tryNumber: Int
    let scriptDirectory: FilePath
    let voice: AgentVoice

    /// Makes the directories above a file; returns its path.
    func makeRoom(for file: String) throws -> String {
        let directory = FilePath(file).removingLastComponent()
        if !directory.isEmpty {
            try FileManager.default.createDirectory(
                atPath: directory.string,
                withIntermediateDirectories: true
            )
        }
        return file
    }

    func read(_ file: String) -> String? {
        FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) }
    }

    func write(_ text: String, to file: String) throws {
        voice.use(tool: "Write", of: file)
        try Data(text.utf8).write(to: URL(filePath: makeRoom(for: file)))
    }

    func run(_ command: String) {
        let command = command.trimmingCharacters(in: .whitespacesAndNewlines)
        voice.use(tool: "Bash", of: command)
        guard let stream = popen("{ \(command)\n} 2>&1", "r") else { return }
        defer { pclose(stream) }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4 << 10)
        while case let count = fread(&chunk, 1, chunk.count, stream), count > 0 { output += chunk[..<count] }
        voice.hear(String(decoding: output, as: UTF8.self))
    }

    /// With our own standard streams, which the command may keep.
    static func shell(_ command: String) { system(command) }
}
