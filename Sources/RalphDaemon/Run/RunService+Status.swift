import RalphCore

extension RunService {
    /// What the daemon is doing, in one line, for `systemctl status`.
    var statusLine: String {
        let items = machine.items.values.filter {
            $0.state != .withdrawn && $0.state != .later && $0.state != .manual
        }
        let done = items.count { $0.state == .done }
        let blocked = items.count { $0.state == .blocked }
        let count = "\(done) of \(items.count) items done" + (blocked > 0 ? ", \(blocked) blocked" : "")
        let keys = running.keys.sorted().compactMap { machine.items[$0]?.item.key }
        guard keys.isEmpty else {
            return "working on \(keys.map { "#\($0)" }.joined(separator: ", ")); \(count)"
        }
        let mood = machine.project
        return mood.state.rawValue + (mood.reason.map { ": \($0)" } ?? "") + "; \(count)"
    }

    /// Tells the service manager when that has changed.
    func tellStatus() {
        guard serviceManager.isPresent, isReady, !isStopping else { return }
        let line = statusLine
        guard line != toldStatus else { return }
        toldStatus = line
        serviceManager.status(line)
    }
}
