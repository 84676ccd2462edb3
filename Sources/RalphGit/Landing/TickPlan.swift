package import RalphCore

/// Where the tick of an item goes.
package enum TickPlan: Equatable, Sendable {
    /// Into the landed commit, on the PRD's real path in the tree.
    case inCommit(TrackedPRD)
    /// Into the file, after the landing; the reason is for logs.
    case beside(reason: String)
}

/// The PRD as the target's tip has it; the file on disk has the same bytes.
package struct TrackedPRD: Equatable, Sendable {
    package var path: RepositoryPath
    /// `100644` or `100755`.
    package var mode: String
    package var blob: ObjectID
    package var content: [UInt8]

    package init(path: RepositoryPath, mode: String, blob: ObjectID, content: [UInt8]) {
        self.path = path
        self.mode = mode
        self.blob = blob
        self.content = content
    }
}
