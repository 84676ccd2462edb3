import Foundation
import RalphAPI
import RalphCore

/// What a command says, and to whom. The one place that knows of JSON or text: commands hand over the value and how a
/// person would read it.
struct Console: Sendable {
    var output: any OutputSink
    var errors: any OutputSink
    var terminal: Terminal
    var wantsJSON = false

    /// Whether a person looks at a screen, and not at JSON.
    var isScreen: Bool { terminal.isInteractive && !wantsJSON }

    /// The same with nothing said beside the data.
    var silent: Console {
        var console = self
        console.errors = NoSink()
        return console
    }

    /// An answer: its JSON for programs, its lines for people.
    func show(_ answer: some Encodable, as lines: (Terminal) -> [Text]) throws(Failure) {
        if wantsJSON {
            try output.write(json(of: answer, pretty: true))
        } else {
            try show(lines(terminal))
        }
    }

    /// A list that can be very long.
    func show(list views: [some ListedView], as lines: (Terminal) -> [Text]) throws(Failure) {
        guard wantsJSON else {
            try show(lines(terminal))
            return
        }
        for piece in ListedText(views, pretty: true) where try !output.write(piece) { return }
        try output.write([UInt8(ascii: "\n")])
    }

    /// One of many answers, on a line of its own. False once nobody reads them.
    func show(jsonLine answer: some Encodable) throws(Failure) -> Bool {
        try output.write(json(of: answer, pretty: false))
    }

    /// Lines of data. False once nobody reads them.
    @discardableResult
    func show(_ lines: [Text]) throws(Failure) -> Bool {
        try output.write(lines.map { $0.rendered(for: terminal) + "\n" }.joined())
    }

    /// One line for the person, beside the data.
    func note(_ message: Text) {
        // Nothing is left to tell when standard error is gone.
        _ = try? errors.write("ralphctl: \(message.string)\n")
    }

    private func json(of answer: some Encodable, pretty: Bool) throws(Failure) -> [UInt8] {
        do {
            return try Array(WireJSON.encode(answer, pretty: pretty)) + [UInt8(ascii: "\n")]
        } catch {
            throw Failure(.internalError, "cannot write the answer as JSON", cause: error)
        }
    }
}
