import Foundation
import Glibc
import SystemPackage

/// A real terminal without a person: what is written to it is collected, keys can be pressed, its size changed.
final class PseudoTerminal {
    private let master: Int32
    /// The end that a program gets.
    let slave: FileHandle
    private(set) var shown = ""

    init(columns: Int, rows: Int) throws {
        var (master, slave): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&master, &slave, nil, nil, &size) == 0 else { throw Errno(rawValue: errno) }
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
        self.master = master
        self.slave = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
    }

    deinit { close(master) }

    /// The settings by which one terminal differs from another.
    var settings: [UInt8] {
        var state = termios()
        tcgetattr(slave.fileDescriptor, &state)
        return withUnsafeBytes(of: state) { Array($0) }
    }

    func resize(columns: Int, rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    func press(_ key: String) { _ = key.withCString { write(master, $0, strlen($0)) } }

    /// What was written since the last time.
    func read() -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = Glibc.read(master, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        let new = String(decoding: bytes, as: UTF8.self)
        shown += new
        return new
    }
}
