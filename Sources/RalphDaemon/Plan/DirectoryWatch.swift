@preconcurrency import Dispatch
import Glibc
import RalphCore
import SystemPackage

/// Tells when files change, by inotify on their directory, so that editors that write beside and rename are seen.
final class DirectoryWatch: Sendable {
    private let descriptor: Int32
    private let source: any DispatchSourceRead

    /// Calls `onChange` for every change of an entry with one of these names, from a queue of its own.
    init(_ directory: FilePath, names: Set<String>, onChange: @escaping @Sendable () -> Void) throws(Failure)
    {
        let names = names.map { Array($0.utf8) }
        let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0 else {
            throw Failure(.process, "cannot watch \(directory): inotify is not to be had (errno \(errno))")
        }
        let events = UInt32(
            IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_DELETE_SELF
                | IN_MOVE_SELF
        )
        guard inotify_add_watch(descriptor, directory.string, events) >= 0 else {
            let reason = errno
            close(descriptor)
            throw Failure(.process, "cannot watch \(directory) (errno \(reason))")
        }
        self.descriptor = descriptor
        source = DispatchSource.makeReadSource(
            fileDescriptor: descriptor,
            queue: DispatchQueue(label: "ralphd.watch")
        )
        source.setEventHandler {
            if Self.drain(descriptor, concerns: names) { onChange() }
        }
        source.setCancelHandler { close(descriptor) }
        source.resume()
    }

    deinit { source.cancel() }

    /// Reads all that is pending; true if any of it is about one of the names, or about the directory itself.
    private static func drain(_ descriptor: Int32, concerns names: [[UInt8]]) -> Bool {
        var isConcerned = false
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return isConcerned }
            isConcerned = isConcerned || mentions(names, in: buffer[..<count])
        }
    }

    /// inotify(7): a header of 16 bytes, the last four of which are the length of the zero-padded name behind it.
    private static func mentions(_ names: [[UInt8]], in events: ArraySlice<UInt8>) -> Bool {
        var offset = events.startIndex
        while offset + 16 <= events.endIndex {
            let length = (0..<4).reduce(0) { $0 | Int(events[offset + 12 + $1]) << (8 * $1) }
            let bytes = events[(offset + 16)..<min(offset + 16 + length, events.endIndex)].prefix { $0 != 0 }
            if bytes.isEmpty || names.contains(where: bytes.elementsEqual) { return true }
            offset += 16 + length
        }
        return false
    }
}
