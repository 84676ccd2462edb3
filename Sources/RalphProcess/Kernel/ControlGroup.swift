import CRalph
import Glibc
import RalphCore

package import struct SystemPackage.Errno
package import struct SystemPackage.FilePath

/// A control group (version 2), by its directory. A process cannot leave it by forking, by a session of its own or by taking off
/// its mark, and one write ends all that is in it.
package struct ControlGroup: Equatable, Sendable {
    package let path: FilePath

    package init(path: FilePath) { self.path = path }

    /// Makes a group in this one.
    func make(_ name: String) throws(Errno) -> ControlGroup {
        let child = ControlGroup(path: path.appending(name))
        guard mkdir(child.path.string, 0o755) == 0 || errno == EEXIST else { throw Errno(rawValue: errno) }
        return child
    }

    /// The file that a process writes 0 to, to be in the group from then on.
    var processesFile: FilePath { path.appending("cgroup.procs") }

    /// Moves this process, with all its threads, into the group.
    package func enter() throws(Errno) { try write("0", to: "cgroup.procs") }

    /// The kernel kills all in it and below, also what is stopped, frozen or just forking.
    func kill() { try? write("1", to: "cgroup.kill") }

    /// Processes in it and below, zombies left out by the kernel.
    var isPopulated: Bool {
        let events = Self.read(path.appending("cgroup.events")) ?? ""
        return events.split(separator: "\n").contains("populated 1")
    }

    var processCount: Int { (Self.read(processesFile) ?? "").split(separator: "\n").count }

    /// Kills all in it, waits until it is empty, and removes it with what was made below.
    func end(until instant: MonotonicInstant) {
        // poll(2) on this file ends when it says something else than at the last read of the same descriptor (cgroup-v2.rst).
        let events = Descriptor(open(path.appending("cgroup.events").string, O_RDONLY | O_CLOEXEC))
        kill()
        while Self.saysPopulated(events), !instant.hasPassed {
            var watched = pollfd(fd: events.raw, events: Int16(POLLPRI), revents: 0)
            _ = poll(&watched, 1, instant.millisecondsFromNow)
        }
        remove()
    }

    private static func saysPopulated(_ events: borrowing Descriptor) -> Bool {
        var text = [UInt8](repeating: 0, count: 256)
        // No bytes: the group is gone.
        let count = max(0, pread(events.raw, &text, text.count, 0))
        return String(decoding: text[..<count], as: UTF8.self).contains("populated 1")
    }

    /// Groups below hold no files that could be removed: only directories count.
    func remove() {
        for child in children { child.remove() }
        _ = rmdir(path.string)
    }

    var children: [ControlGroup] {
        guard let directory = opendir(path.string) else { return [] }
        defer { closedir(directory) }
        var found: [ControlGroup] = []
        while let entry = readdir(directory) {
            guard ralph_entry_type(entry) == DT_DIR, let text = ralph_entry_name(entry) else { continue }
            let name = String(cString: text)
            if name != ".", name != ".." { found.append(ControlGroup(path: path.appending(name))) }
        }
        return found
    }

    /// Ends the groups of a state directory that an earlier life left.
    func endChildren(named prefix: String, until instant: MonotonicInstant) {
        for child in children where child.path.lastComponent?.string.hasPrefix(prefix) == true {
            child.end(until: instant)
        }
    }

    private func write(_ text: String, to name: String) throws(Errno) {
        let file = Descriptor(open(path.appending(name).string, O_WRONLY | O_CLOEXEC))
        guard file.isOpen else { throw Errno(rawValue: errno) }
        let count = Array(text.utf8).withUnsafeBytes { Glibc.write(file.raw, $0.baseAddress, $0.count) }
        guard count == text.utf8.count else { throw Errno(rawValue: errno) }
    }

    /// The kernel's small files, whole.
    static func read(_ path: FilePath) -> String? {
        let file = Descriptor(open(path.string, O_RDONLY | O_CLOEXEC))
        guard file.isOpen else { return nil }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while case .bytes(let count) = file.read(into: &chunk) { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
