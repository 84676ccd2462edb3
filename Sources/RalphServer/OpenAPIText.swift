internal import RalphAPI

/// The routes as an OpenAPI document, written from the same list that is served.
struct OpenAPIText {
    var routes: [Route]

    var text: String {
        var lines = [
            "openapi: 3.1.0",
            "info:",
            "  title: ralphd",
            "  description: A project's daemon on its Unix socket. docs/http-api.md has the keys of each answer.",
            "  version: '1'",
            "paths:",
        ]
        var seen: [String] = []
        for route in routes where !seen.contains(route.template) {
            seen.append(route.template)
            lines.append("  \(route.template):")
            for same in routes where same.template == route.template { lines += operation(same) }
        }
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
            "            \(route.mediaType.prefix { $0 != ";" }): {}",
            "        default:",
            "          description: \"{error: {code, message}}\"",
            "          content:",
            "            application/json: {}",
        ]
    }

    private func parameters(of route: Route) -> [String] {
        let inPath = route.template.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            "        - {name: \(segment.dropFirst().dropLast()), in: path, required: true, schema: {type: string}}"
        }
        let inQuery = route.queryParameters.sorted().map { name in
            "        - {name: \(name), in: query, schema: {type: string}}"
        }
        let all = inPath + inQuery
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
        ] + keys.map { "                \($0.name): {type: \($0.type)}" }
    }
}
