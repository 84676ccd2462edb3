/// How a process came to its end. Why it had to end is told apart: a deadline is not a signal.
package enum ProcessEnding: Equatable, Sendable {
    case exited(Int32)
    case signaled(Int32)
    /// Its wall deadline passed.
    case timedOut
    /// No output, no processor time and no file change for the stall deadline.
    case stalled
    case cancelled
    /// The end of its work was seen in its output; it lingered, and was killed after the grace.
    case finishedEarly
    /// Whoever reads its output wanted no more of it.
    case stopped
    case couldNotStart(errno: Int32, message: String)
}
