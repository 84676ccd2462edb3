internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import RalphAPI
internal import RalphCore
package import SystemPackage

/// The other end of a daemon's socket.
///
/// Everything throws `Failure`: `noDaemon` where nobody listens, and what the daemon answered as it meant it.
package struct DaemonClient: Sendable {
    /// The daemon accepts at once or is in trouble.
    private static let connectTimeout = TimeAmount.seconds(2)
    /// For `isHasty`: a daemon that is slow with an answer is asked after so long whether it is there at all, and given so
    /// long to say so. Together less than a person waits without wondering.
    private static let patience = Duration.milliseconds(700)
    private static let hastyHealthTimeout = TimeAmount.milliseconds(1200)
    /// Before a deed there is no other way to do it, so a busy machine is given its time.
    private static let healthTimeout = TimeAmount.seconds(5)
    /// How long an answer may take to begin.
    private static let answerTimeout = TimeAmount.seconds(30)
    /// What makes an agent run takes as long as that does, and the daemon bounds it.
    private static let longAnswerTimeout = TimeAmount.seconds(240)
    /// A page of the longest lists.
    private static let answerBound = 256 << 20

    /// One for the life of the process, as its connections are.
    private static let http = HTTPClient(
        eventLoopGroup: HTTPClient.defaultEventLoopGroup,
        configuration: configuration
    )

    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: connectTimeout)
        // Well before the server gives up on a silent connection, or a request could meet its end.
        configuration.connectionPool.idleTimeout = .seconds(15)
        // Nobody listens: say so now, and do not try again until the answer is due.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    private let socket: FilePath
    private let clock: any Clock<Duration>
    private let isHasty: Bool

    /// Sent along where the daemon is asked over TCP.
    private let token: String?

    /// - Parameters:
    ///   - socket: of the daemon, or an address, `http://127.0.0.1:7777`.
    ///   - token: what lets a client in there.
    ///   - isHasty: whoever asks has somewhere else to look, and gives a daemon up that does not answer within two seconds.
    package init(
        socket: FilePath,
        token: String? = nil,
        isHasty: Bool = false,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.socket = socket
        self.isHasty = isHasty
        self.clock = clock
        self.token = token
    }

    /// Whether what was given for a socket is an address.
    package static func isAddress(_ text: String) -> Bool {
        text.hasPrefix("http://") || text.hasPrefix("https://")
    }

    private var base: String {
        // A path holds no two slashes in a row.
        for scheme in ["http", "https"] where socket.string.hasPrefix(scheme + ":/") {
            return scheme + "://" + socket.string.dropFirst(scheme.count + 2).drop { $0 == "/" }
        }
        return "http+unix://" + Route.escaped(socket.string)
    }

    /// Whether a daemon answers on the socket.
    package func isAnswering() async -> Bool {
        (try? await get(.health, as: HealthView.self)) != nil
    }
}

// MARK: Exchange

extension DaemonClient {
    func get<Answer: Decodable>(
        _ route: Route,
        _ parameters: [String] = [],
        query: [(String, String)] = [],
        as type: Answer.Type
    ) async throws -> Answer {
        try decode(type, from: await collect(send(route, parameters, query: query)))
    }

    /// As ``get``, for lists that can be very long.
    func list<View: ListedView>(_ route: Route, query: [(String, String)], of type: View.Type) async throws
        -> [View]
    {
        let bytes = try await collect(send(route, [], query: query))
        do {
            return try WireJSON.decode(list: type, from: Array(bytes))
        } catch {
            throw Self.otherForm(error)
        }
    }

    func text(_ route: Route, _ parameters: [String]) async throws -> String {
        String(decoding: try await collect(send(route, parameters)), as: UTF8.self)
    }

    func post(_ route: Route, _ parameters: [String] = [], body: (any ActionRequest)? = nil) async throws
        -> ActionView
    {
        try decode(ActionView.self, from: await collect(send(route, parameters, body: body)))
    }

    /// A deed that takes its time, and answers in a form of its own.
    func ask<Answer: Decodable>(_ route: Route, _ parameters: [String], as type: Answer.Type) async throws
        -> Answer
    {
        try decode(type, from: await collect(send(route, parameters, timeout: Self.longAnswerTimeout)))
    }

    /// The answer's body, not yet read, once the daemon has agreed. Whoever follows has nothing to look at until then: one
    /// that does not say at once that it is there is given up.
    func stream(
        _ route: Route,
        _ parameters: [String] = [],
        query: [(String, String)] = []
    ) async throws -> HTTPClientResponse.Body {
        try await assertHealthy(within: Self.hastyHealthTimeout)
        return try await send(route, parameters, query: query).body
    }

    private func send(
        _ route: Route,
        _ parameters: [String],
        query: [(String, String)] = [],
        body: (any ActionRequest)? = nil,
        timeout: TimeAmount = Self.answerTimeout
    ) async throws -> HTTPClientResponse {
        var path = route.path(parameters)
        if !query.isEmpty {
            path += "?" + query.map { "\($0)=\(Route.escaped($1))" }.joined(separator: "&")
        }
        var request = HTTPClientRequest(url: base + path)
        if let token, !base.hasPrefix("http+unix:") {
            request.headers.add(name: "authorization", value: "Bearer \(token)")
        }
        request.method = route.method == .get ? .GET : .POST
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try WireJSON.encode(body)))
        }
        let ready = request
        let response = try await whileHealthy(isDeed: route.method != .get) {
            try await execute(ready, timeout, mayRepeat: route.method == .get)
        }
        guard response.status.code < 300 else { throw try await failure(from: response) }
        return response
    }

    /// Waits for an answer for as long as the daemon is there to give one. A deed is not sent to one that may do it hours
    /// later.
    private func whileHealthy(
        isDeed: Bool,
        _ exchange: @escaping @Sendable () async throws -> HTTPClientResponse
    ) async throws -> HTTPClientResponse {
        if isDeed { try await assertHealthy(within: Self.healthTimeout) }
        guard isHasty, !isDeed else { return try await exchange() }
        return try await withThrowingTaskGroup(of: HTTPClientResponse?.self) { group in
            group.addTask { try await exchange() }
            group.addTask {
                try await clock.sleep(for: Self.patience)
                try await assertHealthy(within: Self.hastyHealthTimeout)
                return nil
            }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let response = ended { return response }
            }
            throw CancellationError()
        }
    }

    private func assertHealthy(within limit: TimeAmount) async throws {
        do {
            let request = HTTPClientRequest(url: base + Route.health.path([]))
            _ = try await execute(request, limit, mayRepeat: true)
        } catch let error as Failure where error.code == .unavailable {
            throw Failure(
                .noAnswer,
                "the daemon on \(socket.string) listens but does not answer: it hangs, or is stopped (SIGSTOP)"
            )
        }
    }

    /// A connection that was kept from an earlier answer may have ended with its daemon. What only reads is then asked
    /// once more, on a new one; what changes something may have been done.
    private func execute(
        _ request: HTTPClientRequest,
        _ timeout: TimeAmount,
        mayRepeat: Bool
    ) async throws -> HTTPClientResponse {
        do {
            return try await Self.http.execute(request, timeout: timeout)
        } catch  where mayRepeat && Self.isLostConnection(error) {
            return try await execute(request, timeout, mayRepeat: false)
        } catch {
            throw failure(from: error)
        }
    }

    private static func isLostConnection(_ error: any Error) -> Bool {
        if let error = error as? IOError { return [ECONNRESET, EPIPE].contains(error.errnoCode) }
        return (error as? HTTPClientError) == .remoteConnectionClosed
    }

    private func collect(_ response: HTTPClientResponse) async throws -> Data {
        do {
            return Data(try await response.body.collect(upTo: Self.answerBound).readableBytesView)
        } catch {
            throw failure(from: error)
        }
    }

    private func decode<Answer: Decodable>(_ type: Answer.Type, from data: Data) throws(Failure) -> Answer {
        do {
            return try WireJSON.decode(type, from: data)
        } catch {
            throw Self.otherForm(error)
        }
    }

    private static func otherForm(_ cause: any Error) -> Failure {
        Failure(
            .unavailable,
            "the daemon answers in another form: are ralphd and ralphctl of one version?",
            cause: cause
        )
    }
}

// MARK: Failures

extension DaemonClient {
    func failure(from error: any Error) -> any Error {
        switch error {
        case is CancellationError, is Failure: return error
        case let error as IOError where [ENOENT, ECONNREFUSED, ENOTSOCK].contains(error.errnoCode):
            return Failure(.noDaemon, "no daemon answers on \(socket.string): start ralphd", cause: error)
        case let error as IOError where error.errnoCode == EACCES || error.errnoCode == EPERM:
            return Failure(
                .noDaemon,
                "\(socket.string) belongs to another user: run ralphctl as the user that ralphd runs as",
                cause: error
            )
        case let error as HTTPClientError where error == .connectTimeout:
            return Failure(.noDaemon, "no daemon answers on \(socket.string): start ralphd", cause: error)
        case let error as HTTPClientError where error == .cancelled: return CancellationError()
        default:
            return Failure(
                .unavailable,
                "the daemon on \(socket.string) did not finish its answer",
                cause: error
            )
        }
    }

    private func failure(from response: HTTPClientResponse) async throws -> Failure {
        let data = try await collect(response)
        guard let view = try? WireJSON.decode(ErrorView.self, from: data) else {
            return Failure(.unavailable, "the daemon answered with status \(response.status.code)")
        }
        return Failure(Failure.Code(rawValue: view.error.code) ?? .usage, view.error.message)
    }
}
