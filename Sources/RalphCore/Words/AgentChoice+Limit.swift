extension AgentChoice {
    /// Under which name a usage limit puts this choice to sleep: `claude:opus` alone when the limit names its model, else the
    /// whole agent. CLIs name models loosely ("Opus" for `claude-opus-5-5`), and a limit on a model that was not asked for
    /// must not leave the choice awake, or it would be refused again at once. A choice of no model sleeps under a name of its
    /// own then: what asks for another model may go on.
    package func sleeper(limitedModel: String?) -> String {
        guard let limited = limitedModel?.lowercased(), !limited.isEmpty else { return name }
        guard let model = model?.lowercased() else { return modelName }
        return model.contains(limited) || limited.contains(model) ? description : name
    }

    /// Agent and model, also where the CLI chooses the model.
    package var modelName: String { model == nil ? "\(name):(default model)" : description }
}
