import RalphCore

/// The instants of a landing between which it may be interrupted, in their order.
package enum LandingStep: Int, CaseIterable, Comparable, Sendable {
    case begun, objectsBrought, pinned, locked, indexCopied, merged, indexPublished, unlocked
    /// In `recover`, after the work tree was put back and before the lock is removed.
    case putBack

    var faultPoint: FaultPoint {
        switch self {
        case .begun: .landingBegun
        case .objectsBrought: .landingObjectsBrought
        case .pinned: .landingPinned
        case .locked: .landingLocked
        case .indexCopied: .landingIndexCopied
        case .merged: .landingMerged
        case .indexPublished: .landingIndexPublished
        case .unlocked: .landingUnlocked
        case .putBack: .landingPutBack
        }
    }

    package static func < (a: LandingStep, b: LandingStep) -> Bool { a.rawValue < b.rawValue }
}
