package import RalphCore
package import SystemPackage

/// What the agent finds in `.ralphd/` beside its outbox.
package struct WorkspaceNotes: Sendable {
    /// The whole PRD; the agent's copy is read-only.
    package var prd: [UInt8]
    /// The full text of what failed, for `feedback.md`; nil or empty writes none.
    package var feedback: String?
    /// The author's words in full, for `author.md`; nil writes none.
    package var author: String?

    package init(prd: [UInt8], feedback: String? = nil, author: String? = nil) {
        self.prd = prd
        self.feedback = feedback
        self.author = author
    }
}

/// A workspace that is ready for an agent.
package struct PreparedWorkspace: Equatable, Sendable {
    /// What became of the item's kept work.
    package enum Start: Equatable, Sendable {
        /// There was none.
        case base
        /// It is there, as uncommitted changes; the base is the one that it was made on.
        case kept
        /// It is there, merged onto a newer base.
        case merged
        /// It conflicts with the newer base: the workspace is the bare base, the old change is in `.ralphd/old.diff`.
        case conflicted(paths: [String])
    }

    package var slot: Int
    package var directory: FilePath
    package var base: ObjectID
    package var start: Start
    /// True when the directory was made anew: caches are gone, set-up has to run.
    package var isNew: Bool
}
