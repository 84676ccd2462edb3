internal import Glibc
package import RalphCore
package import SystemPackage

/// The right to be the only daemon on a state directory: an exclusive `flock` on `<state>/lock`, held until this is released.
///
/// The kernel drops it when the process dies, however it dies. The descriptor is closed on exec, so that no agent or
/// check inherits it. The file itself stays: removing a lock file is a race.
package final class StateLock: Sendable {
    private let descriptor: FileDescriptor
    private let isHeld = Once()

    private init(descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { release() }

    /// Takes the lock, and makes the directory (0700) where it is missing.
    ///
    /// Throws `busy`, naming the process that has it, when another one does.
    package static func acquire(directory: FilePath, name: String) throws(Failure) -> StateLock {
        try StateDirectory.prepare(directory)
        let path = directory.appending("lock")
        let descriptor = try open(path)
        guard ExclusiveLock.take(descriptor.rawValue) else {
            let cause = Errno(rawValue: errno)
            let holder = read(descriptor)
            try? descriptor.close()
            guard cause == .wouldBlock else {
                throw Failure(storage: .cannotOpen, "cannot lock \(path): \(cause)", cause: cause)
            }
            throw Failure(
                .busy,
                "\(directory) is in use by \(holder): stop that one, or pass another --state-dir"
            )
        }
        write("pid \(getpid())\nname \(oneLine(name))\n", to: descriptor)
        return StateLock(descriptor: descriptor)
    }

    /// Gives the lock back. More than once does nothing.
    package func release() {
        guard isHeld.take() else { return }
        Self.write("", to: descriptor)
        try? descriptor.close()
    }

    private static func open(_ path: FilePath) throws(Failure) -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                path,
                .readWrite,
                options: [.create, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite]
            )
        } catch {
            throw Failure(
                storage: .cannotOpen,
                "cannot open \(path): \(error): pass a --state-dir that you may write",
                cause: error
            )
        }
    }

    /// Best effort: the lock is the flock; the text only helps who finds it taken.
    private static func write(_ text: String, to descriptor: FileDescriptor) {
        guard ftruncate(descriptor.rawValue, 0) == 0 else { return }
        _ = try? descriptor.writeAll(toAbsoluteOffset: 0, text.utf8)
    }

    private static func read(_ descriptor: FileDescriptor) -> String {
        let limit = 4096
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count =
                (try? descriptor.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(buffer)))
                ?? 0
        }
        var facts: [Substring: Substring] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            if words.count == 2 { facts[words[0]] = words[1] }
        }
        guard let pid = facts["pid"] else { return "another ralphd" }
        return "ralphd \(facts["name"] ?? "") (pid \(pid))"
    }

    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}
