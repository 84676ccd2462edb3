import CRalph
import Glibc

/// Where the log goes. A terminal that was closed, a pipe without a reader or a full disk takes nothing: the daemon works on
/// without being heard, and the history has all that matters.
package enum StandardError {
    /// A terminal or pipe that takes nothing now is waited for so long, in milliseconds.
    private static let patience: Int32 = 1000

    /// Writes all of it, or as much as can be.
    static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { ralph_write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
                continue
            }
            if errno == EINTR { continue }
            guard errno == EAGAIN else { return }
            var polled = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
            guard poll(&polled, 1, patience) > 0 else { return }
        }
    }

    /// Opens `/dev/null` in the place of what the caller closed. The next file that is opened would take that number, and
    /// what is meant for people would be written into it.
    package static func fillStandardDescriptors() {
        while true {
            let descriptor = open("/dev/null", O_RDWR)
            guard (0...STDERR_FILENO).contains(descriptor) else {
                close(descriptor)
                return
            }
        }
    }
}
