import CRalph
import Glibc
import SystemPackage

/// The other end of a TCP connection that never left this machine.
package struct LocalConnection: Sendable {
    /// The socket of the other end, and whose it is.
    private let inode: UInt64
    private let user: uid_t

    /// Nil when the kernel knows of no such socket: it is closed, or on another machine.
    /// - Parameters:
    ///   - peerPort: of the other end.
    ///   - ownPort: of ours.
    package init?(peerPort: Int, ownPort: Int) {
        for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
            let text = ControlGroup.read(FilePath(table)) ?? ""
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                // local, remote, state, queues, timer, retransmits, uid, timeout, inode (proc(5))
                guard fields.count > 9, Self.port(fields[1]) == peerPort, Self.port(fields[2]) == ownPort,
                    let user = uid_t(fields[7]), let inode = UInt64(fields[9]), inode != 0
                else { continue }
                (self.inode, self.user) = (inode, user)
                return
            }
        }
        return nil
    }

    private static func port(_ address: Substring) -> Int? {
        address.split(separator: ":").last.flatMap { Int($0, radix: 16) }
    }

    /// Whether it is another user's, whose processes we may not be able to look into.
    package var isOfAnotherUser: Bool { user != geteuid() }

    /// The living processes that hold it, as far as we may look into them.
    package func holders() -> [Int32] {
        let wanted = "socket:[\(inode)]"
        return ProcessEntry.all().filter { $0.isAlive && !$0.isKernelThread && Self.holds($0.pid, wanted) }
            .map(\.pid)
    }

    private static func holds(_ pid: pid_t, _ wanted: String) -> Bool {
        let place = "/proc/\(pid)/fd"
        guard let directory = opendir(place) else { return false }
        defer { closedir(directory) }
        var buffer = [CChar](repeating: 0, count: 64)
        while let entry = readdir(directory) {
            guard let text = ralph_entry_name(entry) else { continue }
            let name = String(cString: text)
            let count = readlink("\(place)/\(name)", &buffer, buffer.count)
            guard count > 0, count < buffer.count else { continue }
            let target = buffer[..<count].map { UInt8(bitPattern: $0) }
            if String(decoding: target, as: UTF8.self) == wanted { return true }
        }
        return false
    }
}
