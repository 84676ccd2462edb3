import Glibc
package import RalphCore

package import struct SystemPackage.FilePath

/// A short command whose output is kept in memory.
///
/// It runs in its own session with exactly the environment given, its program found in *that* environment's `PATH`. `run`
/// blocks the calling thread, at most for the deadline; when it returns, nothing of the command's group is left.
package struct CapturedCommand: Sendable {
    /// How long output is still read from a pipe that a child in the background holds open after the command's own end.
    static let drainGrace = Duration.milliseconds(200)

    private var launch: Launch
    private var input: [UInt8]
    private var deadline: Duration
    private var outputLimit: Int

    /// - Parameters:
    ///   - input: written to standard input, which is then closed. Empty: `/dev/null`.
    ///   - deadline: on the monotonic clock; then the group is killed and the ending is `timedOut`.
    ///   - outputLimit: bytes kept per stream; the rest is read and dropped, and `isTruncated` says so.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        directory: FilePath? = nil,
        input: [UInt8] = [],
        deadline: Duration,
        outputLimit: Int = 64 << 20
    ) {
        launch = Launch(
            program: program,
            arguments: arguments,
            environment: environment,
            directory: directory
        )
        self.input = input
        self.deadline = deadline
        self.outputLimit = outputLimit
    }

    /// Runs it to its end. Throws only when it cannot start: `notFound` for a missing program, directory or interpreter.
    package func run() throws(Failure) -> CapturedResult {
        do throws(LaunchError) {
            var child = try Child(launch, hasInput: !input.isEmpty)
            return collect(from: &child)
        } catch {
            throw Failure(launch: error)
        }
    }

    private func collect(from child: inout Child) -> CapturedResult {
        var result = CapturedResult()
        var unwritten = input[...]
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var end = MonotonicInstant.now + deadline
        while !(child.hasEnded && child.isDrained) && !end.hasPassed {
            let ready = child.wait(until: end, isWriting: true)
            if ready.contains(.input) {
                unwritten = unwritten.dropFirst(child.write(unwritten))
                if unwritten.isEmpty { child.closeInput() }
            }
            if ready.contains(.output) {
                let count = child.readOutput(into: &buffer)
                result.keep(buffer[..<count], in: \.output, limit: outputLimit)
            }
            if ready.contains(.errors) {
                let count = child.readErrors(into: &buffer)
                result.keep(buffer[..<count], in: \.errors, limit: outputLimit)
            }
            if ready.contains(.end) { end = min(end, .now + Self.drainGrace) }
        }
        let isLate = !child.hasEnded
        child.signalGroup(SIGKILL)
        let ending = child.reap()
        result.ending = isLate ? .timedOut : ending
        return result
    }
}

/// What a `CapturedCommand` came to.
package struct CapturedResult: Sendable {
    package internal(set) var ending = ProcessEnding.timedOut
    package internal(set) var output: [UInt8] = []
    package internal(set) var errors: [UInt8] = []
    /// More was written than was kept.
    package internal(set) var isTruncated = false

    /// It exited with 0.
    package var isSuccess: Bool { ending == .exited(0) }

    mutating func keep(
        _ bytes: ArraySlice<UInt8>,
        in stream: WritableKeyPath<CapturedResult, [UInt8]>,
        limit: Int
    ) {
        let room = limit - self[keyPath: stream].count
        if bytes.count > room { isTruncated = true }
        self[keyPath: stream].append(contentsOf: bytes.prefix(max(0, room)))
    }
}

extension Failure {
    init(launch error: LaunchError) {
        let isMissing = error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory
        self.init(isMissing ? .notFound : .process, error.message, cause: error.errno)
    }
}
