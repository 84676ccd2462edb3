internal import RalphAPI

/// The routes as an OpenAPI document, written from the same list that is served.
struct OpenAPIText {
    var routes: [Route]

    var text: String {
        var lines = [
            "openapi: 3.1.0",
            "info:",
            "  title: ralphd",
            "  description: A project's daemon on its Unix socket. Keys may be added; those here stay.",
            "  version: '1'",
            "paths:",
        ]
        var seen: [String] = []
        for route in routes where !seen.contains(route.template) {
            seen.append(route.template)
            lines.append("  \(route.template):")
            for same in routes where same.template == route.template { lines += operation(same) }
        }
        lines += ["components:", "  schemas:"]
        for (name, shape) in Shape.all { lines += shape.lines(named: name) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func operation(_ route: Route) -> [String] {
        [
            "    \(route.method.rawValue.lowercased()):",
            "      operationId: \(route)",
            "      summary: \(route.summary)",
        ] + parameters(of: route) + body(of: route) + [
            "      responses:",
            "        '200':",
            "          description: The answer",
            "          content:",
            "            \(route.mediaType.prefix { $0 != ";" }): {schema: \(route.answer.text)}",
            "        default:",
            "          description: What is wrong with the request, or why it cannot be met now",
            "          content:",
            "            application/json: {schema: \(ValueType.shape("Error").text)}",
        ]
    }

    private func parameters(of route: Route) -> [String] {
        let inPath = route.template.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            let name = String(segment.dropFirst().dropLast())
            return "        - {name: \(name), in: path, required: true, schema: \(ValueType.path(name).text)}"
        }
        let inQuery = route.queryParameters.sorted().map { name in
            let style = name == "state" ? ", style: form, explode: false" : ""
            return
                "        - {name: \(name), in: query\(style), schema: \(ValueType.query(name, of: route).text)}"
        }
        let header =
            route == .events
            ? ["        - {name: Last-Event-ID, in: header, schema: \(ValueType.number(from: 0).text)}"] : []
        let all = inPath + inQuery + header
        return all.isEmpty ? [] : ["      parameters:"] + all
    }

    private func body(of route: Route) -> [String] {
        guard let keys = route.bodyKeys else { return [] }
        let needed = keys.filter(\.isNeeded).map(\.name)
        return [
            "      requestBody:",
            "        required: \(!needed.isEmpty)",
            "        content:",
            "          application/json:",
            "            schema:",
            "              type: object",
            "              additionalProperties: false",
            "              required: [\(needed.joined(separator: ", "))]",
            "              properties:",
        ] + keys.map { "                \($0.name): \($0.type.text)" }
    }
}

extension ValueType {
    fileprivate static func path(_ name: String) -> ValueType {
        name == "question" ? .number(from: 1) : .name
    }

    fileprivate static func query(_ name: String, of route: Route) -> ValueType {
        switch (route, name) {
        case (_, "since"): .time
        case (.items, "state"): .listed(.itemState)
        case (.items, "limit"): .number(from: 1, to: 1_000_000)
        case (.iterations, "limit"): .number(from: 1, to: Int64(IterationQuery.largestLimit))
        case (_, "offset"), (.events, "after"): .number(from: 0)
        case (_, "after"), (_, "before"): .number(from: 1)
        case (_, "follow"): .flag
        case (_, "file"): .words(["transcript", "errors"])
        default: .name
        }
    }
}

extension Route {
    /// The type of each key of the body, and which of them it has to have. Nil when there is no body.
    fileprivate var bodyKeys: [(name: String, type: ValueType, isNeeded: Bool)]? {
        switch self {
        case .pause: [("now", .optional(.flag), false)]
        case .retry: [("fresh", .optional(.flag), false), ("note", .optional(.notBlank), false)]
        case .add:
            [
                ("after", .optional(.notBlank), false), ("section", .optional(.notBlank), false),
                ("text", .notBlank, true),
            ]
        case .answer: [("text", .notBlank, true)]
        default: nil
        }
    }

    /// What a good answer holds.
    fileprivate var answer: ValueType {
        switch self {
        case .health: .shape("Health")
        case .metrics, .openAPI, .log, .diff, .prompt: .text
        case .events: .shape("StreamedEvent")
        case .status: .shape("Status")
        case .report: .shape("Report")
        case .items: .list(.shape("Item"))
        case .item: .shape("ItemDetail")
        case .iterations: .list(.shape("Iteration"))
        case .iteration: .shape("IterationDetail")
        case .questions: .list(.shape("Question"))
        case .stats: .shape("Stats")
        case .agents: .list(.shape("AgentDetail"))
        case .testAgent: .shape("AgentTest")
        case .pause, .resume, .add, .skip, .retry, .accept, .undo, .answer, .retryAgent: .shape("Action")
        }
    }
}
