import Foundation
import Logging
import RalphCore
import SystemPackage

extension Workbench {
    /// Keeps what an earlier run of the same iteration left in these files, under the next free number: `review-1.out`.
    func setAside(_ files: [LogFile], of iteration: IterationRecord) {
        let directory = logDirectory(iteration)
        for file in files.map({ directory.appending($0.fileName) }) {
            guard FileManager.default.fileExists(atPath: file.string), let stem = file.stem else { continue }
            let end = file.extension.map { ".\($0)" } ?? ""
            let free = (1...).lazy.map { directory.appending("\(stem)-\($0)\(end)") }
                .first { !FileManager.default.fileExists(atPath: $0.string) }
            if let free { try? FileManager.default.moveItem(atPath: file.string, toPath: free.string) }
        }
    }

    /// How many reviews the iteration had.
    func reviews(of iteration: IterationRecord) -> Int {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: logDirectory(iteration).string)) ?? []
        let (stem, end) = (LogFile.reviewPrompt.fileName.prefix { $0 != "." }, ".md")
        return names.filter { $0.hasPrefix(stem) && $0.hasSuffix(end) }.count
    }

    /// Writes one of an iteration's own files into its log directory. A log that cannot be written is no reason to fail, and
    /// none to wait for the disk.
    func write(_ text: String, to file: LogFile, of iteration: IterationRecord) {
        let directory = logDirectory(iteration)
        do {
            try FileManager.default.createDirectory(
                atPath: directory.string,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            let descriptor = try FileDescriptor.open(
                directory.appending(file.fileName),
                .writeOnly,
                options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            _ = try descriptor.closeAfter { try descriptor.writeAll(text.utf8) }
        } catch {
            logger.error(
                "a log file cannot be written",
                metadata: ["error": "\(error)", "iteration.id": "\(iteration.id)"]
            )
        }
    }
}
