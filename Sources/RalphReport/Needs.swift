internal import RalphAPI
internal import RalphCore

/// Everything that waits for a person, with the command that ends it. `ralphctl status` exits 3 when there is any.
struct Needs {
    var project: ProjectRecord
    /// At least those that are blocked or wait.
    var items: [ItemRecord]
    var agents: [AgentRecord]
    /// Open questions.
    var questions: [QuestionView]
    /// Keys that other items wait for.
    var awaited: Set<String> = []

    var list: [NeedView] {
        holds + problems + setAsideAgents + asked + items.compactMap(need(of:))
    }

    private var holds: [NeedView] {
        guard let hold = project.hold else { return [] }
        let action =
            hold.kind == .budget ? "edit \(project.prdPath): raise `budget: {total: …}`" : "ralphctl resume"
        return [NeedView(kind: .hold, message: hold.message, since: hold.since, action: action)]
    }

    private var problems: [NeedView] {
        let shown = Set(items.filter { $0.item.error != nil }.map(\.item.line))
        return project.prdProblems.filter { $0.severity == .error && !shown.contains($0.line) }.map {
            problem in
            // Line 0 is none of the PRD's: the host's configuration, which names its own file and line.
            let isHosts = problem.line == 0
            return NeedView(
                kind: .prd,
                message: isHosts ? problem.message : "\(project.prdPath):\(problem.line): \(problem.message)",
                since: nil,
                action: isHosts ? "kill -HUP \(project.daemonPID ?? 0)" : "ralphctl prd check"
            )
        }
    }

    private var setAsideAgents: [NeedView] {
        agents.filter { $0.state == .setAside }.map { agent in
            NeedView(
                kind: .agent,
                message: "\(agent.name) is set aside: \(agent.message ?? "it failed")",
                since: nil,
                action: "ralphctl agents retry \(agent.name)"
            )
        }
    }

    private var asked: [NeedView] {
        questions.map { question in
            NeedView(
                kind: .question,
                item: question.item,
                key: question.key,
                title: question.title,
                question: question.id,
                message: question.text,
                since: question.askedAt,
                action: "ralphctl answer \(question.id) \"…\""
            )
        }
    }

    private func need(of record: ItemRecord) -> NeedView? {
        let name = Self.commandName(of: record)
        if let block = record.block, record.state == .blocked || record.state == .waiting {
            switch block.kind {
            case .confirm: return need(.confirm, record, block, "ralphctl accept \(name)")
            case .blocked: return need(.blocked, record, block, "ralphctl retry \(name) --note \"…\"")
            case .inTheWay:
                let look = "git -C \(ShellWord.quoted(project.repository)) status"
                return need(.inTheWay, record, block, block.action ?? look)
            case .undone: return need(.blocked, record, block, "ralphctl retry \(name)")
            // The person said so, but may not have seen who waits for it.
            case .skipped:
                guard awaited.contains(record.item.key) else { return nil }
                let waiting = Block(
                    kind: .skipped,
                    message: "skipped by you, and others wait for it",
                    since: block.since
                )
                return need(.blocked, record, waiting, "ralphctl retry \(name)")
            // It is listed with its number.
            case .question: return nil
            }
        }
        if let error = record.item.error, record.state == .blocked {
            let block = Block(kind: .blocked, message: error, since: record.createdAt)
            return need(.blocked, record, block, "edit \(project.prdPath) line \(record.item.line)")
        }
        return nil
    }

    private func need(_ kind: NeedView.Kind, _ record: ItemRecord, _ block: Block, _ action: String)
        -> NeedView
    {
        NeedView(
            kind: kind,
            item: record.id,
            key: record.item.key,
            title: record.item.title,
            line: record.item.line,
            message: block.message,
            since: block.since,
            action: action
        )
    }

    /// What names the item in a shell without quotes: its key, if that is read back as a key, else its number.
    static func commandName(of record: ItemRecord) -> String {
        let key = record.item.key
        let isPlain = key.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard isPlain, !key.hasPrefix("-"), case .words = ItemReference(key),
            case .latest = IterationReference(key)
        else { return record.id.description }
        return key
    }
}
