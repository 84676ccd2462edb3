import CRalph
import Glibc

/// What every process of an iteration carries in its environment, unless it took it off: `RALPH_MARK=<value>`.
struct ProcessMark: Sendable {
    static let variable = "RALPH_MARK"

    private let needle: [UInt8]

    /// Exactly this mark.
    init(_ value: String) { needle = Array("\(Self.variable)=\(value)\0".utf8) }

    /// Every mark that starts so.
    init(prefix: String) { needle = Array("\(Self.variable)=\(prefix)".utf8) }

    /// Whether the process carries it. No, when it is not ours to look into.
    func isCarried(by process: ProcessEntry) -> Bool {
        guard process.isAlive, !process.isKernelThread else { return false }
        // In the middle of exec(2) a process has no environment yet. Some have none for good, so this ends soon.
        for _ in 0..<5 {
            guard let environment = Self.environment(of: process.pid) else { return false }
            if !environment.isEmpty { return contains(environment) }
            usleep(200)
        }
        return false
    }

    /// Nil when it is gone, or another user's.
    private static func environment(of pid: pid_t) -> [UInt8]? {
        let file = Descriptor(open("/proc/\(pid)/environ", O_RDONLY | O_CLOEXEC))
        guard file.isOpen else { return nil }
        // The kernel's own bound for arguments and environment is a quarter of the stack limit: 2 MiB.
        let bound = 2 << 20
        var environment: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 32 << 10)
        while environment.count < bound, case .bytes(let count) = file.read(into: &chunk) {
            environment.append(contentsOf: chunk[..<count])
        }
        return environment
    }

    private func contains(_ environment: [UInt8]) -> Bool {
        environment.withUnsafeBytes { bytes in
            needle.withUnsafeBytes { needle in
                guard let start = bytes.baseAddress, let text = needle.baseAddress else { return false }
                var place = 0
                while let found = ralph_find(start + place, bytes.count - place, text, needle.count) {
                    let offset = found - start
                    if offset == 0 || bytes[offset - 1] == 0 { return true }
                    place = offset + 1
                }
                return false
            }
        }
    }
}
