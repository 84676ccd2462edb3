package import Foundation
package import RalphAPI
internal import RalphCore
internal import RalphHistory

extension HistoryReport {
    /// Changes of agents that are looked at: more than a month of nights has.
    private static let mostAgentEvents = 20_000

    package func report(since given: Date?) async throws -> ReportView {
        let now = now()
        let since = given ?? Self.lastEvening(before: now)
        return try await ask { [self] history in
            guard let project = try history.project() else {
                throw Failure(.notFound, "nothing is known of this project yet: start ralphd")
            }
            let sums = try history.sums(since: since)
            var report = try ReportView(
                project: project.name,
                state: isAtWork ? project.state : .stopped,
                since: since,
                at: now,
                spent: SpentView(sums.spend + history.openSpend(since: since))
            )
            report.reason = absence?.reason(project) ?? project.reason
            report.until = isAtWork ? project.until : nil
            for (outcome, count) in sums.outcomes { report.outcomes[outcome.rawValue] = count }
            report.iterations = sums.outcomes.values.reduce(0, +)
            report.strikes = sums.strikes
            report.landedCount = sums.outcomes[.landed] ?? 0
            report.landed = try Self.landed(since: since, in: history)
            var needs = try Self.needs(of: project, in: history)
            // They are listed apart.
            needs.questions = []
            let missed = try missed(project, in: history)
            report.stuck = (missed.map { [$0] } ?? []) + needs.list
            report.asked = try Self.views(
                of: history.questions(since: since, limit: ReportView.longest),
                in: history
            )
            let changes = try history.agentEvents(limit: Self.mostAgentEvents)
            report.slept = SleptView.all(changes, since: since)
            report.sleptMS = SleptView.union(report.slept, since: since, until: now)
            return report
        }
    }

    private static func landed(since: Date, in history: any HistoryReading) throws -> [LandedView] {
        try history.landings(since: since, limit: ReportView.longest).reversed().compactMap { iteration in
            guard let item = try history.item(iteration.item) else { return nil }
            // What it has landed as last needs no look at what became of it.
            let stands = item.state == .done && item.commit == iteration.commit
            return LandedView(
                item: item,
                commit: iteration.commit?.rawValue,
                at: iteration.endedAt ?? iteration.startedAt,
                iterations: iteration.ordinal - (try history.lastLanding(before: iteration)),
                isUndone: try !stands && history.isTakenBack(iteration),
                error: iteration.error
            )
        }
    }
}

extension SpentView {
    init(_ spend: Spend) {
        self.init(
            usd: spend.totalUSD,
            planUSD: spend.planUSD,
            unknownIterations: spend.unknownIterations,
            tokens: TokensView(spend.tokens)
        )
    }
}

extension SleptView {
    /// Stretches in which an agent was not ready, that ended after an instant.
    static func all(_ changes: [EventRecord], since: Date) -> [SleptView] {
        var open: [String: SleptView] = [:]
        var found: [SleptView] = []
        for change in changes {
            guard let name = change.details["name"],
                let state = change.details["state"].flatMap(AgentRecord.State.init(rawValue:))
            else { continue }
            if var slept = open.removeValue(forKey: name) {
                slept.until = change.at
                found.append(slept)
            }
            if state != .ready {
                open[name] = SleptView(agent: name, state: state, from: change.at, until: nil)
            }
        }
        return (found + open.values).filter { ($0.until ?? .distantFuture) > since }
            .sorted { ($0.from, $0.agent) < ($1.from, $1.agent) }
    }

    /// How long at least one of them was asleep, in milliseconds.
    static func union(_ stretches: [SleptView], since: Date, until now: Date) -> Int64 {
        var (total, covered) = (0.0, since)
        for stretch in stretches where stretch.state == .asleep {
            let end = min(stretch.until ?? now, now)
            let start = max(stretch.from, covered)
            guard end > start else { continue }
            total += end.timeIntervalSince(start)
            covered = end
        }
        return Int64((total * 1000).rounded())
    }
}
