package import RalphAPI
package import RalphCore

extension DaemonClient: ProjectSteering {
    package func pause(now: Bool) async throws -> ActionView {
        try await post(.pause, body: PauseRequest(now: now))
    }

    package func resume() async throws -> ActionView { try await post(.resume) }

    package func skip(_ item: ItemReference) async throws -> ActionView {
        try await post(.skip, [item.description])
    }

    package func retry(_ item: ItemReference, note: String?, fresh: Bool) async throws -> ActionView {
        try await post(.retry, [item.description], body: RetryRequest(note: note, fresh: fresh))
    }

    package func accept(_ item: ItemReference) async throws -> ActionView {
        try await post(.accept, [item.description])
    }

    package func undo(_ item: ItemReference) async throws -> ActionView {
        try await post(.undo, [item.description])
    }

    package func answer(_ question: QuestionID, text: String) async throws -> ActionView {
        try await post(.answer, [question.description], body: TextRequest(text: text))
    }

    package func add(_ item: AddRequest) async throws -> ActionView {
        try await post(.add, body: item)
    }

    package func retryAgent(_ name: String) async throws -> ActionView {
        try await post(.retryAgent, [name])
    }

    package func testAgent(_ name: String) async throws -> AgentTestView {
        try await ask(.testAgent, [name], as: AgentTestView.self)
    }
}
