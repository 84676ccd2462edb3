import Foundation
import Logging
import RalphCore
import SystemPackage

extension Workbench {
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
