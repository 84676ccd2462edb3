import RalphAPI
import RalphCore

/// How the project's checks stand on its branch: "green on main", "lint green, test RED on main". Before they have run
/// there: which they are.
struct CheckWords {
    private let results: [CheckView]
    private let note: String?
    private let target: String

    /// What is said of checks that nobody wrote down; it is worth a look even while they are green.
    private static let inferred = "inferred from"

    init(_ view: StatusView) {
        results = view.baseChecks
        note = view.checks
        target = view.target ?? "its branch"
    }

    var text: Text? {
        guard !results.isEmpty else { return note.map { Text($0) } }
        let how = note.flatMap { $0.contains(Self.inferred) ? "; \($0)" : nil } ?? ""
        return verdicts + " on \(target)" + Text(how)
    }

    private var verdicts: Text {
        let isGreen = results.allSatisfy(\.verdict.isGreen)
        let flaky = results.filter { $0.verdict == .flaky }.map(\.name)
        if isGreen, flaky.isEmpty { return Text("green", .good) }
        if isGreen { return "\("green", .good) (\(flaky.joined(separator: ", ")) flaky)" }
        return Text.list(results.map { "\($0.name) \(Self.word($0.verdict))" }, by: ", ")
    }

    private static func word(_ verdict: CheckVerdict) -> Text {
        switch verdict {
        case .passed: Text("green", .good)
        case .flaky: Text("flaky", .notice)
        case .failed: Text("RED", .bad)
        case .broken: Text("BROKEN", .bad)
        }
    }
}
