import RalphCore

/// What holds for an item unless it says otherwise: what the headings (and `split` boxes) around it have set.
struct Defaults: Equatable, Sendable {
    var attributes = ItemAttributes()
    /// Why nothing under it may run.
    var error: String?

    /// These defaults with one more pair of braces applied. `after` and `check` add up, all else replaces.
    func applying(_ values: AttributeValues) -> Defaults {
        var result = self
        result.error = error ?? values.error
        result.attributes.apply(values)
        return result
    }
}

extension ItemAttributes {
    fileprivate mutating func apply(_ values: AttributeValues) {
        applyMode(values)
        if !values.after.isEmpty { after += values.after }
        if !values.checks.isEmpty { checks += values.checks }
        if let agent = values.agent {
            // A model belongs to its agent.
            self.agent = agent
            model = agent.model
        }
        priority = values.priority ?? priority
        model = values.model ?? model
        timeout = values.timeout ?? timeout
        attempts = values.attempts ?? attempts
        budget = values.budget ?? budget
    }

    private mutating func applyMode(_ values: AttributeValues) {
        if values.isManual == false, mode == .manual { mode = .run }
        if values.isLater == false, mode == .later { mode = .run }
        if values.isLater == true { mode = .later }
        if values.isManual == true { mode = .manual }
    }
}
