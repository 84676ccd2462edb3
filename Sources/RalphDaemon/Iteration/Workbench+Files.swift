import Foundation
import Logging
import RalphCore
import SystemPackage

extension Workbench {
    /// Writes one of an iteration's own files into its log directory. A log that cannot be written is no reason to fail.
    func write(_ text: String, to file: LogFile, of iteration: IterationRecord) {
        let directory = logDirectory(iteration)
        do {
            try FileManager.default.createDirectory(
                atPath: directory.string,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try Data(text.utf8).write(to: URL(filePath: directory.appending(file.fileName).string))
        } catch {
            logger.error(
                "a log file cannot be written",
                metadata: ["error": "\(error)", "iteration.id": "\(iteration.id)"]
            )
        }
    }
}
