/// We could not do our own job. A failed agent, check or review is never this: those are values.
package struct Failure: Error, Sendable, CustomStringConvertible {
    /// A closed set; each maps to an exit code and an HTTP status in one table.
    package enum Code: String, CaseIterable, Codable, Sendable {
        case usage
        case configuration
        case notFound = "not_found"
        case ambiguous
        case conflict
        case busy
        /// Whoever asks may not.
        case forbidden
        case noDaemon = "no_daemon"
        /// It listens, and says nothing.
        case noAnswer = "no_answer"
        case unavailable
        case storage
        case git
        case process
        case internalError = "internal_error"
    }

    package var code: Code
    /// Lower case, no full stop, names the value and the next step.
    package var message: String
    /// The text of what lay beneath, for logs.
    package var cause: String?
    /// Set when `code` is `storage` and the history is what failed.
    package var storage: StorageTrouble?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause.map { String(describing: $0) }
    }

    package var description: String { message }
}

extension Failure.Code {
    /// The exit code of a program that ends with this failure (sysexits(3) where it has one).
    package var exitCode: Int32 {
        switch self {
        case .usage, .ambiguous: 64
        case .notFound: 66
        case .noDaemon, .noAnswer: 69
        case .busy: 75
        case .configuration: 78
        case .conflict, .forbidden, .unavailable, .storage, .git, .process, .internalError: 1
        }
    }

    /// The status of an HTTP answer that carries this failure.
    package var httpStatus: Int {
        switch self {
        case .usage, .configuration: 400
        case .forbidden: 403
        case .notFound: 404
        case .ambiguous, .conflict, .busy: 409
        case .noDaemon, .noAnswer, .unavailable: 503
        case .storage, .git, .process, .internalError: 500
        }
    }
}
