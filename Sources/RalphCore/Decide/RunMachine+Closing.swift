package import struct Foundation.Date

extension RunMachine {
    private static let mostNamed = 3
    private static let reasonBytes = 160

    /// What a run that ends with an exit code other than 0 says last: how far it came and what is in the way of the
    /// rest, in one line.
    package func closingWords(exitCode: Int32, now: Date) -> String {
        let counted = order.compactMap { items[$0] }.filter {
            $0.item.attributes.mode == .run || $0.state == .done
        }
        let done = counted.filter { $0.state == .done }.count
        let count = "\(done) of \(counted.count) item\(counted.count == 1 ? "" : "s") done"
        return "\(count), \(obstacle(exitCode, now: now)); ralphctl status"
    }

    private func obstacle(_ exitCode: Int32, now: Date) -> String {
        if let hold = project.hold { return "held: \(Self.short(hold.message))" }
        if exitCode == ExitCode.waitTooLong, let wait = longWait(now: now) { return wait }
        let open = order.compactMap { items[$0] }.filter {
            $0.state == .blocked || $0.state == .waiting || $0.state == .open
        }
        let needy = open.filter { $0.state == .blocked || $0.block != nil }.filter {
            $0.block?.kind != .skipped
        }
        guard !needy.isEmpty else { return "the rest waits: " + Self.list(open) }
        return "\(needy.count) \(needy.count == 1 ? "needs" : "need") you: " + Self.list(needy)
    }

    private func longWait(now: Date) -> String? {
        let first = longWaits(now: now).min { $0.until < $1.until }
        guard let longest = rules.longestWait else { return nil }
        func words(_ until: Date, _ why: String) -> String {
            let left = Duration.seconds(max(1, Int(until.timeIntervalSince(now).rounded())))
            return "the rest waits \(left.words), longer than --wait \(longest.words): \(why)"
        }
        if let gate, gate.isForAll || gate.until < first?.until ?? .distantFuture {
            return words(gate.until, Self.short(gate.reason))
        }
        return first.map { words($0.until, Self.list([$0.record])) }
    }

    private static func list(_ records: [ItemRecord]) -> String {
        let named = records.prefix(mostNamed).map { record in
            "#\(record.item.key) \(short(record.block?.message ?? record.reason ?? record.state.rawValue))"
        }
        let rest = records.count - named.count
        return (named + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "; ")
    }

    private static func short(_ text: String) -> String {
        PlainText.cut(PlainText.line(text), bytes: reasonBytes)
    }
}
