import Foundation

/// Finds a program as `execvp` would, in the PATH that the child will get.
package enum ProgramLookup {
    /// Where the program is; nil when it is nowhere. Relative PATH entries do not count: they would mean the workspace,
    /// where an agent can put anything.
    package static func find(
        _ program: String,
        path: String,
        isExecutable: (String) -> Bool = Self.isExecutableFile
    ) -> String? {
        if program.contains("/") { return isExecutable(program) ? program : nil }
        guard !program.isEmpty else { return nil }
        for directory in path.split(separator: ":") where directory.hasPrefix("/") {
            let candidate = directory.hasSuffix("/") ? directory + program : directory + "/" + program
            if isExecutable(String(candidate)) { return String(candidate) }
        }
        return nil
    }

    /// Whether there is a file, not a directory, that we may run.
    package static func isExecutableFile(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        return exists && !isDirectory.boolValue && FileManager.default.isExecutableFile(atPath: path)
    }
}
