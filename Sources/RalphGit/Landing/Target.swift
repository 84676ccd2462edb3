package import RalphCore

package import struct SystemPackage.FilePath

/// The branch that landings move, as it is at this moment.
package struct Target: Equatable, Sendable {
    /// Full name, symbolic refs resolved.
    package var ref: String
    package var tip: ObjectID
    /// The one place where it is checked out; nil when nowhere.
    package var checkout: Checkout?
    /// Why nothing may land right now, in words: an operation in progress, two checkouts. Nil when it may.
    package var busy: String?

    package init(ref: String, tip: ObjectID, checkout: Checkout? = nil, busy: String? = nil) {
        self.ref = ref
        self.tip = tip
        self.checkout = checkout
        self.busy = busy
    }

    /// `main` for `refs/heads/main`.
    package var shortName: String { Target.shortName(of: ref) }

    package static func shortName(of ref: String) -> String {
        ref.hasPrefix("refs/heads/") ? String(ref.dropFirst("refs/heads/".count)) : ref
    }
}

/// A work tree with the git directory that belongs to it alone.
package struct Checkout: Equatable, Sendable {
    package var workTree: FilePath
    /// `.git`, or `.git/worktrees/<name>` for a linked worktree.
    package var gitDirectory: FilePath

    package init(workTree: FilePath, gitDirectory: FilePath) {
        self.workTree = workTree
        self.gitDirectory = gitDirectory
    }
}

/// Which branch a project lands on, asked once, at its first start.
package enum TargetChoice: Equatable, Sendable {
    /// Full ref name, to be written down.
    case ref(String)
    /// There is none yet; the reason names the next step.
    case hold(String)
}

/// The target as found, or why it cannot be used.
package enum TargetLookup: Equatable, Sendable {
    case found(Target)
    /// The branch is gone or unborn.
    case hold(String)
}
