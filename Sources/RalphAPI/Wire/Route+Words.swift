extension Route {
    /// One line for the interface's own description.
    package var summary: String {
        switch self {
        case .health: "Whether the daemon is alive"
        case .metrics: "Figures in the text form of Prometheus"
        case .openAPI: "This description"
        case .status: "What the project is doing, why, and what it needs"
        case .report: "What happened since the evening, or since another instant"
        case .items: "Items in document order"
        case .item: "One item with all that is known of it"
        case .iterations: "Iterations, newest first"
        case .iteration: "One iteration with all that is known of it"
        case .log: "A log file of an iteration as raw bytes"
        case .diff: "What an iteration changed, as git diff shows it"
        case .prompt: "What the agent was told"
        case .questions: "Questions without an answer"
        case .stats: "Figures over the project's life"
        case .agents: "Agents and whether they can take items"
        case .events: "What happens, as server-sent events that Last-Event-ID resumes"
        case .pause: "Claim nothing more"
        case .resume: "End a pause or a hold"
        case .add: "Write an item into the PRD"
        case .skip: "Pass an item by"
        case .retry: "Open an item again with fresh strikes"
        case .accept: "Take an item that waits for a confirmation as done"
        case .undo: "Take the landing of a finished item back, through the checks"
        case .answer: "Answer an agent's question"
        case .retryAgent: "Wake an agent that sleeps or is set aside"
        case .testAgent: "Make one tiny real run of an agent, and tell what came of it"
        }
    }

    /// What the answer is written in.
    package var mediaType: String {
        switch self {
        case .metrics: "text/plain; version=0.0.4; charset=utf-8"
        case .openAPI: "application/yaml"
        case .log: "application/octet-stream"
        case .events: "text/event-stream"
        case .diff, .prompt: "text/plain; charset=utf-8"
        default: "application/json; charset=utf-8"
        }
    }
}
