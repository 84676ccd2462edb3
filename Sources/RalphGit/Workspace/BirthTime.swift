internal import CRalph
internal import SystemPackage

/// When a file was made, as the file system says.
enum BirthTime {
    /// Nanoseconds since 1970; nil where the file system does not keep it, or there is nothing.
    static func of(_ path: FilePath) -> Int64? {
        let time = path.withPlatformString { ralph_birth_time($0) }
        return time < 0 ? nil : time
    }
}
