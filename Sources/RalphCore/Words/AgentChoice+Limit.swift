extension AgentChoice {
    /// Under which name a usage limit puts this choice to sleep: `claude:opus` alone when the limit names its model, else the
    /// whole agent. CLIs name models loosely ("Opus" for `claude-opus-5-5`), and a limit on a model that was not asked for
    /// must not leave the choice awake, or it would be refused again at once.
    package func sleeper(limitedModel: String?) -> String {
        guard let limited = limitedModel?.lowercased(), let model = model?.lowercased(), !limited.isEmpty,
            model.contains(limited) || limited.contains(model)
        else { return name }
        return description
    }
}
