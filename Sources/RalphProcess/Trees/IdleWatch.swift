import Glibc

import struct SystemPackage.FilePath

/// Tells when a process tree has given no sign of life for its stall deadline: no output, no processor time, no file change.
///
/// Output is noted as it comes. Processor time is sampled only while there is silence, a few times per deadline; files are
/// looked at last, when all else says that it has stalled.
struct IdleWatch {
    /// Samples per stall deadline.
    private static let samples = 4
    /// Below this share of one processor a process only waits: its timers and keep-alives are no work.
    private static let idleShare = 0.01
    /// A single tick may be charged for one wake-up.
    private static let leastTicks: UInt64 = 2

    private var deadline: Duration
    /// From the first output on.
    private let laterDeadline: Duration
    private var interval: Duration { deadline / Self.samples }
    private let directory: FilePath?
    private var lastLife = MonotonicInstant.now
    private var lastTicks: UInt64?
    private(set) var nextCheck: MonotonicInstant

    /// - Parameter untilOutput: the deadline before there was any output, where that is shorter.
    init(deadline: Duration, untilOutput: Duration? = nil, directory: FilePath?) {
        laterDeadline = deadline
        self.deadline = min(deadline, untilOutput ?? deadline)
        self.directory = directory
        nextCheck = .now + self.deadline / Self.samples
    }

    mutating func noteOutput() {
        lastLife = .now
        deadline = laterDeadline
    }

    /// Looks for life, at `nextCheck` or later. True when the tree has stalled.
    mutating func hasStalled(members: TreeMembers) -> Bool {
        let now = MonotonicInstant.now
        nextCheck = now + interval
        guard now - lastLife >= interval else {
            lastTicks = nil
            return false
        }
        noteWork(members.ticks(), at: now)
        guard now - lastLife >= deadline else {
            nextCheck = min(nextCheck, lastLife + deadline)
            return false
        }
        guard let directory, let age = NewestChange(in: directory).age(ifUnder: now - lastLife) else {
            return true
        }
        lastLife = max(lastLife, now + (.zero - age))
        return false
    }

    private mutating func noteWork(_ ticks: UInt64, at now: MonotonicInstant) {
        defer { lastTicks = ticks }
        guard let lastTicks else { return }
        let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        let least = max(Self.leastTicks, UInt64(interval / .seconds(1) * perSecond * Self.idleShare))
        // Fewer than before: processes have gone, and something happened.
        if ticks >= lastTicks + least || ticks < lastTicks { lastLife = now }
    }
}
