package import SystemPackage

/// The directory that checks run in: exactly a commit's tree, whatever an earlier check did there.
package struct VerifyDirectory {
    /// Where a check runs.
    package struct Place: Equatable, Sendable {
        package var directory: FilePath
        /// True when the directory was made anew: set-up has to run.
        package var isNew: Bool
    }
}
