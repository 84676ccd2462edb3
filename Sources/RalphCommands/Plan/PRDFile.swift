import RalphAPI
import RalphCore
import SystemPackage

/// Finds and reads the PRD that `ralphd` would take.
enum PRDFile {
    /// Larger files are no documents.
    private static let largest = 64 << 20

    static func find(_ path: String?, in directory: FilePath) throws(Failure) -> FilePath {
        if let path { return FilePath(path).isAbsolute ? FilePath(path) : directory.appending(path) }
        let files = ProjectPlaces.prds(in: directory)
        guard let first = files.first else {
            throw Failure(
                .notFound,
                "no PRD here, neither \(ProjectPlaces.prdNames.joined(separator: " nor ")): pass its path, or let "
                    + "ralphctl init write an example"
            )
        }
        guard files.count == 1 else {
            throw Failure(
                .ambiguous,
                "two PRDs, \(files.map(\.string).joined(separator: " and ")): pass the path of one"
            )
        }
        return first
    }

    /// Of the project that is named or around, whether or not it ever ran; else the one that lies here, or at the top of the
    /// repository around.
    static func find(_ options: GlobalOptions, environment: [String: String], in directory: FilePath)
        throws(Failure) -> FilePath
    {
        let finder = InstanceFinder(environment: environment, directory: directory)
        if let name = options.project ?? environment["RALPH_PROJECT"], !name.isEmpty {
            do throws(Failure) {
                if let prd = try finder.find(options).prd { return prd }
            } catch {
                guard error.code == .notFound, let prd = try settled(name, environment) else { throw error }
                return prd
            }
        } else if options.stateDir != nil, let prd = try finder.find(options).prd {
            return prd
        } else if let known = finder.instanceAround()?.prd, !known.isEmpty {
            return FilePath(known)
        }
        guard ProjectPlaces.prds(in: directory).isEmpty, let root = RepositoryMark.top(around: directory)
        else { return try find(nil, in: directory) }
        return try find(nil, in: root)
    }

    /// What the host's file of a project says that never ran.
    private static func settled(_ name: String, _ environment: [String: String]) throws(Failure) -> FilePath?
    {
        for file in ProjectPlaces.hostFiles(name: name, environment: environment) where NewFile.exists(file) {
            if let prd = try HostSettingsFile.read(file).prd { return FilePath(prd) }
        }
        return nil
    }

    static func read(_ path: FilePath) throws(Failure) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking])
            return try file.closeAfter { try readAll(file) }
        } catch Errno.noSuchFileOrDirectory {
            throw Failure(.notFound, "no PRD at \(path): pass its path or write one")
        } catch {
            throw Failure(.notFound, "cannot read \(path): \(error)", cause: error)
        }
    }

    private static func readAll(_ file: FileDescriptor) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let piece = 1 << 18
        while bytes.count <= largest {
            let part = try [UInt8](unsafeUninitializedCapacity: piece) { buffer, count in
                count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }
}
