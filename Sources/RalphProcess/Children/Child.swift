import CRalph
import Glibc

import struct SystemPackage.Errno

/// A started process, leader of its own session and group, with our ends of its pipes.
///
/// The pid stays ours until `reap`: a process that has ended but is not yet reaped keeps its pid and its group's number, so
/// that a signal to the group cannot reach a stranger. Let go of unreaped, it is killed and reaped.
struct Child: ~Copyable {
    let pid: pid_t
    private let pidfd: Descriptor
    private(set) var input: Descriptor
    private(set) var output: Descriptor
    private(set) var errors: Descriptor
    private(set) var hasEnded = false
    private var isReaped = false

    /// - Parameters:
    ///   - hasInput: standard input is a pipe to write to, else `/dev/null`.
    ///   - mergesErrors: standard error goes down the same pipe as standard output, in its true order.
    ///   - extra: becomes the child's descriptor 3; -1 for none.
    init(
        _ launch: Launch,
        hasInput: Bool,
        mergesErrors: Bool = false,
        extra: Int32 = -1
    ) throws(LaunchError) {
        let program = launch.program
        let input = try Self.pipe(for: program, isWanted: hasInput)
        let output = try Self.pipe(for: program)
        let errors = try Self.pipe(for: program, isWanted: !mergesErrors)
        let standard = (
            input.reading.raw, output.writing.raw, mergesErrors ? output.writing.raw : errors.writing.raw
        )
        for ours in [input.writing.raw, output.reading.raw, errors.reading.raw] {
            ralph_set_nonblocking(ours)
        }
        let pid = try Strays.start { () throws(LaunchError) in
            try launch.spawn(standard: standard, extra: extra)
        }
        let pidfd = try Self.watch(pid, of: program)
        self.pid = pid
        self.pidfd = pidfd
        self.input = input.writing
        self.output = output.reading
        self.errors = errors.reading
    }

    deinit {
        guard !isReaped else { return }
        kill(-pid, SIGKILL)
        waitpid(pid, nil, 0)
        Strays.reaped(pid)
    }

    private static func watch(_ pid: pid_t, of program: String) throws(LaunchError) -> Descriptor {
        let pidfd = ralph_pidfd_open(pid)
        guard pidfd < 0 else { return Descriptor(pidfd) }
        let error = Errno(rawValue: errno)
        kill(-pid, SIGKILL)
        waitpid(pid, nil, 0)
        Strays.reaped(pid)
        throw LaunchError(error, "cannot watch \(program): pidfd_open: \(error)")
    }

    static func pipe(for program: String, isWanted: Bool = true) throws(LaunchError) -> Pipe {
        guard isWanted else { return Pipe.none }
        do { return try Pipe() } catch {
            throw LaunchError(error, "cannot start \(program): no pipe: \(error)")
        }
    }
}

// MARK: - Waiting

extension Child {
    /// What there is to do after a wait.
    struct Readiness: OptionSet {
        let rawValue: Int
        static let input = Readiness(rawValue: 1)
        static let output = Readiness(rawValue: 2)
        static let errors = Readiness(rawValue: 4)
        /// The leader has ended, and can be reaped.
        static let end = Readiness(rawValue: 8)
        /// The caller's own descriptor can be read.
        static let wake = Readiness(rawValue: 16)
    }

    /// Blocks until something can be done or the instant has come. Pipes at their end and an end once seen wake nobody again.
    /// - Parameter isWriting: whether room in the input is something to wake for.
    mutating func wait(until instant: MonotonicInstant, isWriting: Bool, wake: Int32 = -1) -> Readiness {
        let slots: [(Int32, Int16, Readiness)] = [
            (isWriting ? input.raw : -1, Int16(POLLOUT), .input), (output.raw, Int16(POLLIN), .output),
            (errors.raw, Int16(POLLIN), .errors), (hasEnded ? -1 : pidfd.raw, Int16(POLLIN), .end),
            (wake, Int16(POLLIN), .wake),
        ]
        var polled = slots.map { pollfd(fd: $0.0, events: $0.1, revents: 0) }
        guard poll(&polled, nfds_t(polled.count), instant.millisecondsFromNow) > 0 else { return [] }
        var ready: Readiness = []
        for (slot, result) in zip(slots, polled) where result.revents != 0 { ready.insert(slot.2) }
        if ready.contains(.end) { hasEnded = true }
        return ready
    }
}

// MARK: - Pipes

extension Child {
    /// Reads standard output once; closes it at its end.
    mutating func readOutput(into buffer: inout [UInt8]) -> Int { Self.read(&output, into: &buffer) }

    /// Reads standard error once; closes it at its end.
    mutating func readErrors(into buffer: inout [UInt8]) -> Int { Self.read(&errors, into: &buffer) }

    private static func read(_ source: inout Descriptor, into buffer: inout [UInt8]) -> Int {
        switch source.read(into: &buffer) {
        case .bytes(let count): return count
        case .nothingYet: return 0
        case .end:
            source = Descriptor.none
            return 0
        }
    }

    /// Writes what goes in now and returns its size; closes the pipe when its reader is gone.
    mutating func write(_ bytes: ArraySlice<UInt8>) -> Int {
        switch input.write(bytes) {
        case .bytes(let count): return count
        case .full: return 0
        case .closed:
            closeInput()
            return 0
        }
    }

    /// The child reads the end of its input.
    mutating func closeInput() { input = Descriptor.none }

    /// Whether both of its outputs have been read to their end.
    var isDrained: Bool { output.raw < 0 && errors.raw < 0 }
}

// MARK: - The end

extension Child {
    /// Signals the whole group. Safe until the child is reaped.
    func signalGroup(_ signal: Int32) {
        guard !isReaped else { return }
        kill(-pid, signal)
    }

    /// Waits for the leader's end and takes its status. Once.
    mutating func reap() -> ProcessEnding {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
        Strays.reaped(pid)
        isReaped = true
        hasEnded = true
        guard ralph_wifexited(status) == 0 else { return .exited(ralph_wexitstatus(status)) }
        return .signaled(ralph_wtermsig(status))
    }
}
