import CRalph
import Glibc

import struct SystemPackage.Errno
import struct SystemPackage.FilePath

/// A program with its arguments and the whole of its environment, before it is started.
struct Launch: Sendable {
    /// A name to look up in the environment's `PATH`, or a path.
    var program: String
    var arguments: [String]
    var environment: [String: String]
    var directory: FilePath?

    /// Starts it in a session of its own; the descriptors become 0, 1, 2 and 3, and -1 is `/dev/null` (none for 3).
    func spawn(standard: (Int32, Int32, Int32), extra: Int32 = -1) throws(LaunchError) -> pid_t {
        let path = try ProgramLookup(environment: environment, directory: directory).find(program)
        var words = [program] + arguments
        var variables = environment.map { "\($0.key)=\($0.value)" }
        guard (words + variables).allSatisfy({ !$0.utf8.contains(0) }) else {
            throw LaunchError(.invalidArgument, "cannot start \(program): an argument holds a NUL byte")
        }
        var pid: pid_t = 0
        let error = Self.withCStrings(&words) { arguments in
            Self.withCStrings(&variables) { environment in
                path.withPlatformString { path in
                    withDirectory { directory in
                        var launch = ralph_launch(
                            path: path,
                            arguments: arguments,
                            environment: environment,
                            directory: directory,
                            standard: standard,
                            extra: extra
                        )
                        return ralph_spawn(&launch, &pid)
                    }
                }
            }
        }
        guard error == 0 else { throw explain(Errno(rawValue: error), path: path) }
        return pid
    }

    private func withDirectory<R>(_ body: (UnsafePointer<CChar>?) -> R) -> R {
        guard let directory else { return body(nil) }
        return directory.withPlatformString { body($0) }
    }

    private static func withCStrings<R>(
        _ strings: inout [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
    ) -> R {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            // An array that holds the closing nil is never empty.
            guard let base = buffer.baseAddress else { preconditionFailure("empty vector") }
            return body(base)
        }
    }

    /// The kernel gives one number for several causes: which was it?
    private func explain(_ error: Errno, path: FilePath) -> LaunchError {
        if let directory, access(directory.string, X_OK) != 0 {
            return LaunchError(error, "cannot start \(program): no directory to enter at \(directory)")
        }
        let hint = error == .argListTooLong ? ": its arguments and environment are too long" : ""
        return LaunchError(error, "cannot start \(program) (\(path)): \(error)\(hint)")
    }
}

/// Why a program could not be started, with the error number that says so.
struct LaunchError: Error {
    var errno: Errno
    var message: String

    init(_ errno: Errno, _ message: String) {
        self.errno = errno
        self.message = message
    }
}
