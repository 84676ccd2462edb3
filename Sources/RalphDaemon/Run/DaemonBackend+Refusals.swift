import RalphAPI
import RalphCore

extension DaemonBackend {
    /// Throws `conflict` with the next step where skipping the item would change nothing.
    static func assertSkippable(_ record: ItemRecord, prd: String) throws(Failure) {
        let key = record.item.key
        switch record.state {
        case .done: throw Failure(.conflict, "\(key) is done already: ralphctl undo takes a landing back")
        case .withdrawn: throw Failure(.conflict, "\(key) is no longer in the PRD, so it does not run anyway")
        case .manual:
            throw Failure(
                .conflict,
                "\(key) is manual and does not run: do it yourself, then ralphctl accept it, or delete \(prd):\(record.item.line)"
            )
        case .later:
            throw Failure(.conflict, "\(key) is for later and does not run: nothing is there to skip")
        case .open, .running, .waiting, .blocked:
            guard record.block?.kind == .skipped else { return }
            throw Failure(.conflict, "\(key) is skipped already: ralphctl retry takes it up again")
        }
    }

    /// Throws `conflict` with the next step where trying the item again would change nothing.
    static func assertRetriable(_ record: ItemRecord, prd: String) throws(Failure) {
        let key = record.item.key
        let place = "\(prd):\(record.item.line)"
        if let error = record.item.error {
            throw Failure(.conflict, "\(key) waits for its text to be mended: \(place): \(error)")
        }
        switch record.state {
        case .running:
            throw Failure(
                .conflict,
                "\(key) is running: wait for its end, or ralphctl pause --now first"
            )
        case .withdrawn:
            throw Failure(.conflict, "\(key) is no longer in the PRD: write it there again")
        case .manual:
            throw Failure(
                .conflict,
                "\(key) is manual, no agent does it: ralphctl accept it when it is done, or drop `manual` from \(place)"
            )
        case .later:
            throw Failure(
                .conflict,
                "\(key) is for later: move it from under that heading, drop `later`, or write {later=no} on \(place)"
            )
        case .open, .waiting, .blocked, .done: return
        }
    }

    /// What retrying came to: an item that others or a wait hold up is not in line only because it was asked for.
    static func retried(_ record: ItemRecord) -> String {
        switch record.state {
        case .open: "open again: \(record.item.key)"
        case .running: "started again: \(record.item.key)"
        default:
            "\(record.item.key) has fresh strikes; it is \(record.state.rawValue): \(record.reason ?? "")"
        }
    }
}
