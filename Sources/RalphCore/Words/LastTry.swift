/// What the next iteration is told of the last one.
package struct LastTry: Equatable, Codable, Sendable {
    /// What was wrong with the work when it was last judged.
    package struct Flaw: Equatable, Codable, Sendable {
        /// Red checks, a reviewer's findings, or the agent's own word that it is not done.
        package var outcome: Outcome
        package var detail: String?
        package var checks: [CheckResult]
        /// Names of checks that failed on the base of that try too.
        package var failingOnBase: [String]
        /// Tries since, the last one with them; none of them came so far.
        package var triesSince = 1
    }

    package var outcome: Outcome
    /// One line: the note of `not-done.md`, the protected paths, what ran when time was up.
    package var detail: String?
    package var checks: [CheckResult]
    /// Names of checks that fail on the base too.
    package var failingOnBase: [String]
    /// How often in a row this very failure was seen.
    package var repeats: Int
    /// New files that `.gitignore` hides and that therefore cannot land.
    package var hiddenFiles: [String]
    /// Nothing landed because the files hold a credential.
    package var isLeak: Bool
    /// Where this one ended before its work was judged: the work goes on from there, and what was wrong with it still is.
    package var standing: Flaw?

    package init(
        outcome: Outcome,
        detail: String? = nil,
        checks: [CheckResult] = [],
        failingOnBase: [String] = [],
        repeats: Int = 1,
        hiddenFiles: [String] = [],
        isLeak: Bool = false
    ) {
        self.outcome = outcome
        self.detail = detail
        self.checks = checks
        self.failingOnBase = failingOnBase
        self.repeats = repeats
        self.hiddenFiles = hiddenFiles
        self.isLeak = isLeak
    }

    /// What a row of an earlier version does not say has its default.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        outcome = try values.decode(Outcome.self, forKey: .outcome)
        detail = try values.decodeIfPresent(String.self, forKey: .detail)
        checks = try values.decode([CheckResult].self, forKey: .checks)
        failingOnBase = try values.decode([String].self, forKey: .failingOnBase)
        repeats = try values.decode(Int.self, forKey: .repeats)
        hiddenFiles = try values.decode([String].self, forKey: .hiddenFiles)
        isLeak = try values.decodeIfPresent(Bool.self, forKey: .isLeak) ?? false
        standing = try values.decodeIfPresent(Flaw.self, forKey: .standing)
    }

    /// What is wrong with the work by this try alone.
    private var flaw: Flaw? {
        guard [.checksFailed, .reviewRejected, .incomplete].contains(outcome) else { return nil }
        return Flaw(outcome: outcome, detail: detail, checks: checks, failingOnBase: failingOnBase)
    }

    /// With what was found wrong in a try before, where this one ended before its work was judged.
    package func keeping(_ earlier: LastTry?) -> LastTry {
        switch outcome {
        case .landed, .alreadyDone, .conflict, .checksFailed, .reviewRejected, .cancelled: return self
        default: break
        }
        guard let earlier else { return self }
        var kept = self
        // What was found by others counts for more than what an agent said of itself.
        kept.standing = earlier.standing ?? earlier.flaw
        if let older = earlier.standing { kept.standing?.triesSince = older.triesSince + 1 }
        return kept
    }
}
