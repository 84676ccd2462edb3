internal import HTTPTypes
internal import Hummingbird
internal import RalphAPI
internal import RalphCore

internal import struct Foundation.Date

/// What each route answers.
struct Answers: Sendable {
    var project: String
    var reading: any ProjectReading
    var steering: any ProjectSteering

    func answer(_ match: RouteTable.Match, _ query: QueryParameters, _ request: Request) async throws
        -> Response
    {
        let name = match.parameters.first ?? ""
        switch match.route {
        case .health: return try .json(HealthView(project: project))
        case .metrics:
            let text = try await MetricsText(status: reading.status(), stats: reading.stats()).text
            return .text(text, for: match.route)
        case .openAPI: return .text(OpenAPIText(routes: Route.allCases).text, for: match.route)
        case .status: return try .json(await reading.status())
        case .report: return try .json(await reading.report(since: instant("since", query)))
        case .items: return .list(try await reading.items(itemQuery(query)))
        case .item: return try .json(await reading.item(item(name)))
        case .iterations: return try .json(await reading.iterations(iterationQuery(query)))
        case .iteration: return try .json(await reading.iteration(iteration(name)))
        case .log: return try await log(iteration(name), logQuery(query), request)
        case .diff: return .text(try await reading.diff(iteration(name)), for: match.route)
        case .prompt: return .text(try await reading.prompt(iteration(name)), for: match.route)
        case .questions: return try .json(await reading.questions())
        case .stats: return try .json(await reading.stats())
        case .agents: return try .json(await reading.agents())
        case .testAgent: return try .json(await steering.testAgent(name))
        case .events:
            let follow = try query.flag("follow", default: true)
            return try await events(after: lastEvent(query, request), follow: follow, request)
        case .pause, .resume, .add, .skip, .retry, .accept, .undo, .answer, .retryAgent:
            return try .json(await act(match.route, on: name, request))
        }
    }

    private func act(_ route: Route, on name: String, _ request: Request) async throws -> ActionView {
        switch route {
        case .pause:
            return try await steering.pause(
                now: request.body(PauseRequest.self, ifEmpty: PauseRequest(now: false)).now
            )
        case .resume: return try await steering.resume()
        case .add:
            let item = try await request.body(AddRequest.self)
            _ = try notBlank(item.text)
            return try await steering.add(item)
        case .skip: return try await steering.skip(item(name))
        case .retry:
            let body = try await request.body(
                RetryRequest.self,
                ifEmpty: RetryRequest(note: nil, fresh: false)
            )
            return try await steering.retry(
                item(name),
                note: body.note.map { try notBlank($0) },
                fresh: body.fresh
            )
        case .accept: return try await steering.accept(item(name))
        case .undo: return try await steering.undo(item(name))
        case .answer:
            guard let question = Int64(name) else { throw Refusal.usage("\(name) is no question's number") }
            return try await steering.answer(QuestionID(question), text: text(request))
        case .retryAgent: return try await steering.retryAgent(name)
        default: throw Refusal.notFound(route.template)
        }
    }

    private func text(_ request: Request) async throws -> String {
        try await notBlank(request.body(TextRequest.self).text)
    }

    private func notBlank(_ text: String) throws -> String {
        let isBlank = text.unicodeScalars.allSatisfy { $0.value <= 0x20 || $0.properties.isWhitespace }
        guard !isBlank else { throw Refusal.usage("text is empty") }
        return text
    }
}

// MARK: Parameters

extension Answers {
    private func item(_ name: String) throws(Refusal) -> ItemReference {
        guard let reference = ItemReference(name) else { throw .notFound("an item without a name") }
        return reference
    }

    private func iteration(_ name: String) throws(Refusal) -> IterationReference {
        guard let reference = IterationReference(name) else { throw .notFound("an iteration without a name") }
        return reference
    }

    private func instant(_ name: String, _ query: QueryParameters) throws(Refusal) -> Date? {
        guard let text = query.text(name) else { return nil }
        guard let date = WireTime.date(text) else {
            throw .usage("\(name)=\(text) is no time like 2026-11-22T01:14:05Z")
        }
        return date
    }

    private func itemQuery(_ query: QueryParameters) throws(Refusal) -> ItemQuery {
        var states: Set<ItemState> = []
        for name in query.text("state")?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
            guard let state = ItemState(rawValue: String(name)) else {
                let known = ItemState.allCases.map(\.rawValue).joined(separator: ", ")
                throw .usage("no state \(name): use \(known)")
            }
            states.insert(state)
        }
        return ItemQuery(
            states: states,
            limit: try query.number("limit", in: 1...1_000_000).map { Int($0) },
            after: try query.number("after", in: 1...Int64.max).map { ItemID($0) }
        )
    }

    private func iterationQuery(_ query: QueryParameters) throws(Refusal) -> IterationQuery {
        let limit = try query.number("limit", in: 1...Int64(IterationQuery.largestLimit))
        var item: ItemReference?
        if let name = query.text("item") { item = try self.item(name) }
        return IterationQuery(
            item: item,
            limit: limit.map { Int($0) } ?? IterationQuery.defaultLimit,
            before: try query.number("before", in: 1...Int64.max).map { IterationID($0) }
        )
    }

    private func logQuery(_ query: QueryParameters) throws(Refusal) -> LogQuery {
        let file: LogFile
        switch (query.text("file"), query.text("check")) {
        case (nil, nil), ("transcript", nil): file = .transcript
        case ("errors", nil): file = .errors
        // A check is the narrower wish.
        case (nil, let check?), ("transcript", let check?), ("errors", let check?):
            guard !check.isEmpty else { throw .usage("check= names no check") }
            file = .check(check)
        default: throw .usage("give file=transcript, file=errors or check=NAME")
        }
        return LogQuery(
            file,
            offset: try query.number("offset", in: 0...Int64.max) ?? 0,
            follow: try query.flag("follow")
        )
    }

    /// A reader that lost its connection sends the last id that it saw in a header; one that starts can say `after`.
    private func lastEvent(_ query: QueryParameters, _ request: Request) throws(Refusal) -> EventID? {
        // Looked at also where the header wins: what is no number is a mistake in either place.
        let after = try query.number("after", in: 0...Int64.max)
        let header = request.headers.first { $0.name.canonicalName == "last-event-id" }?.value
        guard let header else { return after.map { EventID($0) } }
        guard let id = Int64(header), id >= 0 else {
            throw .usage("Last-Event-ID \(header) is no event's number")
        }
        return EventID(id)
    }
}
