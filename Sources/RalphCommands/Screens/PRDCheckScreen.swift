import RalphCore

/// The plan of a document for a person: what runs in which order, what does not and why, and last what is wrong.
struct PRDCheckScreen {
    let check: PRDCheck
    /// How the file is called in problems, `docs/prd.md:12:3: …`.
    let name: String
    let terminal: Terminal

    var lines: [Text] {
        guard let settings = check.settings else { return problems + ["the document cannot come into force"] }
        return head(settings) + plan + exceptions + (check.problems.isEmpty ? [] : [Text()]) + problems
    }

    private func head(_ settings: ProjectSettings) -> [Text] {
        let page = LabelledPage(width: terminal.width ?? 100)
        let agents = settings.agents.map(\.description).joined(separator: ", ")
        let checks = settings.checks.map { checks in
            checks.isEmpty
                ? "none, on purpose" : checks.map { "\($0.name): \($0.run)" }.joined(separator: "; ")
        }
        return [
            "\(name, .strong)   \(Wording.plural(check.items.count, "item")): \(check.plan.words)"
        ]
            + page.block("agents", agents.isEmpty ? nil : agents)
            + page.block("checks", checks ?? "inferred from the repository when ralphd starts")
    }

    private var plan: [Text] {
        guard !check.plan.order.isEmpty else { return [] }
        let table = Table(
            [
                .init("RUNS", isRight: true), .init("LINE", isRight: true, leaves: 2),
                .init("KEY", isFlexible: true),
                .init("TITLE", isFlexible: true), .init("AFTER", leaves: 1),
            ],
            rows: check.plan.order.enumerated().map { place, index in
                let item = check.items[index]
                let after = item.after.map { "#\($0)" }.joined(separator: " ")
                return [
                    Text("\(place + 1)"), Text("\(item.line)"), Text("#\(item.key)"), Text(item.title),
                    Text(after),
                ]
            }
        )
        return [Text()] + table.lines(for: terminal)
    }

    private var exceptions: [Text] {
        guard !check.plan.exceptions.isEmpty else { return [] }
        let table = Table(
            [
                .init("DOES NOT RUN"), .init("LINE", isRight: true, leaves: 1),
                .init("KEY", isFlexible: true),
                .init("TITLE", isFlexible: true, leaves: 2), .init("WHY", isFlexible: true),
            ],
            rows: check.plan.exceptions.map { exception in
                let item = check.items[exception.index]
                return [
                    Text(item.state.rawValue, .of(item.state)), Text("\(item.line)"), Text("#\(item.key)"),
                    Text(item.title),
                    Text(exception.reason),
                ]
            }
        )
        return [Text()] + table.lines(for: terminal)
    }

    private var problems: [Text] {
        check.problems.map { problem in
            let style: Style = problem.severity == .error ? .bad : .notice
            return
                "\(name):\(problem.line):\(problem.column): \(problem.severity.rawValue, style): \(problem.message)"
        }
    }
}
