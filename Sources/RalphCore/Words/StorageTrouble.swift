/// Why the history cannot be written or read, for who has to tell a passing trouble from a lasting one.
package enum StorageTrouble: String, CaseIterable, Codable, Sendable {
    /// No room on the disk, or over a quota. Passes when there is room.
    case full
    /// The file, its directory or its file system may not be written.
    case readOnly = "read_only"
    /// The disk refused a read or write.
    case inputOutput = "io"
    /// Another program holds the database locked for longer than we wait.
    case busy
    /// Not a database, or not a sound one.
    case damaged
    /// Written by a later version of the program.
    case newer
    /// The file or its directory is not there, or may not be opened.
    case cannotOpen = "cannot_open"
    /// A row that breaks a rule of the schema: a defect of ours.
    case refused
}

extension StorageTrouble {
    /// Whether waiting can help: the project holds and tries again. The others need a person.
    package var canPass: Bool {
        switch self {
        case .full, .readOnly, .inputOutput, .busy, .cannotOpen: true
        case .damaged, .newer, .refused: false
        }
    }
}

extension Failure {
    /// A failure of the history, with what kind of trouble it is.
    package init(storage trouble: StorageTrouble, _ message: String, cause: (any Error)? = nil) {
        self.init(.storage, message, cause: cause)
        self.storage = trouble
    }
}
