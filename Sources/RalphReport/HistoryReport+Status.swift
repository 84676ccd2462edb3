internal import Foundation
internal import Glibc
package import RalphAPI
internal import RalphCore
internal import RalphHistory
internal import SystemPackage

extension HistoryReport {
    /// How many items `next` names.
    private static let nextLength = 3
    /// The hour at which people stop looking.
    private static let evening = 22

    package func status() async throws -> StatusView {
        let (attempts, now, budget) = (await attempts(), now(), await budget())
        let evening = Self.lastEvening(before: now)
        let directory = stateDirectory
        return try await ask { [self] history in
            guard let project = try history.project() else {
                throw Failure(.notFound, "nothing is known of this project yet: start ralphd")
            }
            let iterations = try history.openIterations()
            let needs = try Self.needs(of: project, in: history)
            var status = head(of: project, since: try Self.since(evening, now: now, in: history))
            status.items = try counts(in: history)
            if isAtWork {
                status.running = try iterations.compactMap { iteration in
                    guard let item = try history.item(iteration.item), item.state == .running else {
                        return nil
                    }
                    return RunningView(iteration, item: ItemView(item, attempts: attempts), in: directory)
                }
            }
            let cutOff = isAtWork ? [] : try history.items(in: .running)
            status.next = try (cutOff + history.nextItems(limit: Self.nextLength)).prefix(Self.nextLength).map
            {
                NextView(item: $0.id, key: $0.item.key, title: $0.item.title)
            }
            status.baseChecks =
                try project.targetTip.map { try history.checks(on: $0).map(CheckView.init) } ?? []
            let missed = try missed(project, in: history)
            status.needsYou = (missed.map { [$0] } ?? []) + needs.list
            status.agents = needs.agents.map(AgentView.init)
            status.spend = try Self.spend(budget, now: now, in: history)
            return status
        }
    }

    /// What needs a person, each with the command that ends it; none while nothing is known of the project.
    package func needs() async throws -> [NeedView] {
        try await ask { history in
            try history.project().map { try Self.needs(of: $0, in: history).list } ?? []
        }
    }

    static func needs(of project: ProjectRecord, in history: any HistoryReading) throws -> Needs {
        Needs(
            project: project,
            items: try history.stuckItems(),
            agents: try history.agents(),
            questions: try questions(in: history),
            awaited: try history.awaitedKeys()
        )
    }

    private func head(of project: ProjectRecord, since: SinceView) -> StatusView {
        var status = StatusView(
            project: project.name,
            repository: project.repository,
            state: isAtWork ? project.state : .stopped,
            prd: PRDView(path: project.prdPath, problems: project.prdProblems, readAt: project.prdReadAt),
            since: since
        )
        status.reason = absence?.reason(project) ?? project.reason
        status.until = isAtWork ? project.until : nil
        status.pid = isAtWork ? project.daemonPID : nil
        status.startedAt = isAtWork ? project.startedAt : nil
        status.target = project.target.map { $0.hasPrefix("refs/heads/") ? String($0.dropFirst(11)) : $0 }
        status.tip = project.targetTip?.rawValue
        status.isPaused = project.isPaused
        status.hold = project.hold.map(HoldView.init)
        status.checks = project.checksNote
        return status
    }

    /// Changes of agents that are looked at: more than a night has.
    private static let mostAgentEvents = 500

    private static func since(_ evening: Date, now: Date, in history: any HistoryReading) throws -> SinceView
    {
        let (iterations, landed) = try history.countEnded(since: evening)
        var last: SinceView.Landing?
        if let iteration = try history.landings(limit: 1).first, let at = iteration.endedAt, at >= evening {
            last = SinceView.Landing(
                item: iteration.item,
                key: try history.keys(of: [iteration.item])[iteration.item] ?? "",
                commit: iteration.commit?.rawValue,
                at: at,
                error: iteration.error
            )
        }
        let slept = SleptView.all(try history.agentEvents(limit: mostAgentEvents), since: evening)
        return SinceView(
            at: evening,
            landed: landed,
            iterations: iterations,
            last: last,
            sleptMS: SleptView.union(slept, since: evening, until: now)
        )
    }

    /// By the C library: loading a calendar costs more than all the rest of a status.
    static func lastEvening(before now: Date) -> Date {
        var seconds = time_t(now.timeIntervalSince1970.rounded(.down))
        var fields = tm()
        guard localtime_r(&seconds, &fields) != nil else { return now.addingTimeInterval(-43_200) }
        if fields.tm_hour < evening { fields.tm_mday -= 1 }
        (fields.tm_hour, fields.tm_min, fields.tm_sec) = (Int32(evening), 0, 0)
        // Whether summer time holds then is for the zone to say.
        fields.tm_isdst = -1
        return Date(timeIntervalSince1970: Double(mktime(&fields)))
    }
}

extension RunningView {
    fileprivate init(_ iteration: IterationRecord, item: ItemView, in stateDirectory: FilePath) {
        let transcript = LogFiles(of: iteration, in: stateDirectory).path(of: .transcript)
        let attributes = try? FileManager.default.attributesOfItem(atPath: transcript.string)
        self.init(
            item: item,
            iteration: iteration.id,
            ordinal: iteration.ordinal,
            stage: iteration.stage,
            agent: iteration.agent,
            model: iteration.model ?? iteration.modelRequested,
            startedAt: iteration.startedAt,
            lastOutputAt: attributes?[.modificationDate] as? Date
        )
    }
}
