/// Every route of the HTTP interface, as data that the server serves and the client asks for.
package enum Route: String, CaseIterable, Sendable {
    case health = "GET /healthz"
    case metrics = "GET /metrics"
    case openAPI = "GET /openapi.yaml"
    case status = "GET /v1/status"
    case report = "GET /v1/report"
    case items = "GET /v1/items"
    case item = "GET /v1/items/{item}"
    case iterations = "GET /v1/iterations"
    case iteration = "GET /v1/iterations/{iteration}"
    case log = "GET /v1/iterations/{iteration}/log"
    case diff = "GET /v1/iterations/{iteration}/diff"
    case prompt = "GET /v1/iterations/{iteration}/prompt"
    case questions = "GET /v1/questions"
    case stats = "GET /v1/stats"
    case agents = "GET /v1/agents"
    case events = "GET /v1/events"
    case pause = "POST /v1/pause"
    case resume = "POST /v1/resume"
    case add = "POST /v1/items"
    case skip = "POST /v1/items/{item}/skip"
    case retry = "POST /v1/items/{item}/retry"
    case accept = "POST /v1/items/{item}/accept"
    case undo = "POST /v1/items/{item}/undo"
    case answer = "POST /v1/questions/{question}/answer"
    case retryAgent = "POST /v1/agents/{agent}/retry"
    case testAgent = "POST /v1/agents/{agent}/test"

    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package var method: Method { rawValue.hasPrefix("GET ") ? .get : .post }

    /// The path with `{name}` where a parameter goes.
    package var template: String { String(rawValue.drop { $0 != " " }.dropFirst()) }

    /// The parameters that may follow the `?`; any other is refused.
    package var queryParameters: Set<String> {
        switch self {
        case .report: ["since"]
        case .items: ["state", "limit", "after"]
        case .iterations: ["item", "limit", "before"]
        case .log: ["file", "check", "offset", "follow"]
        case .events: ["after", "follow"]
        default: []
        }
    }

    /// The path with its parameters filled in, in order, each escaped so that it stays one path segment.
    package func path(_ parameters: [String] = []) -> String {
        var values = parameters[...]
        return template.split(separator: "/").map { segment in
            guard segment.hasPrefix("{"), let value = values.popFirst() else { return "/" + segment }
            return "/" + Self.escaped(value)
        }.joined()
    }

    /// Percent-encoding of everything but the unreserved characters of RFC 3986.
    package static func escaped(_ value: String) -> String {
        var escaped = ""
        for byte in value.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return escaped
    }
}
