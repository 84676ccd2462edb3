package import RalphAPI
internal import RalphCore
internal import RalphHistory

/// What is in files, not in rows. Their names come from the rows and from `LogFile`, never from who asks.
extension HistoryReport {
    package func log(_ iteration: IterationReference, _ query: LogQuery) async throws -> ByteStream {
        let record = try await resolve(iteration)
        let files = LogFiles(of: record, in: stateDirectory)
        let isFollowed = query.follow && live != nil && record.outcome == nil
        if !isFollowed, !files.exists(query.file) { throw try await missing(query.file, of: record) }
        let isOver: @Sendable () async throws -> Bool = { [self] in
            try await ask { try $0.iteration(record.id)?.outcome != nil }
        }
        return LogFileBytes(
            path: files.path(of: query.file),
            offset: query.offset,
            clock: clock,
            isOver: isFollowed ? isOver : nil
        )
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
