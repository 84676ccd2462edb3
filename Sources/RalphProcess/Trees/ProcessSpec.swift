package import struct SystemPackage.FilePath

/// One process tree to run: an agent, a check, a set-up command.
package struct ProcessSpec: Sendable {
    /// A name, looked up in this environment's `PATH`, or a path.
    package var program: String
    package var arguments: [String]
    /// The whole environment; only `RALPH_MARK` is added.
    package var environment: [String: String]
    package var directory: FilePath
    /// Written to standard input, which is then closed. Empty: `/dev/null`.
    package var input: [UInt8] = []
    /// The wall deadline, on the monotonic clock.
    package var timeout: Duration
    /// The stall deadline: so long without output, processor time or file change.
    package var idleTimeout: Duration?
    /// The stall deadline until the first output, where that is shorter: for programs that say something at once.
    package var startTimeout: Duration?
    /// Where a file change counts as a sign of life.
    package var watchedDirectory: FilePath?
    /// The value of `RALPH_MARK`, by which processes of this run are known, also after a crash:
    /// `<unique to the state directory>/<unique to the run>`.
    package var mark: String
    package var containment: Containment = .group
    package var log: LogSink?
    /// Values that are masked in all that the tree says, before it is logged or read.
    package var secrets: [String] = []
    /// Standard error goes down the same pipe as standard output, so that lines keep their order; no line is `.errors` then.
    package var mergesErrors = false
    /// From SIGTERM to SIGKILL.
    package var grace: Duration = .seconds(10)
    /// What a process gets after its final frame was seen.
    package var lingerAfterFinalFrame: Duration = .seconds(10)

    package init(
        _ program: String,
        _ arguments: [String] = [],
        environment: [String: String],
        directory: FilePath,
        timeout: Duration,
        mark: String
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.timeout = timeout
        self.mark = mark
    }
}

/// Where the output is kept. What a bound leaves out is the middle (`BoundedLog`).
package struct LogSink: Sendable {
    package var output: FilePath
    /// Nil: standard error goes into the same file, as it arrives.
    package var errors: FilePath?
    /// Bytes, for each file.
    package var limit: Int

    package init(output: FilePath, errors: FilePath? = nil, limit: Int = 256 << 20) {
        self.output = output
        self.errors = errors
        self.limit = limit
    }
}

/// Which of its two outputs a line came from.
package enum OutputStream: Sendable { case output, errors }

/// What the reader of a line makes of it.
package enum LineVerdict: Sendable {
    case go
    /// The process has said that its work is over: it gets a grace to leave, and is then killed.
    case finalFrameSeen
    /// It has to end now: the ladder begins.
    case stop
}

/// What one process tree came to. When it exists, nothing of the tree is alive.
package struct TreeResult: Sendable {
    package internal(set) var ending: ProcessEnding
    /// On the monotonic clock.
    package internal(set) var duration: Duration = .zero
    /// Bytes read, not bytes kept.
    package internal(set) var outputBytes = 0
    package internal(set) var errorBytes = 0
    /// Lines over 8 MiB.
    package internal(set) var cutLines = 0
    /// The last 16 KiB of standard error, or of both where they were merged.
    package internal(set) var errorTail: [UInt8] = []
    /// Nil when it was never started.
    package internal(set) var identity: ProcessIdentity?
    /// Processes that outlived the leader and had to be killed; unknown (0) where the kernel ended them with their namespace.
    package internal(set) var survivorsKilled = 0
    /// The log could not be written to its end; the run went on without.
    package internal(set) var logFailure: String?
}
