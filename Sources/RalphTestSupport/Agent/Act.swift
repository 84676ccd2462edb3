import RalphCore

/// One thing that the scripted agent does: a line of the script, with the text below it.
package struct Act: Sendable {
    private let kind: ActKind
    private let argument: String
    private let line: Int
    var text: String

    /// Nil when there is no such act.
    init?(_ name: String, _ argument: String, text: String = "", line: Int = 0) {
        guard let kind = ActKind.named(name) else { return nil }
        self.kind = kind
        self.argument = argument
        self.text = text
        self.line = line
    }

    /// Whether the act has what it needs; asked once the whole script is read.
    func check() throws(Failure) {
        let problem: String? =
            switch kind.needs {
            case .nothing: argument.isEmpty && text.isEmpty ? nil : "takes nothing"
            case .word: argument.isEmpty ? "needs \(kind.usage)" : nil
            case .words: argument.isEmpty && text.isEmpty ? "needs words, or lines that start with |" : nil
            case .size:
                ActKind.size(argument) == nil ? "needs a number of bytes, as 300, 64k, 20M or 1G" : nil
            case .seconds: Double(argument) == nil ? "needs a number of seconds" : nil
            case .status: Int32(argument) == nil ? "needs an exit status" : nil
            case .signal: ActKind.signals[argument] == nil ? "needs one of \(ActKind.signalNames)" : nil
            }
        if let problem { throw Failure(.usage, "line \(line) of the script: \(kind.name) \(problem)") }
    }

    func perform(on stage: AgentStage) throws {
        try kind.perform(
            stage,
            stage.prompt.filledIn(argument, try: stage.tryNumber),
            stage.prompt.filledIn(text, try: stage.tryNumber)
        )
    }
}

/// A row of the table of acts.
struct ActKind: Sendable {
    /// What stands behind the name.
    enum Needs { case nothing, word, words, size, seconds, status, signal }

    var name: String
    /// Arguments, for the reference.
    var usage: String
    var needs: Needs
    var explanation: String
    /// Gets the argument, and the text of the lines that start with `|`.
    var perform: @Sendable (AgentStage, _ argument: String, _ text: String) throws -> Void

    init(
        _ name: String,
        _ usage: String = "",
        _ needs: Needs,
        _ explanation: String,
        perform: @escaping @Sendable (AgentStage, String, String) throws -> Void
    ) {
        self.name = name
        self.usage = usage
        self.needs = needs
        self.explanation = explanation
        self.perform = perform
    }

    /// Every act there is.
    static let table = files + words + notes + misbehaviours

    static func named(_ name: String) -> ActKind? { table.first { $0.name == name } }

    /// The table as text, for `--acts`.
    static var reference: String {
        table.map { kind in
            let head = [kind.name, kind.usage].filter { !$0.isEmpty }.joined(separator: " ")
            return head.padding(to: 24) + kind.explanation
        }
        .joined(separator: "\n")
    }

    /// `300`, `64k`, `20M`, `1G`.
    static func size(_ text: String) -> Int? {
        let units: [Character: Int] = ["k": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        guard let last = text.last, let unit = units[last] else { return Int(text) }
        return Int(text.dropLast()).map { $0 * unit }
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(1, width - count))
    }
}
