extension Prompt {
    /// What a template of the author's can name: by name, a text, a list, or names again. What there is none of is left out, or empty.
    package var facts: [String: Any] {
        var facts: [String: Any] = [
            "project": PlainText.line(project), "branch": branch, "base": base.short, "time": timeout.words,
            "try": String(tryNumber), "attempts": String(attempts), "item": itemFacts,
            "checks": checks.map {
                ["name": $0.name, "run": PlainText.line($0.run), "standing": $0.standing.trimmingSpace]
            },
            "protected": protectedPaths.map(PlainText.line),
            "opening": opening, "item_text": itemText, "judgement": judgement, "author": authorText,
            "last_try": LastTryText(prompt: self).text, "rules": rules, "outbox": outbox,
        ]
        if lastTry != nil { facts["again"] = true }
        if let note { facts["note"] = PlainText.inert(note) }
        if let answer {
            facts["answer"] = [
                "question": PlainText.inert(answer.question), "text": PlainText.inert(answer.answer),
            ]
        }
        if let kept {
            facts["kept"] = [
                "files": String(kept.filesChanged), "added": String(kept.insertions),
                "removed": String(kept.deletions),
            ]
        }
        return facts
    }

    private var itemFacts: [String: Any] {
        [
            "id": item.key, "title": PlainText.line(item.title),
            "section": item.section.map(PlainText.line).joined(separator: " > "),
            "details": PlainText.inert(item.details), "line": String(item.line),
            "criteria": item.criteria.enumerated().map {
                ["number": String($0.offset + 1), "text": PlainText.line($0.element.text)]
            },
        ]
    }

    /// Every name in `facts`, at any depth.
    package static let factNames: Set<String> = [
        "project", "branch", "base", "time", "try", "attempts", "item", "id", "title", "section", "details",
        "line",
        "criteria", "number", "text", "checks", "name", "run", "standing", "protected", "opening",
        "item_text",
        "judgement", "author", "last_try", "rules", "outbox", "again", "note", "answer", "question", "kept",
        "files",
        "added", "removed",
    ]
}

extension String {
    fileprivate var trimmingSpace: String { String(drop { $0 == " " }) }
}
