import Glibc
package import RalphCore

package import struct SystemPackage.FilePath

/// A child that answers on a pipe, e.g. `git cat-file --batch-command`.
///
/// Blocking, and owned by one actor or thread. It cannot dead-lock on full pipes: while a write waits, answers are read.
/// Every call has the same deadline; one that passes it kills the child and throws, and every later call throws.
package final class CoProcess {
    /// How much of standard error is kept, for messages.
    private static let errorTail = 4 << 10

    private let program: String
    private let deadline: Duration
    private var child: Child
    private var unread: [UInt8] = []
    private var start = 0
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var errorText: [UInt8] = []
    private var isOver = false

    /// - Parameter deadline: for each `write`, `readLine` and `read`, not for the whole life.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        directory: FilePath? = nil,
        deadline: Duration
    ) throws(Failure) {
        self.program = program
        self.deadline = deadline
        do throws(LaunchError) {
            let launch = Launch(
                program: program,
                arguments: arguments,
                environment: environment,
                directory: directory
            )
            child = try Child(launch, hasInput: true)
        } catch {
            throw Failure(launch: error)
        }
    }

    deinit { finish() }

    package func write(_ bytes: [UInt8]) throws(Failure) {
        var left = bytes[...]
        let end = MonotonicInstant.now + deadline
        while !left.isEmpty {
            guard child.input.isOpen else { throw failure("no longer reads") }
            if try step(until: end, isWriting: true) { left = left.dropFirst(child.write(left)) }
        }
    }

    /// The next line, without its newline. Throws at the end of the output.
    package func readLine() throws(Failure) -> [UInt8] {
        let end = MonotonicInstant.now + deadline
        var searched = start
        while true {
            if let newline = unread[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(unread[start..<newline])
                advance(to: newline + 1)
                return line
            }
            searched = unread.count
            try more(until: end)
        }
    }

    /// Exactly `count` bytes. Throws when the output ends before.
    package func read(_ count: Int) throws(Failure) -> [UInt8] {
        let end = MonotonicInstant.now + deadline
        while unread.count - start < count { try more(until: end) }
        let bytes = Array(unread[start..<start + count])
        advance(to: start + count)
        return bytes
    }

    /// Closes its input, and ends it for good; waits a moment for it to leave by itself.
    package func end() { finish() }

    private func finish() {
        guard !isOver else { return }
        isOver = true
        child.closeInput()
        let patience = MonotonicInstant.now + .milliseconds(200)
        while !child.hasEnded && !patience.hasPassed {
            let ready = child.wait(until: patience, isWriting: false)
            if ready.contains(.output) { _ = child.readOutput(into: &buffer) }
            if ready.contains(.errors) { _ = child.readErrors(into: &buffer) }
        }
        child.signalGroup(SIGKILL)
        _ = child.reap()
    }

    private func more(until end: MonotonicInstant) throws(Failure) {
        guard child.output.isOpen else { throw failure("ended its output") }
        _ = try step(until: end, isWriting: false)
    }

    /// One wait; reads whatever is there, and tells whether the input takes something.
    private func step(until end: MonotonicInstant, isWriting: Bool) throws(Failure) -> Bool {
        guard !isOver else { throw failure("was ended") }
        guard !end.hasPassed else {
            finish()
            throw failure("did not answer in \(deadline)")
        }
        let ready = child.wait(until: end, isWriting: isWriting)
        if ready.contains(.output) {
            let count = child.readOutput(into: &buffer)
            unread.append(contentsOf: buffer[..<count])
        }
        if ready.contains(.errors) {
            let count = child.readErrors(into: &buffer)
            errorText = (errorText + buffer[..<count]).suffix(Self.errorTail)
        }
        return ready.contains(.input)
    }

    private func advance(to index: Int) {
        start = index
        guard start == unread.count || start > 1 << 20 else { return }
        unread.removeSubrange(..<start)
        start = 0
    }

    private func failure(_ what: String) -> Failure {
        let said = String(decoding: errorText, as: UTF8.self).split(separator: "\n").last.map { ": \($0)" }
        return Failure(.process, "\(program) \(what)\(said ?? "")")
    }
}
