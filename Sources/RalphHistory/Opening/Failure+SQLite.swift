internal import GRDB
internal import RalphCore

extension Failure {
    /// What SQLite said, as a failure that names the file and the next step.
    static func storage(_ error: any Error, file: String, doing deed: String) -> Failure {
        if let failure = error as? Failure { return failure }
        guard let error = error as? DatabaseError else {
            return Failure(
                storage: .damaged,
                "cannot \(deed) \(file): a row is not what was written: \(repair(file))",
                cause: error
            )
        }
        let trouble = StorageTrouble(error)
        let said = error.message ?? "SQLite error \(error.resultCode.rawValue)"
        return Failure(
            storage: trouble,
            "cannot \(deed) \(file): \(said): \(nextStep(trouble, file: file))",
            cause: error
        )
    }

    private static func nextStep(_ trouble: StorageTrouble, file: String) -> String {
        switch trouble {
        case .full: "free some space on its disk"
        case .readOnly: "make the file and its directory writable for the user that ralphd runs as"
        case .inputOutput: "look at its disk and at the kernel's log"
        case .busy: "end the other program that has it open for writing"
        case .damaged: repair(file)
        case .newer: "install the version of ralphd that wrote it"
        case .cannotOpen: "see that it is there and that this user may read it and its directory"
        case .refused: "this is a defect of ralphd; ralphctl doctor collects what a report needs"
        }
    }

    private static func repair(_ file: String) -> String {
        "put a backup in its place, or save what is left with sqlite3 \(file) .recover, or move it aside to start anew"
    }
}

extension StorageTrouble {
    init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_FULL: self = .full
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: self = .readOnly
        case .SQLITE_IOERR: self = .inputOutput
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged
        case .SQLITE_CANTOPEN: self = .cannotOpen
        default: self = .refused
        }
    }
}
