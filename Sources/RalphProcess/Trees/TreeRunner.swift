import Glibc

import struct SystemPackage.FilePath

/// One run of one tree, confined to its thread: serves the pipes, keeps the deadlines, climbs the ladder, clears up.
struct TreeRunner: ~Copyable {
    /// How long output is still read after the leader's end, if others hold the pipe open.
    private static let drainGrace = Duration.milliseconds(200)
    /// How long what was killed is waited for.
    private static let killPatience = Duration.seconds(5)

    private let spec: ProcessSpec
    private let cancellation: Cancellation
    private var child: ContainedChild
    private let identity: ProcessIdentity
    private var output: TreeOutput
    private var unwritten: ArraySlice<UInt8>
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private let wallDeadline: MonotonicInstant
    private var idle: IdleWatch?
    private var lingerDeadline: MonotonicInstant?
    private var ladder: Ladder?

    /// Why the tree has to end, and when the next step is due.
    private struct Ladder {
        var ending: ProcessEnding
        var killDeadline: MonotonicInstant
    }

    static func run(
        _ spec: ProcessSpec,
        cancellation: Cancellation,
        onLine: @escaping LineReader,
        onStart: (ProcessIdentity) -> Void
    ) -> TreeResult {
        guard !cancellation.isCancelled else { return TreeResult(ending: .cancelled) }
        let start = MonotonicInstant.now
        do throws(LaunchError) {
            var runner = try TreeRunner(spec, cancellation: cancellation, onLine: onLine)
            onStart(runner.identity)
            var result = runner.runToEnd()
            result.duration = .now - start
            return result
        } catch {
            return TreeResult(ending: .couldNotStart(errno: error.errno.rawValue, message: error.message))
        }
    }

    private init(
        _ spec: ProcessSpec,
        cancellation: Cancellation,
        onLine: @escaping LineReader
    ) throws(LaunchError) {
        self.spec = spec
        self.cancellation = cancellation
        output = TreeOutput(
            log: spec.log,
            mergesErrors: spec.mergesErrors,
            secrets: spec.secrets,
            onLine: onLine
        )
        unwritten = spec.input[...]
        child = try ContainedChild(spec)
        let pid = child.leader.pid
        identity = ProcessIdentity(pid: pid) ?? ProcessIdentity(pid: pid, startTime: 0)
        wallDeadline = .now + spec.timeout
        idle = spec.idleTimeout.map {
            IdleWatch(deadline: $0, untilOutput: spec.startTimeout, directory: spec.watchedDirectory)
        }
    }

    private mutating func runToEnd() -> TreeResult {
        while !child.leader.hasEnded {
            serve(until: nextDeadline, wake: ladder == nil ? cancellation.descriptor : -1)
            keepDeadlines()
        }
        let survivorsKilled = clearUp()
        let ending = child.leader.reap()
        var result = TreeResult(ending: ladder?.ending ?? ending)
        result.identity = identity
        result.survivorsKilled = survivorsKilled
        output.finish(into: &result)
        if let message = child.startFailure(result) {
            result.ending = .couldNotStart(errno: EPERM, message: message)
        }
        return result
    }

    /// Reads what was said to the last, and leaves nothing alive. The leader is not reaped yet, so that its number is ours.
    private mutating func clearUp() -> Int {
        drain(until: .now + Self.drainGrace)
        let killed = child.clearUp(until: .now + Self.killPatience)
        drain(until: .now + Self.drainGrace)
        return killed
    }

    private mutating func drain(until instant: MonotonicInstant) {
        while !child.leader.isDrained && !instant.hasPassed { serve(until: instant, wake: -1) }
    }
}

// MARK: - Pipes

extension TreeRunner {
    private mutating func serve(until instant: MonotonicInstant, wake: Int32) {
        let ready = child.leader.wait(until: instant, isWriting: !unwritten.isEmpty, wake: wake)
        if ready.contains(.input) { writeInput() }
        if ready.contains(.output) {
            let count = child.leader.readOutput(into: &buffer)
            take(count, from: .output)
        }
        if ready.contains(.errors) {
            let count = child.leader.readErrors(into: &buffer)
            take(count, from: .errors)
        }
        if ready.contains(.wake) { end(as: .cancelled) }
    }

    private mutating func writeInput() {
        unwritten = unwritten.dropFirst(child.leader.write(unwritten))
        if unwritten.isEmpty || !child.leader.input.isOpen {
            unwritten = []
            child.leader.closeInput()
        }
    }

    private mutating func take(_ count: Int, from stream: OutputStream) {
        guard count > 0 else { return }
        idle?.noteOutput()
        output.take(buffer[..<count], from: stream)
        if output.isFinalFrameSeen && lingerDeadline == nil {
            lingerDeadline = .now + spec.lingerAfterFinalFrame
        }
        if output.isStopAsked { end(as: .stopped) }
    }
}

// MARK: - Deadlines

extension TreeRunner {
    private var nextDeadline: MonotonicInstant {
        if let ladder { return ladder.killDeadline }
        return [lingerDeadline, idle?.nextCheck].compactMap(\.self).reduce(wallDeadline, min)
    }

    private mutating func keepDeadlines() {
        guard !child.leader.hasEnded else { return }
        if let ladder {
            if ladder.killDeadline.hasPassed { kill(as: ladder.ending) }
        } else if let lingerDeadline, lingerDeadline.hasPassed {
            kill(as: .finishedEarly)
        } else if wallDeadline.hasPassed {
            end(as: .timedOut)
        } else if let idle, idle.nextCheck.hasPassed {
            if self.idle?.hasStalled(members: child.members) == true { end(as: .stalled) }
        }
    }

    /// The first step of the ladder. The reason that came first stands.
    private mutating func end(as ending: ProcessEnding) {
        guard ladder == nil else { return }
        ladder = Ladder(ending: ending, killDeadline: .now + spec.grace)
        child.askToEnd()
    }

    private mutating func kill(as ending: ProcessEnding) {
        // Once more after a while, should the kernel be slow to let it go.
        ladder = Ladder(ending: ending, killDeadline: .now + Self.killPatience)
        child.kill()
    }
}
