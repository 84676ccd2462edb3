#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Keeps the runtime's own remarks out of the system's log: libdispatch tells syslog(3), for every process that is not
/// root's, that it may not set a thread's priority. Nothing of ours goes that way. Call it first in `main`.
package func quietRuntime() {
    let onlyEmergencies: Int32 = 1 << LOG_EMERG
    setlogmask(onlyEmergencies)
}
