internal import RalphAPI
internal import RalphCore

internal import struct Foundation.Date

/// Everything that waits for a person, with the command that ends it. `ralphctl status` exits 3 when there is any.
struct Needs {
    var project: ProjectRecord
    /// At least those that are blocked or wait, and those that a person does while others wait for them.
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
            switch hold.kind {
            case .budget: "edit \(project.prdPath): raise `budget: {total: …}`"
            case .noChecks: "edit \(project.prdPath): write `checks: […]`"
            case .checkBroken: "edit \(project.prdPath): mend the check, or ralphctl resume"
            case .baseRed, .environment, .repository, .storage: "ralphctl resume"
            }
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
                if let agent = block.agent {
                    return need(.agent, record, block, "ralphctl agents test \(ShellWord.quoted(agent))")
                }
                let look = "git -C \(ShellWord.quoted(project.repository)) status"
                return need(.inTheWay, record, block, look)
            case .undone: return need(.blocked, record, block, "ralphctl retry \(name)")
            // The person said so, but may not have seen who waits for it.
            case .skipped:
                guard awaited.contains(record.item.key) else { return nil }
                let message = "skipped by you, and others wait for it"
                return need(.blocked, record, message, since: block.since, "ralphctl retry \(name)")
            // It is listed with its number.
            case .question: return nil
            }
        }
        if let error = record.item.error, record.state == .blocked {
            return need(.blocked, record, error, since: record.createdAt, place(of: record))
        }
        return awaited.contains(record.item.key) ? gate(record) : nil
    }

    /// What no agent does, and others wait for.
    private func gate(_ record: ItemRecord) -> NeedView? {
        switch record.state {
        case .manual:
            let action = "ralphctl accept \(Self.commandName(of: record))"
            return need(.confirm, record, "a person does it, and others wait for it", since: nil, action)
        case .later:
            let action = "\(place(of: record)): drop `later`"
            return need(.blocked, record, "marked as later, and others wait for it", since: nil, action)
        case .open, .running, .waiting, .blocked, .done, .withdrawn: return nil
        }
    }

    private func place(of record: ItemRecord) -> String {
        "edit \(project.prdPath) line \(record.item.line)"
    }

    private func need(_ kind: NeedView.Kind, _ record: ItemRecord, _ block: Block, _ action: String)
        -> NeedView
    {
        need(kind, record, block.message, since: block.since, action)
    }

    private func need(
        _ kind: NeedView.Kind,
        _ record: ItemRecord,
        _ message: String,
        since: Date?,
        _ action: String
    ) -> NeedView {
        NeedView(
            kind: kind,
            item: record.id,
            key: record.item.key,
            title: record.item.title,
            line: record.item.line,
            message: message,
            since: since,
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
