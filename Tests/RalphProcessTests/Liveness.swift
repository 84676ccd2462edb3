import CRalph
import Glibc

/// Whether the process ends within some seconds; a zombie that waits for its parent has ended.
func ends(_ pid: pid_t, within seconds: Int32 = 5) -> Bool {
    let pidfd = ralph_pidfd_open(pid)
    guard pidfd >= 0 else { return true }
    defer { close(pidfd) }
    var polled = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    return poll(&polled, 1, seconds * 1000) == 1
}
