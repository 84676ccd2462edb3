import Glibc

/// The time that this thread had a processor for, in seconds: what it waited for others on the machine is not in it.
enum ProcessorTime {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func of(_ body: () throws -> Void) rethrows -> Double {
        let begin = now
        try body()
        return now - begin
    }
}
