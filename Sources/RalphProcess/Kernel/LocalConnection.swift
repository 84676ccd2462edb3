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
    ///   - peer: address, as numbers, and port of the other end.
    ///   - own: those of ours.
    package init?(peer: (address: String, port: Int), own: (address: String, port: Int)) {
        guard let theirs = Self.bytes(of: peer.address), let ours = Self.bytes(of: own.address) else {
            return nil
        }
        for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
            let text = ControlGroup.read(FilePath(table)) ?? ""
            for line in text.split(separator: "\n").dropFirst() {
                let fields = line.split(separator: " ")
                // local, remote, state, queues, timer, retransmits, uid, timeout, inode (proc(5))
                guard fields.count > 9, Self.isEnd(fields[1], theirs, peer.port),
                    Self.isEnd(fields[2], ours, own.port),
                    let user = uid_t(fields[7]), let inode = UInt64(fields[9]), inode != 0
                else { continue }
                (self.inode, self.user) = (inode, user)
                return
            }
        }
        return nil
    }

    /// Whether an address is one of this machine's.
    package static func isOwn(_ address: String) -> Bool {
        guard let wanted = bytes(of: address) else { return false }
        // All of 127.0.0.0/8 is.
        if Array(wanted[..<12]) == mapped, wanted[12] == 127 { return true }
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return true }
        defer { freeifaddrs(list) }
        for entry in sequence(first: list, next: { $0?.pointee.ifa_next }) {
            guard let entry, let one = entry.pointee.ifa_addr else { continue }
            if bytes(of: one) == wanted { return true }
        }
        return false
    }

    /// What an IPv4 address begins with when it is written as one of IPv6.
    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    /// Sixteen bytes, whatever its family.
    private static func bytes(of address: String) -> [UInt8]? {
        let plain = String(address.prefix { $0 != "%" })
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, plain, &four) == 1 { return mapped + four }
        var sixteen = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET6, plain, &sixteen) == 1 ? sixteen : nil
    }

    private static func bytes(of address: UnsafeMutablePointer<sockaddr>) -> [UInt8]? {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                mapped + withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
            }
        default: nil
        }
    }

    /// - Parameter field: `0100007F:1F90`: words of four bytes as the machine has them, and the port.
    private static func isEnd(_ field: Substring, _ address: [UInt8], _ port: Int) -> Bool {
        let parts = field.split(separator: ":")
        guard parts.count == 2, Int(parts[1], radix: 16) == port else { return false }
        var bytes: [UInt8] = []
        var rest = parts[0]
        while !rest.isEmpty {
            guard let word = UInt32(rest.prefix(8), radix: 16) else { return false }
            bytes += withUnsafeBytes(of: word) { Array($0) }
            rest = rest.dropFirst(8)
        }
        return (bytes.count == 4 ? mapped + bytes : bytes) == address
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
