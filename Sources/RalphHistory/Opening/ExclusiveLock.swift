internal import Glibc

/// An exclusive `flock` on an open file.
package enum ExclusiveLock {
    /// A daemon that was killed just as it started a process leaves its descriptors with that one until it is executed.
    private static let tries = 100
    private static let pause: UInt32 = 10_000

    /// Whether it was taken; tries for a second. Else `errno` says why not.
    package static func take(_ descriptor: Int32) -> Bool {
        for attempt in 1...tries {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            guard errno == EWOULDBLOCK || errno == EINTR, attempt < tries else { break }
            usleep(pause)
        }
        return false
    }
}
