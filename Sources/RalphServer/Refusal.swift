internal import HTTPTypes
internal import Hummingbird
internal import RalphAPI
internal import RalphCore

/// A request that gets an error for an answer.
struct Refusal: Error {
    var status: HTTPResponse.Status
    var body: ErrorView
    var allow: [String] = []
    /// More header fields of the answer.
    var headers: HTTPFields = [:]

    init(_ status: HTTPResponse.Status, code: String, _ message: String) {
        self.status = status
        self.body = ErrorView(code: code, message: message)
    }

    init(_ failure: Failure) {
        self.status = HTTPResponse.Status(code: failure.code.httpStatus)
        self.body = ErrorView(failure)
    }

    static func usage(_ message: String) -> Refusal { Refusal(Failure(.usage, message)) }

    static func notFound(_ path: String) -> Refusal {
        Refusal(Failure(.notFound, "no such page: \(path)"))
    }

    static func methodNotAllowed(_ method: String, _ path: String, allowed: [String]) -> Refusal {
        var refusal = Refusal(
            .methodNotAllowed,
            code: "method_not_allowed",
            "\(path) takes \(allowed.joined(separator: ", ")), not \(method)"
        )
        refusal.allow = allowed
        return refusal
    }

    static func tooLarge(bound: Int) -> Refusal {
        Refusal(.contentTooLarge, code: "too_large", "the body has more than \(bound) bytes")
    }
}
