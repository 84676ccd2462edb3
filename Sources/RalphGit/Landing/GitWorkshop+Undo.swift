package import RalphCore

extension GitWorkshop {
    /// Whether a commit is the landing of an iteration, by its trailer: not every commit that finished an item is its work.
    package func isLanding(_ commit: ObjectID, of uuid: String) throws(Failure) -> Bool {
        let text = String(decoding: try store.bytes(of: commit, type: "commit"), as: UTF8.self)
        return text.split(separator: "\n").contains { $0 == "Ralph-Iteration: \(uuid)" }
    }

    /// The subject of a commit, for people.
    package func subject(of commit: ObjectID) throws(Failure) -> String {
        let text = String(decoding: try store.bytes(of: commit, type: "commit"), as: UTF8.self)
        let message = text.split(separator: "\n", omittingEmptySubsequences: false).drop { !$0.isEmpty }
            .dropFirst()
        return message.first.map(String.init) ?? ""
    }
}
