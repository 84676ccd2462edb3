import CRalph
import Glibc

/// One line of the process table, as `/proc/<pid>/stat` gives it.
struct ProcessEntry {
    var identity: ProcessIdentity
    var state: UInt8
    var parent: pid_t
    var group: pid_t
    var session: pid_t
    private var flags: UInt64
    private var threads: UInt64
    /// Processor time of the process and of its children that were waited for, in clock ticks.
    var ticks: UInt64

    var pid: pid_t { identity.pid }

    /// Zombies and the dead run no code; but a zombie whose first thread alone has ended does.
    var isAlive: Bool {
        switch state {
        case UInt8(ascii: "Z"): threads > 1
        case UInt8(ascii: "X"): false
        default: true
        }
    }

    /// PF_KTHREAD.
    var isKernelThread: Bool { flags & 0x0020_0000 != 0 }

    init?(pid: pid_t) {
        let longest = 1024  // 52 numbers and a name of 15 bytes
        let parsed: ProcessEntry? = withUnsafeTemporaryAllocation(byteCount: longest, alignment: 1) {
            buffer in
            let file = Descriptor(open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC))
            guard file.isOpen else { return nil }
            let count = Glibc.read(file.raw, buffer.baseAddress, buffer.count)
            guard count > 0 else { return nil }
            return ProcessEntry(pid: pid, stat: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        guard let parsed else { return nil }
        self = parsed
    }

    /// The name in parentheses may hold anything, also parentheses: the numbers start after the last one.
    private init?(pid: pid_t, stat: UnsafeRawBufferPointer) {
        guard let name = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = stat[(name + 1)...].split(separator: UInt8(ascii: " "))
        // Fields are numbered from 1 in proc(5), and the state is field 3.
        func number(_ field: Int) -> UInt64 {
            fields[field - 3].reduce(0) { sum, digit in
                digit >= UInt8(ascii: "0") && digit <= UInt8(ascii: "9")
                    ? sum &* 10 &+ UInt64(digit - 48) : sum
            }
        }
        guard fields.count >= 20, let state = fields[0].first else { return nil }
        self.state = state
        parent = pid_t(truncatingIfNeeded: number(4))
        group = pid_t(truncatingIfNeeded: number(5))
        session = pid_t(truncatingIfNeeded: number(6))
        flags = number(9)
        threads = number(20)
        ticks = number(14) + number(15) + number(16) + number(17)
        identity = ProcessIdentity(pid: pid, startTime: number(22))
    }

    /// Every process there is now. Some milliseconds on a busy machine: not for every turn of a loop.
    static func all() -> [ProcessEntry] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var entries: [ProcessEntry] = []
        while let next = readdir(directory) {
            guard let name = ralph_entry_name(next), let pid = pid_t(String(cString: name)) else { continue }
            if let entry = ProcessEntry(pid: pid) { entries.append(entry) }
        }
        return entries
    }
}

extension [ProcessEntry] {
    /// The processes whose parents' line leads to this one, itself left out.
    func descendants(of ancestor: pid_t) -> [ProcessEntry] {
        let children = Dictionary(grouping: self, by: \.parent)
        var found: [ProcessEntry] = []
        var open = [ancestor]
        while let parent = open.popLast() {
            let next = children[parent] ?? []
            found += next
            open += next.map(\.pid)
        }
        return found
    }
}
