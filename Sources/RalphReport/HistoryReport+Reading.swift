package import RalphAPI
package import RalphCore
internal import RalphHistory

extension HistoryReport: ProjectReading {
    /// Iterations on an item's own page.
    private static let pageOfItem = 20

    package func items(_ query: ItemQuery) async throws -> [ItemView] {
        let attempts = await attempts()
        return try await ask { [self] history in
            let last = try query.after.map { id in
                guard let item = try history.item(id) else {
                    throw Failure(.notFound, "no item \(id) to go on after: start without it")
                }
                return item
            }
            let wanted =
                query.states.isEmpty ? Set(ItemState.allCases).subtracting([.withdrawn]) : query.states
            let lines = try history.itemLines(in: written(wanted), after: last, limit: query.limit)
            return lines.lazy.map { ItemView($0.left(by: absence), attempts: attempts) }
                .filter { wanted.contains($0.state) }
        }
    }

    package func item(_ item: ItemReference) async throws -> ItemDetailView {
        let (attempts, absence) = (await attempts(), absence)
        return try await ask { history in
            let record = try Self.item(item, in: history).left(by: absence)
            let iterations = try history.iterations(item: record.id, limit: Self.pageOfItem)
            return ItemDetailView(
                ItemView(record, attempts: attempts),
                ItemParticulars(
                    record,
                    history: try Self.views(of: iterations, in: history).map { $0.left(by: absence) },
                    action: try Self.action(on: record, in: history)
                )
            )
        }
    }

    /// What a person does about an item, if anything.
    private static func action(on record: ItemRecord, in history: any HistoryReading) throws -> String? {
        guard let project = try history.project() else { return nil }
        let questions = try history.questions(of: record.id).filter { $0.state == .open }
        let needs = Needs(
            project: project,
            items: [record],
            agents: [],
            questions: try views(of: questions, in: history),
            awaited: try history.awaitedKeys()
        )
        return needs.list.first { $0.item == record.id }?.action
    }

    package func iterations(_ query: IterationQuery) async throws -> [IterationView] {
        let absence = absence
        return try await ask { history in
            let item = try query.item.map { try Self.item($0, in: history).id }
            let records = try history.iterations(item: item, limit: query.limit, before: query.before)
            return try Self.views(of: records, in: history).map { $0.left(by: absence) }
        }
    }

    package func iteration(_ iteration: IterationReference) async throws -> IterationDetailView {
        let record = try await resolve(iteration)
        return try await ask { history in
            let item = try history.item(record.item)
            let base = try history.checks(of: record.id, subject: .base)
            let candidate = try history.checks(of: record.id, subject: .candidate)
            let runs =
                base.map { CheckRunView($0, on: .base) } + candidate.map { CheckRunView($0, on: .candidate) }
            return IterationDetailView(
                IterationView(record, key: item?.item.key ?? "", checks: candidate.map(CheckView.init)),
                IterationParticulars(record, title: item?.item.title ?? "", checkRuns: runs)
            )
        }
    }

    package func questions() async throws -> [QuestionView] {
        try await ask { try Self.questions(in: $0) }
    }

    /// Those that have run or are set aside; where they are on this host is for others to add.
    package func agents() async throws -> [AgentDetailView] {
        try await ask { history in
            let tallies = try history.tallies()
            return try history.agents().map { record in
                AgentDetailView(AgentView(record), AgentParticulars(of: record.name, in: tallies))
            }
        }
    }

    package func stats() async throws -> StatsView {
        let (now, budget) = (now(), await budget())
        return try await ask { [self] history in
            let tallies = try history.tallies()
            var outcomes = Dictionary(uniqueKeysWithValues: Outcome.allCases.map { ($0.rawValue, 0) })
            for tally in tallies { outcomes[tally.outcome.rawValue, default: 0] += tally.iterations }
            var stats = StatsView(
                agents: AgentStatsView.all(tallies),
                outcomes: outcomes,
                items: try counts(in: history),
                spend: try Self.spend(budget, now: now, in: history)
            )
            stats.landedPerUSD = FiguresView.worth(landed: stats.landed, stats.spend.totalUSD)
            stats.by = try Self.groups(in: history)
            return stats
        }
    }

    package func events(after id: EventID?, follow: Bool) async throws -> EventStream {
        let newEvents = follow ? live?.newEvents : nil
        let start = try await ask { try id ?? $0.lastEvent() }
        return HistoryEvents(history: history, start: start, newEvents: newEvents)
    }
}

// MARK: Parts of several answers

extension HistoryReport {
    /// Items, days and names in the figures; whoever needs more asks the database.
    private static let mostFigures = 400

    private static func groups(in history: any HistoryReading) throws -> FigureGroups {
        func views(_ group: FigureGroup) throws -> [FiguresView] {
            try history.figures(by: group, limit: mostFigures).map(FiguresView.init)
        }
        var groups = FigureGroups()
        groups.item = try views(.item)
        groups.day = try views(.day)
        groups.agent = try views(.agent)
        groups.model = try views(.model)
        groups.outcome = try views(.outcome)
        return groups
    }

    private static func views(
        of records: [IterationRecord],
        in history: any HistoryReading
    ) throws -> [IterationView] {
        let keys = try history.keys(of: Set(records.map(\.item)))
        let checks = try history.checks(of: records.map(\.id))
        return records.map { record in
            let checks = (checks[record.id] ?? []).map(CheckView.init)
            return IterationView(record, key: keys[record.item] ?? "", checks: checks)
        }
    }

    static func questions(in history: any HistoryReading) throws -> [QuestionView] {
        try views(of: history.openQuestions(), in: history)
    }

    static func views(of questions: [QuestionRecord], in history: any HistoryReading) throws -> [QuestionView]
    {
        try questions.map { question in
            let item = try history.item(question.item)
            return QuestionView(
                id: question.id,
                item: question.item,
                key: item?.item.key ?? "",
                title: item?.item.title ?? "",
                iteration: question.iteration,
                text: question.question,
                askedAt: question.askedAt,
                answer: question.answer,
                answeredAt: question.endedAt
            )
        }
    }

    static func counts(in history: any HistoryReading) throws -> [String: Int] {
        let counts = try history.itemCounts()
        return Dictionary(uniqueKeysWithValues: ItemState.allCases.map { ($0.rawValue, counts[$0] ?? 0) })
    }
}
