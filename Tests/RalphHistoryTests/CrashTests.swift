import Foundation
import Glibc
import RalphCore
import SystemPackage
import Testing

@testable import RalphHistory

@Suite("a death at any instant loses nothing that was said to be written", .timeLimit(.minutes(5)))
struct CrashTests {
    /// Ends iterations one after another, each time noting on the side what was begun and what ended, until it is killed.
    private static func work(in directory: FilePath) throws -> Never {
        let history = try SQLiteHistory.open(directory: directory)
        let log = open(
            directory.appending("acknowledged").string,
            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
            0o600
        )
        var item = try history.insertItems([.sample()])[0]
        while true {
            var iteration = try history.begin(.sample(item: item.id))
            try history.openLanding(.sample(iteration))
            (iteration.outcome, iteration.stage, iteration.cost) = (.landed, .landing, .quoted(1))
            item.iterations = iteration.ordinal
            item.strikes = iteration.ordinal
            try history.finish(IterationEnd(iteration: iteration, items: [item]))
            _ = write(log, "x", 1)
        }
    }

    @Test("killed while it writes, the history is whole and has every deed", arguments: [0, 5, 20, 60])
    func killed(afterDeeds deeds: Int64) async throws {
        let state = TemporaryState()
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = state.directory.string as String, deeds = deeds as Int64] in
            let directory = FilePath(path)
            Thread.detachNewThread {
                var status = stat()
                while stat(directory.appending("acknowledged").string, &status) != 0 || status.st_size < deeds
                {
                    sched_yield()
                }
                // Somewhere in the deeds that follow.
                usleep(.random(in: 0..<5000))
                kill(getpid(), SIGKILL)
            }
            try Self.work(in: directory)
        }
        let acknowledged = try Data(
            contentsOf: URL(fileURLWithPath: state.directory.appending("acknowledged").string)
        )
        let history = try state.open()
        #expect(try history.reader.integrityProblems().isEmpty)
        let landed = try history.landings(limit: .max).count
        #expect(landed >= deeds)
        #expect((acknowledged.count...acknowledged.count + 1).contains(landed))
        #expect(try history.totalSpend().iterations == landed)
        #expect(try history.items().first.map { $0.strikes == landed } ?? (landed == 0))
        // An open intent belongs to an open iteration: both were changed in one transaction.
        let open = try history.openIterations().map(\.id)
        #expect(try history.openLandings().allSatisfy { open.contains($0.iteration) })
        #expect(open.count <= 1)
    }
}
