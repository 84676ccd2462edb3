package import RalphAPI
internal import RalphCore
internal import RalphHistory

/// What is in files, not in rows. Their names come from the rows and from `LogFile`, never from who asks.
extension HistoryReport {
    package func log(_ iteration: IterationReference, _ query: LogQuery) async throws -> ByteStream {
        let record = try await resolve(iteration)
        let files = LogFiles(of: record, in: stateDirectory)
        let isFollowed = query.follow && live != nil && record.outcome == nil
        if !isFollowed, !files.exists(query.file) {
            if case .check(let name) = query.file, let bytes = try await standIn(for: name, of: record, query)
            {
                return bytes
            }
            throw try await missing(query.file, of: record)
        }
        let isOver: @Sendable () async throws -> Bool = { [self] in
            try await ask { try $0.iteration(record.id)?.outcome != nil }
        }
        return LogFileBytes(
            path: files.path(of: query.file),
            offset: query.offset,
            bound: query.file.bound,
            clock: clock,
            isOver: isFollowed ? isOver : nil
        )
    }

    /// Where the same checks had passed on the same tree before, they did not run again: that run's log, with a line that
    /// says so.
    private func standIn(for check: String, of record: IterationRecord, _ query: LogQuery) async throws
        -> ByteStream?
    {
        guard let run = try await ask({ try $0.runBehindReceipt(of: record, check: check) }) else {
            return nil
        }
        let files = LogFiles(of: run, in: stateDirectory)
        let head =
            "# i\(record.id) did not run \(check): it had passed on the same tree in i\(run.id), and said there\n"
        guard files.exists(query.file) else { return nil }
        let bytes = LogFileBytes(
            path: files.path(of: query.file),
            offset: query.offset,
            bound: query.file.bound,
            clock: clock,
            isOver: nil
        )
        return PrefixedBytes(prefix: query.offset == 0 ? Array(head.utf8) : [], rest: bytes)
    }

    package func prompt(_ iteration: IterationReference) async throws -> String {
        let record = try await resolve(iteration)
        guard let text = try LogFiles(of: record, in: stateDirectory).text(of: .prompt) else {
            throw try await missing(.prompt, of: record)
        }
        return text
    }

    package func diff(_ iteration: IterationReference) async throws -> String {
        let record = try await resolve(iteration)
        if let text = try LogFiles(of: record, in: stateDirectory).text(of: .changes) { return text }
        guard let live else {
            throw Failure(.noDaemon, "the changes of i\(record.id) are in git: start ralphd to see them")
        }
        return try await live.diff(record)
    }

    private func missing(_ file: LogFile, of record: IterationRecord) async throws -> Failure {
        let name = "i\(record.id)"
        guard case .check(let check) = file else {
            return Failure(
                .notFound,
                "\(name) has no \(file.fileName): it did not get that far, or it was pruned"
            )
        }
        let known = try await ask { try $0.checks(of: record.id).map(\.name) }
        let list = known.isEmpty ? "no check ran" : "its checks are \(known.joined(separator: ", "))"
        return Failure(.notFound, "\(name) has no log of a check \(check): \(list)")
    }
}

/// A line of ours before the bytes of a file.
struct PrefixedBytes: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let prefix: [UInt8]
    let rest: LogFileBytes

    func makeAsyncIterator() -> Iterator {
        Iterator(prefix: prefix.isEmpty ? nil : prefix, rest: rest.makeAsyncIterator())
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var prefix: [UInt8]?
        fileprivate var rest: LogFileBytes.Iterator

        mutating func next() async throws -> [UInt8]? {
            if let prefix {
                self.prefix = nil
                return prefix
            }
            return try await rest.next()
        }
    }
}
