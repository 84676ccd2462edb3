package import RalphCore

/// What is to land, before anything was touched.
package struct LandingRequest: Equatable, Sendable {
    package var iteration: IterationID
    package var uuid: String
    /// Full ref name.
    package var target: String
    /// The candidate's only parent.
    package var expectedTip: ObjectID
    package var candidate: ObjectID
    package var tick: LandingIntent.Tick
    /// The PRD's real path in the tree; nil when it is not tracked.
    package var prdPath: RepositoryPath?

    package init(
        iteration: IterationID,
        uuid: String,
        target: String,
        expectedTip: ObjectID,
        candidate: ObjectID,
        tick: LandingIntent.Tick,
        prdPath: RepositoryPath?
    ) {
        self.iteration = iteration
        self.uuid = uuid
        self.target = target
        self.expectedTip = expectedTip
        self.candidate = candidate
        self.tick = tick
        self.prdPath = prdPath
    }
}

/// What `prepare` found.
package enum LandingPreparation: Equatable, Sendable {
    /// Store it, then carry it out.
    case ready(LandingIntent)
    /// The target has another tip: rebuild the candidate on it and check again.
    case moved(ObjectID)
    case inTheWay(Obstacles)
    /// Wait and try again; the reason is for a person.
    case busy(String)
    /// The branch is gone or unborn.
    case hold(String)
}

/// How a landing ended. Whatever it is, the checkout is whole and holds no lock of ours.
package enum LandingResult: Equatable, Sendable {
    /// The target is the candidate.
    case landed
    /// The target, or a file of its checkout, is not as the intent says: rebuild on this tip and prepare anew.
    case moved(ObjectID)
    case inTheWay(Obstacles)
    /// Wait and try again: a lock that is not ours, an operation in progress, a command of the user's that failed.
    case busy(String)
    /// It had landed, and the author took it away: recorded as landed, never landed again.
    case thrownAway
}

/// What became of a landing of an earlier life.
package enum LandingRecovery: Equatable, Sendable {
    /// It is in: as `commit`, or, when that is nil, by somebody's own commits with the same content. A tick beside is owed only
    /// when the work is still in.
    case landed(commit: ObjectID?, isTickOwed: Bool)
    /// Everything is put back; prepare anew.
    case notLanded
    /// It had landed, and the author took it away: recorded as landed, its box left as it is.
    case thrownAway
    /// Nothing was changed: try again later; the reason is for a person.
    case undecidable(String)
}

/// Paths in a checkout that a landing would overwrite.
package struct Obstacles: Equatable, Sendable {
    /// Relative to the checkout, sorted.
    package var paths: [RepositoryPath]
    /// The PRD alone is in the way: rebuild the candidate without the tick and land that.
    package var isOnlyPRD: Bool

    package init(paths: some Collection<RepositoryPath>, prdPath: RepositoryPath?) {
        self.paths = paths.sorted()
        isOnlyPRD = paths.count == 1 && paths.first == prdPath
    }

    /// For people: the names, at most five.
    package var description: String {
        let shown = paths.prefix(Obstacles.namesShown).map(\.description)
        let rest = paths.count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    private static let namesShown = 5
}

/// Whether work that landed is still in the target.
package enum Standing: Equatable, Sendable {
    case stillIn
    /// Reverted or dropped by the author.
    case undone
}
