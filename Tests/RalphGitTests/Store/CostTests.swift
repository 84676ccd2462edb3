import Foundation
import Glibc
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphGit

@Suite("What an item costs")
struct CostTests {
    /// The steps of one item up to its landing: one file changed, one new, the box ticked.
    private func item(_ number: Int, _ bench: Bench, _ workshop: GitWorkshop) async throws -> ObjectID {
        let base = try bench.base()
        _ = try await workshop.prepare(
            slot: 0,
            base: base,
            kept: nil,
            notes: WorkspaceNotes(prd: Array("- [ ] one\n".utf8)),
            rules: bench.rules
        )
        try bench.write("folder0/file0.txt", "changed \(number)\n")
        try bench.write("new\(number).txt", "new\n")
        let snapshot = try await workshop.snapshot(
            SnapshotRequest(
                slot: 0,
                iteration: IterationID(Int64(number)),
                base: base,
                kept: nil,
                rules: bench.rules
            )
        )
        let result = try await workshop.candidate(
            CandidateRequest(
                base: base,
                work: snapshot.commit,
                tip: base,
                tick: PRDTick(
                    path: RepositoryPath("prd.md"),
                    mode: "100644",
                    content: Array("- [x] \(number)\n".utf8)
                ),
                message: CandidateMessage(title: "T", summary: "S", item: "i", iteration: "u", agent: "a")
            )
        )
        guard case .built(let candidate) = result else { throw Failure(.internalError, "\(result)") }
        _ = try await workshop.setVerify(to: candidate.commit, isClean: false, rules: bench.rules)
        return candidate.commit
    }

    private func land(_ candidate: ObjectID, _ bench: Bench) throws {
        try bench.repository.git(
            "fetch",
            "-q",
            bench.state.path.appending("store.git").string,
            candidate.rawValue
        )
        try bench.repository.git("merge", "-q", "--ff-only", "FETCH_HEAD")
    }

    private func workshop(git: FilePath, _ bench: Bench) throws -> GitWorkshop {
        var host = try Bench.host(home: bench.state.path)
        host.git = git
        let opened = try UserRepository.open(around: bench.repository.path, host: host)
        return try GitWorkshop(
            opened,
            WorkshopConfiguration(state: bench.state.path, project: "p", prdPath: RepositoryPath("prd.md"))
        )
    }

    @Test("is four git processes before its landing, once everything is warm", .timeLimit(.minutes(5)))
    func processes() async throws {
        let bench = try Bench()
        let log = bench.state.path.appending("log")
        let real = try Bench.host(home: bench.state.path).git
        let wrapper = try bench.state.write(
            "#!/bin/sh\nfor last; do :; done\necho \"$*\" >> '\(log)'\nexec '\(real)' \"$@\"\n",
            to: "git"
        )
        chmod(wrapper.string, 0o755)
        let workshop = try workshop(git: wrapper, bench)
        for number in 1...2 { try land(try await item(number, bench, workshop), bench) }
        try bench.state.write("", to: "log")
        _ = try await item(3, bench, workshop)
        let commands = try bench.state.read("log").split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            return String(
                words.enumerated().first { $0.offset % 2 == 0 && $0.element != "-c" }?.element ?? ""
            )
        }
        #expect(commands == ["read-tree", "ls-files", "update-index", "read-tree"])
    }

    @Test(
        "in milliseconds, by the number of files",
        .enabled(if: getenv("RALPH_MEASURE") != nil),
        .timeLimit(.minutes(10)),
        arguments: [200, 10_000, 50_000]
    )
    func time(_ files: Int) async throws {
        let bench = try Bench()
        // Foundation takes a minute for as many.
        try bench.agent(
            """
            awk 'BEGIN { for (i = 0; i < \(files); i++) { d = "folder" int(i / 50)
            if (i % 50 == 0) system("mkdir -p " d); f = d "/file" i ".txt"; print "file " i > f; close(f) } }'
            """,
            in: bench.repository.path
        )
        try bench.repository.commit("Many")
        let workshop = try workshop(git: try Bench.host(home: bench.state.path).git, bench)
        var times: [Duration] = []
        for number in 1...15 {
            let base = try bench.base()
            let clock = ContinuousClock()
            var steps: [String] = []
            func measure<T>(_ name: String, _ body: () async throws -> T) async rethrows -> T {
                let start = (
                    clock.now, processorTime(__rusage_who_t(RUSAGE_SELF.rawValue)),
                    processorTime(__rusage_who_t(RUSAGE_CHILDREN.rawValue))
                )
                let value = try await body()
                let own = processorTime(__rusage_who_t(RUSAGE_SELF.rawValue)) - start.1
                let gits = processorTime(__rusage_who_t(RUSAGE_CHILDREN.rawValue)) - start.2
                steps.append("\(name): \(clock.now - start.0), processor \(own) own, \(gits) git")
                return value
            }
            let start = clock.now
            _ = try await measure("prepare") {
                try await workshop.prepare(
                    slot: 0,
                    base: base,
                    kept: nil,
                    notes: WorkspaceNotes(prd: []),
                    rules: bench.rules
                )
            }
            let first = clock.now - start
            try bench.write("folder0/file0.txt", "changed \(number)\n")
            try bench.write("new\(number).txt", "new\n")
            let again = clock.now
            let snapshot = try await measure("snapshot") {
                try await workshop.snapshot(
                    SnapshotRequest(
                        slot: 0,
                        iteration: IterationID(Int64(number)),
                        base: base,
                        kept: nil,
                        rules: bench.rules
                    )
                )
            }
            let result = try await measure("candidate") {
                try await bench.candidateOf(workshop, snapshot, number)
            }
            guard case .built(let candidate) = result else { throw Failure(.internalError, "\(result)") }
            _ = try await measure("verify") {
                try await workshop.setVerify(to: candidate.commit, isClean: false, rules: bench.rules)
            }
            times.append(first + (clock.now - again))
            if number == 15 { print(files, steps) }
            try land(candidate.commit, bench)
        }
        print(files, "files: median", times.sorted()[7])
    }
}

/// On a busy machine this says more than the clock. Long-lived processes are not in it until they end.
private func processorTime(_ who: __rusage_who_t) -> Duration {
    var usage = rusage()
    getrusage(who, &usage)
    let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
    return .seconds(seconds) + .microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
}

extension Bench {
    fileprivate func candidateOf(_ workshop: GitWorkshop, _ snapshot: Snapshot, _ number: Int) async throws
        -> CandidateResult
    {
        try await workshop.candidate(
            CandidateRequest(
                base: snapshot.base,
                work: snapshot.commit,
                tip: snapshot.base,
                tick: PRDTick(
                    path: RepositoryPath("prd.md"),
                    mode: "100644",
                    content: Array("- [x] \(number)\n".utf8)
                ),
                message: CandidateMessage(title: "T", summary: "S", item: "i", iteration: "u", agent: "a")
            )
        )
    }
}
