import Foundation
import RalphCore
import SystemPackage

/// Writes files that were not there.
enum NewFile {
    /// Never over another: throws `conflict` when the file is there meanwhile. Directories above are made, for the person
    /// alone.
    static func write(_ text: String, to path: FilePath, mode: FilePermissions) throws(Failure) {
        let directory = path.removingLastComponent()
        do {
            try FileManager.default.createDirectory(
                atPath: directory.string,
                withIntermediateDirectories: true
            )
            let file = try FileDescriptor.open(
                path,
                .writeOnly,
                options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: mode
            )
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
        } catch Errno.fileExists {
            throw Failure(.conflict, "\(path) is there already: look at it, and run this again")
        } catch {
            throw Failure(.process, "cannot write \(path): \(reason(error))", cause: error)
        }
    }

    static func exists(_ path: FilePath) -> Bool { FileManager.default.fileExists(atPath: path.string) }

    private static func reason(_ error: any Error) -> String {
        if let errno = error as? Errno { return errno.description }
        let beneath = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        return beneath.map { Errno(rawValue: Int32($0.code)).description } ?? error.localizedDescription
    }
}
