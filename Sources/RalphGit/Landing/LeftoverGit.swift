import CRalph
import Glibc
import RalphCore
import SystemPackage

/// Git processes that a landing of an earlier life started. They are waited for, never killed: what they do is right, and killing
/// them is what leaves locks and half-written files.
struct LeftoverGit {
    /// On every command line of a landing, as a setting that git does not know.
    static let settingKey = "ralphd.landing"

    /// How often a wait looks whether it is still wanted, in milliseconds.
    private static let look: Int32 = 250

    /// Waits until no process of this landing is left. Returns the first that would not end, or has not when the wait is given up.
    static func wait(for uuid: String, at most: Duration, unless isGivenUp: () -> Bool) -> pid_t? {
        let clock = ContinuousClock()
        let end = clock.now + most
        while let process = first(of: uuid) {
            let left = end - clock.now
            guard left > .zero, !isGivenUp() else { return process }
            let descriptor = ralph_pidfd_open(process)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            poll(&watched, 1, min(Self.look, Int32(clamping: left.components.seconds * 1000 + 1)))
        }
        return nil
    }

    /// Whether any git process of this user works in one of the directories, so that a lock may be its. Our own children only answer
    /// questions and hold none.
    static func isAnyAlive(in directories: [FilePath]) -> Bool {
        processes().contains { process in
            guard name(of: process).hasPrefix("git"), parent(of: process) != getpid() else { return false }
            let link = RawPath(FilePath("/proc/\(process)"), Array("cwd".utf8))
            guard let bytes = LandingFile.readLink(link) else { return false }
            let place = FilePath(String(decoding: bytes, as: UTF8.self))
            return directories.contains { place.starts(with: $0) }
        }
    }

    private static func first(of uuid: String) -> pid_t? {
        let mark = Array("\(settingKey)=\(uuid)".utf8)
        return processes().first { process in
            let line = FileWriting.read(FilePath("/proc/\(process)/cmdline"), limit: 1 << 20) ?? []
            return process != getpid() && line.split(separator: 0).contains { $0.elementsEqual(mark) }
        }
    }

    private static func name(of process: pid_t) -> String {
        String(decoding: FileWriting.read(FilePath("/proc/\(process)/comm"), limit: 64) ?? [], as: UTF8.self)
    }

    private static func parent(of process: pid_t) -> pid_t? {
        let stat = FileWriting.read(FilePath("/proc/\(process)/stat"), limit: 1 << 12) ?? []
        // Behind the name, which may hold anything: state, then the parent.
        guard let end = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let words = stat[(end + 1)...].split(separator: UInt8(ascii: " "))
        return words.count > 1 ? pid_t(String(decoding: words[1], as: UTF8.self)) : nil
    }

    private static func processes() -> [pid_t] {
        LandingFile.names(in: "/proc").compactMap { pid_t($0) }
    }
}
