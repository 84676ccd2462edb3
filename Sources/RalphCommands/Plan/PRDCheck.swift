import RalphAgents
import RalphCore
import RalphPRD

/// What `ralphctl prd check` finds. Its JSON has the keys that scripts rely on.
struct PRDCheck: Encodable, Sendable {
    struct Entry: Encodable, Equatable, Sendable {
        struct Criterion: Encodable, Equatable, Sendable {
            var line: Int
            var checked: Bool
            var text: String
        }

        var key: String
        var title: String
        var section: [String]
        var line: Int
        var checked: Bool
        var state: ItemState
        var reason: String?
        var after: [String]
        var priority: Int
        var criteria: [Criterion]
    }

    var items: [Entry]
    var problems: [Diagnostic]
    /// Nil when the document cannot come into force.
    var settings: ProjectSettings?
    var plan: RunPlan

    private enum CodingKeys: String, CodingKey { case items, problems }

    init(_ bytes: [UInt8]) {
        var document: Document
        do {
            document = try Self.admitted(bytes)
        } catch {
            items = []
            problems = error.problems
            plan = RunPlan([])
            return
        }
        plan = RunPlan(document.items)
        settings = document.settings
        problems = document.problems
        let exceptions = Dictionary(
            plan.exceptions.map { ($0.index, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        items = document.items.enumerated().map { index, item in
            Entry(item, exception: exceptions[index])
        }
    }
}

extension PRDCheck {
    /// As the daemon takes it, but for what its host sets.
    private static func admitted(_ bytes: [UInt8]) throws(Rejection) -> Document {
        var document = try PRD.parse(bytes)
        var settings = document.settings
        if settings.agents.isEmpty, settings.escalate.isEmpty {
            settings.agents = [AgentChoice(name: AgentCLI.defaultName)]
        }
        if let problem = AgentCatalogue.problem(of: settings) {
            throw Rejection(problem.message, line: document.line(ofSetting: problem.key, in: bytes))
        }
        for index in document.items.indices {
            guard let problem = AgentCatalogue.problem(of: document.items[index], in: settings) else {
                continue
            }
            document.items[index].error = problem
            document.problems.append(
                Diagnostic(line: document.items[index].line, column: 1, severity: .error, message: problem)
            )
        }
        document.problems.sort { ($0.line, $0.column) < ($1.line, $1.column) }
        return document
    }
}

extension PRDCheck.Entry {
    fileprivate init(_ item: Item, exception: RunPlan.Exception?) {
        key = item.key
        title = item.title
        section = item.section
        line = item.line
        checked = item.isTicked
        state = item.isTicked ? .done : exception?.state ?? .open
        reason = exception?.reason
        after = item.attributes.after
        priority = item.attributes.priority
        criteria = item.criteria.map { Criterion(line: $0.line, checked: $0.isTicked, text: $0.text) }
    }
}
