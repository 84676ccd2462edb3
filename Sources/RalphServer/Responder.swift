internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import RalphAPI
internal import RalphCore

/// Turns a request into an answer: finds the route, answers it, and writes every error in the one form.
struct Responder: HTTPResponder {
    typealias Context = ConnectionContext

    var answers: Answers
    /// Nil where the socket's mode keeps others out.
    var doorkeeper: Doorkeeper?
    var gate: SteeringGate
    /// On the Unix socket: who is there.
    var guests: Guests?
    var table = RouteTable()
    var logger: Logger

    func respond(to request: Request, context: Context) async throws -> Response {
        let response: Response
        do {
            response = try await answer(request, context)
        } catch let refusal as Refusal {
            response = try self.response(to: refusal)
        } catch let failure as Failure {
            if failure.code.httpStatus >= 500 {
                logger.error(
                    "a request failed",
                    metadata: [
                        "error": "\(failure)", "cause": "\(failure.cause ?? "-")",
                        "path": "\(request.head.path ?? "")",
                    ]
                )
            }
            response = try self.response(to: Refusal(failure))
        } catch is CancellationError {
            response = try self.response(to: Refusal(Failure(.unavailable, "the daemon is stopping")))
        } catch {
            logger.error(
                "a request failed",
                metadata: ["error": "\(error)", "path": "\(request.head.path ?? "")"]
            )
            response = try self.response(
                to: Refusal(Failure(.internalError, "the request failed; the log says why"))
            )
        }
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request, _ context: Context) async throws -> Response {
        if let refusal = doorkeeper?.refusal(of: request.head) { throw refusal }
        let target = request.head.path ?? ""
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let match = try table.match(method: request.method.rawValue, path: parts.first ?? "")
        let query = try QueryParameters(
            parts.count > 1 ? parts[1] : nil,
            allowed: match.route.queryParameters
        )
        if match.route.method == .post, let failure = context.refusal(gate, guests) { throw failure }
        return try await answers.answer(match, query, request)
    }

    private func response(to refusal: Refusal) throws -> Response {
        var response = try Response.json(refusal.body, status: refusal.status)
        for field in refusal.headers { response.headers[field.name] = field.value }
        if !refusal.allow.isEmpty { response.headers[.allow] = refusal.allow.joined(separator: ", ") }
        return response
    }
}

extension Response {
    /// An answer in our form of JSON, with a line end for people who read it raw.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        var data = try WireJSON.encode(value)
        data.append(0x0A)
        return Response(
            status: status,
            headers: [.contentType: Route.status.mediaType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        )
    }

    /// A list; a long one in pieces, so that it is never in memory twice.
    static func list(_ views: [some ListedView]) -> Response {
        var text = ListedText(views)
        let first = text.next() ?? []
        let end = ByteBuffer(string: "\n")
        let rest = text
        let body =
            text.isOver
            ? ResponseBody(contentsOf: [ByteBuffer(bytes: first), end])
            : ResponseBody { writer in
                try await writer.write(ByteBuffer(bytes: first))
                for piece in rest { try await writer.write(ByteBuffer(bytes: piece)) }
                try await writer.write(end)
                try await writer.finish(nil)
            }
        return Response(
            status: .ok,
            headers: [.contentType: Route.items.mediaType, .cacheControl: "no-store"],
            body: body
        )
    }

    static func text(_ text: String, for route: Route) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: route.mediaType, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
