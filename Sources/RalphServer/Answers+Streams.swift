internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import RalphAPI
internal import RalphCore
internal import ServiceLifecycle

/// Answers that go on: they end with their source, with the client, or when the daemon stops, and never read further
/// than the client does.
extension Answers {
    func log(_ iteration: IterationReference, _ query: LogQuery, _ request: Request) async throws -> Response
    {
        let bytes = try await reading.log(iteration, query)
        return stream(bytes, as: Route.log.mediaType, request) { ByteBuffer(bytes: $0) }
    }

    func events(after id: EventID?, follow: Bool, _ request: Request) async throws -> Response {
        let events = try await reading.events(after: id, follow: follow)
        return stream(events, as: Route.events.mediaType, request, opening: ": listening\n\n", Self.frame)
    }

    private static func frame(_ event: EventView) throws -> ByteBuffer {
        var frame = ByteBuffer(
            string: "id: \(event.id)\nevent: \(event.kind.rawValue)\ndata: "
        )
        frame.writeBytes(try WireJSON.encode(event))
        frame.writeString("\n\n")
        return frame
    }

    private func stream<Source: AsyncSequence & Sendable>(
        _ source: Source,
        as type: String,
        _ request: Request,
        opening: String? = nil,
        _ buffer: @escaping @Sendable (Source.Element) throws -> ByteBuffer
    ) -> Response where Source.Element: Sendable {
        let body = ResponseBody { writer in
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                if let opening { try await writer.write(ByteBuffer(string: opening)) }
                for try await element in source.cancelOnGracefulShutdown() {
                    try await writer.write(buffer(element))
                }
            }
            try await writer.finish(nil)
        }
        // Watching for the client's leave uses up the connection: it is closed afterwards, and has to say so.
        let headers: HTTPFields = [.contentType: type, .cacheControl: "no-store", .connection: "close"]
        return Response(status: .ok, headers: headers, body: body)
    }
}
