internal import RalphCore
internal import Synchronization

/// Tells everybody who waits that there are new events.
final class EventBroadcast: Sendable {
    fileprivate struct State {
        var listeners: [Int: AsyncStream<EventID>.Continuation] = [:]
        var nextListener = 0
        var isFinished = false
    }

    fileprivate let state = Mutex(State())

    func subscribe() -> AsyncStream<EventID> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: EventID.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let id: Int? = state.withLock { state in
            guard !state.isFinished else { return nil }
            state.nextListener += 1
            state.listeners[state.nextListener] = continuation
            return state.nextListener
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: id) }
        }
        return stream
    }

    func send(_ event: EventID) {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield(event) }
    }

    func finish() {
        let listeners = state.withLock { state in
            state.isFinished = true
            let listeners = Array(state.listeners.values)
            state.listeners = [:]
            return listeners
        }
        for listener in listeners { listener.finish() }
    }
}

extension EventBroadcast {
    var listenerCount: Int { state.withLock { $0.listeners.count } }
}
