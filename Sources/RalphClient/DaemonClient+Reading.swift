package import RalphAPI
package import RalphCore

package import struct Foundation.Date

extension DaemonClient: ProjectReading {
    package func status() async throws -> StatusView { try await get(.status, as: StatusView.self) }

    package func items(_ query: ItemQuery) async throws -> [ItemView] {
        var parameters: [(String, String)] = []
        if !query.states.isEmpty {
            parameters.append(("state", query.states.map(\.rawValue).sorted().joined(separator: ",")))
        }
        if let limit = query.limit { parameters.append(("limit", String(limit))) }
        if let after = query.after { parameters.append(("after", after.description)) }
        return try await list(.items, query: parameters, of: ItemView.self)
    }

    package func item(_ item: ItemReference) async throws -> ItemDetailView {
        try await get(.item, [item.description], as: ItemDetailView.self)
    }

    package func iterations(_ query: IterationQuery) async throws -> [IterationView] {
        var parameters = [("limit", String(query.limit))]
        if let item = query.item { parameters.append(("item", item.description)) }
        if let before = query.before { parameters.append(("before", before.description)) }
        return try await get(.iterations, query: parameters, as: [IterationView].self)
    }

    package func iteration(_ iteration: IterationReference) async throws -> IterationDetailView {
        try await get(.iteration, [iteration.description], as: IterationDetailView.self)
    }

    package func log(_ iteration: IterationReference, _ query: LogQuery) async throws -> ByteStream {
        var parameters = [("offset", String(query.offset)), ("follow", String(query.follow))]
        switch query.file {
        case .transcript: break
        case .errors: parameters.append(("file", "errors"))
        case .check(let name): parameters.append(("check", name))
        case .prompt, .changes, .review, .reviewErrors, .reviewPrompt:
            throw Failure(.usage, "the prompt and the diff are asked for by name, not as a log")
        }
        return ReceivedBytes(
            body: try await stream(.log, [iteration.description], query: parameters),
            client: self
        )
    }

    package func diff(_ iteration: IterationReference) async throws -> String {
        try await text(.diff, [iteration.description])
    }

    package func prompt(_ iteration: IterationReference) async throws -> String {
        try await text(.prompt, [iteration.description])
    }

    package func questions() async throws -> [QuestionView] {
        try await get(.questions, as: [QuestionView].self)
    }

    package func report(since: Date?) async throws -> ReportView {
        try await get(.report, query: since.map { [("since", WireTime.text($0))] } ?? [], as: ReportView.self)
    }

    package func stats() async throws -> StatsView { try await get(.stats, as: StatsView.self) }

    package func agents() async throws -> [AgentDetailView] {
        try await get(.agents, as: [AgentDetailView].self)
    }

    package func events(after id: EventID?, follow: Bool) async throws -> EventStream {
        let query = (id.map { [("after", $0.description)] } ?? []) + (follow ? [] : [("follow", "false")])
        return ReceivedEvents(
            bytes: ReceivedBytes(body: try await stream(.events, query: query), client: self)
        )
    }
}
