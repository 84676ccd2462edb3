import Glibc

import class Foundation.Thread

/// Reads one line, without its newline; `isCut` says that it was longer than the bound and the rest of it is dropped.
/// Called on the tree's own thread: while it works, the process waits.
package typealias LineReader = @Sendable (OutputStream, [UInt8], _ isCut: Bool) -> LineVerdict

/// Runs one process tree to its end. When it returns, nothing of the tree is alive.
///
/// Cancelling the surrounding task ends the tree by the ladder (SIGTERM, grace, SIGKILL) and the ending is `cancelled`; the
/// result is returned all the same. A program that cannot start is a result too.
/// - Parameter onStart: called once the process exists, before its output is read, on the tree's thread.
package func runTree(
    _ spec: ProcessSpec,
    onLine: @escaping LineReader,
    onStart: @escaping @Sendable (ProcessIdentity) -> Void = { _ in }
) async -> TreeResult {
    let cancellation = Cancellation()
    return await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            // One thread from the spawn to the end: the kernel ties "die with parent" to the thread that spawned.
            Thread.detachNewThread {
                blockSignals()
                let result = TreeRunner.run(
                    spec,
                    cancellation: cancellation,
                    onLine: onLine,
                    onStart: onStart
                )
                continuation.resume(returning: result)
            }
        }
    } onCancel: {
        cancellation.cancel()
    }
}

/// The daemon's signals go to other threads, so that no wait here is interrupted. Children start with none blocked.
private func blockSignals() {
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, nil)
}
