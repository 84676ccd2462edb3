internal import Foundation
internal import RalphCore
internal import SystemPackage

/// The files of one iteration's log.
struct LogFiles {
    /// Prompts and diffs are shown whole up to here.
    private static let wholeBound = 64 << 20

    let directory: FilePath

    /// The row names the directory relative to the state directory, so that one can be moved.
    init(of iteration: IterationRecord, in stateDirectory: FilePath) {
        directory = stateDirectory.pushing(FilePath(iteration.logDirectory))
    }

    func path(of file: LogFile) -> FilePath { directory.appending(file.fileName) }

    func exists(_ file: LogFile) -> Bool {
        FileManager.default.fileExists(atPath: path(of: file).string)
    }

    /// Nil when there is no such file.
    func text(of file: LogFile) throws -> String? {
        guard let open = try OpenFile(path(of: file)) else { return nil }
        var bytes: [UInt8] = []
        while bytes.count < Self.wholeBound {
            let piece = try open.read(upTo: 1 << 20, at: Int64(bytes.count))
            if piece.isEmpty { break }
            bytes += piece
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
