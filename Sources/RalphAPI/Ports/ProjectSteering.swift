package import RalphCore

/// What a person can make a project do. Only a daemon can.
///
/// Every method throws `Failure`: `notFound` and `ambiguous` for references, `conflict` where the state does not allow it.
package protocol ProjectSteering: Sendable {
    /// Claims nothing more; with `now`, running iterations are stopped and their work kept.
    func pause(now: Bool) async throws -> ActionView
    /// Ends a pause or a hold.
    func resume() async throws -> ActionView
    /// Passes the item by until `retry`.
    func skip(_ item: ItemReference) async throws -> ActionView
    /// Opens the item again with fresh strikes.
    func retry(_ item: ItemReference, note: String?, fresh: Bool) async throws -> ActionView
    /// Takes an item that waits for a confirmation as done.
    func accept(_ item: ItemReference) async throws -> ActionView
    /// Takes the landing of a finished item back, through the checks. Answers once it is written down; how it went is told by
    /// notes with an `undo` detail (`UndoStep`).
    func undo(_ item: ItemReference) async throws -> ActionView
    func answer(_ question: QuestionID, text: String) async throws -> ActionView
    /// Writes an item into the PRD.
    func add(_ item: AddRequest) async throws -> ActionView
    /// Wakes an agent that sleeps or is set aside.
    func retryAgent(_ name: String) async throws -> ActionView
    /// Makes one tiny real run of an agent, outside of any item.
    func testAgent(_ name: String) async throws -> AgentTestView
}
