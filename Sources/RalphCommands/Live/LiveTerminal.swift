import CRalph
import Foundation
import RalphCore
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The whole terminal as one picture that changes. Lines that stay the same are not written again, and each change is one
/// write that a terminal shows at once, so that nothing flickers. However the program ends, the terminal is as it was.
final class LiveTerminal {
    /// What the person, or the terminal, does.
    enum Note: Sendable {
        /// Another size, or back from a stop: everything has to be drawn anew.
        case changed
        case key(UInt8)
    }

    /// Another screen, no cursor, no automatic line breaks.
    private static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[2J"
    private static let leave = "\u{1B}[?2026l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
    /// A synchronized update: terminals that do not know it ignore it.
    private static let begin = "\u{1B}[?2026h"
    private static let end = "\u{1B}[?2026l"

    let notes: AsyncStream<Note>
    private let output: FileDescriptor
    private let style: Terminal
    private var shown: [String] = []
    private var isOver = false

    /// Throws where there is no terminal to take over.
    init(input: FileDescriptor, output: FileDescriptor, style: Terminal) throws(Failure) {
        self.output = output
        self.style = style
        let changes = ralph_take_terminal(input.rawValue, output.rawValue, Self.enter, Self.leave)
        guard changes >= 0 else {
            throw Failure(
                .process,
                "the terminal cannot be used: \(Errno(rawValue: errno)); ralphctl watch | cat shows lines"
            )
        }
        let (notes, feed) = AsyncStream.makeStream(of: Note.self)
        self.notes = notes
        let keyboard = isatty(input.rawValue) == 1 ? input.rawValue : -1
        Thread.detachNewThread { Self.listen(changes: changes, keyboard: keyboard, feed) }
    }

    deinit { close() }

    /// Columns and rows.
    var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(output.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// What stands there now counts for nothing: the next picture is drawn whole.
    func forget() { shown = [] }

    /// Shows these lines, cut to the screen.
    func draw(_ lines: [Text]) throws(Failure) {
        let (width, height) = size
        let next = lines.prefix(height).map { $0.cut(to: width).rendered(for: style) }
        var change = ""
        if shown.isEmpty { change += "\u{1B}[2J" }
        for row in 0..<max(next.count, shown.count) {
            let line = row < next.count ? next[row] : ""
            guard row >= shown.count || shown[row] != line else { continue }
            change += "\u{1B}[\(row + 1);1H\(line)\u{1B}[K"
        }
        shown = next
        guard !change.isEmpty else { return }
        try DescriptorSink(descriptor: output).write(Self.begin + change + Self.end)
    }

    /// Gives the terminal back.
    func close() {
        guard !isOver else { return }
        isOver = true
        ralph_give_terminal_back()
    }

    /// A thread of its own waits for both, until the terminal is given back.
    private static func listen(changes: Int32, keyboard: Int32, _ feed: AsyncStream<Note>.Continuation) {
        defer {
            Glibc.close(changes)
            feed.finish()
        }
        var keyboard = keyboard
        var byte: UInt8 = 0
        while true {
            var polls = [
                pollfd(fd: changes, events: Int16(POLLIN), revents: 0),
                pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&polls, 2, -1) >= 0 || errno == EINTR else { return }
            if polls[0].revents != 0 {
                guard read(changes, &byte, 1) == 1, byte != UInt8(ascii: "q") else { return }
                feed.yield(.changed)
            }
            if polls[1].revents != 0 {
                // A keyboard that is gone stays silent; signals still come.
                if read(keyboard, &byte, 1) == 1 { feed.yield(.key(byte)) } else { keyboard = -1 }
            }
        }
    }
}
