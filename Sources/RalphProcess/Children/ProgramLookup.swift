import Glibc

import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor
import struct SystemPackage.FilePath

/// Finds a program the way a shell in the child's place would: by the child's `PATH`, from the child's directory.
struct ProgramLookup {
    var environment: [String: String]
    var directory: FilePath?

    /// What execvp(3) uses when there is no `PATH`.
    private static let defaultPath = "/bin:/usr/bin"

    func find(_ program: String) throws(LaunchError) -> FilePath {
        guard !program.isEmpty else { throw LaunchError(.noSuchFileOrDirectory, "no program was named") }
        if program.contains("/") {
            try check(FilePath(program), program: program)
            return FilePath(program)
        }
        let path = environment["PATH"] ?? Self.defaultPath
        var refusal: LaunchError?
        for folder in path.split(separator: ":", omittingEmptySubsequences: false) {
            let candidate = FilePath(folder.isEmpty ? "." : String(folder)).appending(program)
            do throws(LaunchError) {
                try check(candidate, program: program)
                return candidate
            } catch {
                if error.errno != .noSuchFileOrDirectory || isFile(absolute(candidate)) {
                    refusal = refusal ?? error
                }
            }
        }
        throw refusal
            ?? LaunchError(.noSuchFileOrDirectory, "cannot start \(program): no such program in PATH \(path)")
    }

    private func check(_ path: FilePath, program: String) throws(LaunchError) {
        let place = absolute(path)
        guard isFile(place) else {
            throw LaunchError(
                .noSuchFileOrDirectory,
                "cannot start \(program): there is no program at \(path)"
            )
        }
        guard access(place.string, X_OK) == 0 else {
            throw LaunchError(
                Errno(rawValue: Glibc.errno),
                "cannot start \(program): \(path) is not executable"
            )
        }
        if let interpreter = interpreter(of: place), access(absolute(interpreter).string, X_OK) != 0 {
            throw LaunchError(
                .noSuchFileOrDirectory,
                "cannot start \(program): its interpreter \(interpreter) is missing"
            )
        }
    }

    private func absolute(_ path: FilePath) -> FilePath {
        guard path.isRelative, let directory else { return path }
        return directory.pushing(path)
    }

    private func isFile(_ path: FilePath) -> Bool {
        var status = stat()
        return stat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The program of a `#!` line. The kernel reports its absence as if the script itself were not there.
    private func interpreter(of path: FilePath) -> FilePath? {
        let longestLine = 256  // BINPRM_BUF_SIZE
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
        defer { try? file.close() }
        var start = [UInt8](repeating: 0, count: longestLine)
        guard let count = try? start.withUnsafeMutableBytes({ try file.read(into: $0) }), count > 2,
            start.starts(with: "#!".utf8)
        else { return nil }
        let line = start[2..<count].prefix { $0 != UInt8(ascii: "\n") }
        let word = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        return word.isEmpty ? nil : FilePath(String(decoding: word, as: UTF8.self))
    }
}
