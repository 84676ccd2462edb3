internal import AsyncHTTPClient
internal import NIOCore
internal import RalphAPI

/// The body of an answer as raw bytes, as they come.
struct ReceivedBytes: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let body: HTTPClientResponse.Body
    let client: DaemonClient

    func makeAsyncIterator() -> Iterator { Iterator(buffers: body.makeAsyncIterator(), client: client) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var buffers: HTTPClientResponse.Body.AsyncIterator
        fileprivate let client: DaemonClient

        @concurrent
        mutating func next() async throws -> [UInt8]? {
            do {
                return try await buffers.next().map { Array(buffer: $0) }
            } catch {
                throw client.failure(from: error)
            }
        }
    }
}

/// The body of an answer as server-sent events.
struct ReceivedEvents: AsyncSequence, Sendable {
    typealias Element = EventView
    typealias Failure = any Error

    let bytes: ReceivedBytes

    func makeAsyncIterator() -> Iterator { Iterator(bytes: bytes.makeAsyncIterator()) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var bytes: ReceivedBytes.Iterator
        private var decoder = EventStreamDecoder()
        private var ready: ArraySlice<EventView> = []

        fileprivate init(bytes: ReceivedBytes.Iterator) { self.bytes = bytes }

        @concurrent
        mutating func next() async throws -> EventView? {
            while ready.isEmpty {
                guard let chunk = try await bytes.next() else { return nil }
                ready = try decoder.handle(chunk)[...]
            }
            return ready.popFirst()
        }
    }
}
