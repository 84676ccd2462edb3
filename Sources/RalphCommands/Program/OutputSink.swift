import RalphCore
import SystemPackage

/// Where bytes of a command go.
protocol OutputSink: Sendable {
    /// False once nobody reads any more, which is no error: `ralphctl history | head` ends quietly.
    @discardableResult
    func write(_ bytes: [UInt8]) throws(Failure) -> Bool
}

extension OutputSink {
    @discardableResult
    func write(_ text: String) throws(Failure) -> Bool { try write(Array(text.utf8)) }
}

/// Nowhere.
struct NoSink: OutputSink {
    func write(_ bytes: [UInt8]) throws(Failure) -> Bool { true }
}

/// Standard output or standard error.
struct DescriptorSink: OutputSink {
    var descriptor: FileDescriptor

    func write(_ bytes: [UInt8]) throws(Failure) -> Bool {
        do {
            try descriptor.writeAll(bytes)
            return true
        } catch Errno.brokenPipe {
            return false
        } catch {
            throw Failure(.process, "cannot write the output: \(error)", cause: error)
        }
    }
}
