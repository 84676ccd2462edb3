package import RalphCore
import SystemPackage

extension Landing {
    /// Looks whether the request could land, and notes what the landing is going to touch. Writes nothing.
    ///
    /// What only git can tell (a dirty file among the candidate's) is found by `carryOut`, which git refuses before its first byte.
    package func prepare(_ request: LandingRequest) throws(Failure) -> LandingPreparation {
        let target: Target
        switch try self.target(request.target) {
        case .hold(let reason): return .hold(reason)
        case .found(let found): target = found
        }
        if let busy = target.busy { return .busy(busy) }
        guard target.tip == request.expectedTip else { return .moved(target.tip) }
        let changes = try changes(of: request)
        var stamps: [PathStamp] = []
        if let checkout = target.checkout {
            if let obstacles = try quickObstacles(to: request, changes, in: checkout) {
                return .inTheWay(obstacles)
            }
            stamps = PathStamp.all(of: changes, in: checkout.workTree)
        }
        return .ready(
            LandingIntent(
                iteration: request.iteration,
                uuid: request.uuid,
                target: target.ref,
                expectedTip: request.expectedTip,
                candidate: request.candidate,
                tick: request.tick,
                worktree: target.checkout?.workTree.string,
                gitDirectory: target.checkout?.gitDirectory.string,
                prdPath: request.prdPath?.bytes,
                paths: stamps
            )
        )
    }

    /// What is in the way of the request now; nil when nothing is. For trying again when the files change.
    package func obstacles(to request: LandingRequest) throws(Failure) -> Obstacles? {
        guard case .found(let target) = try self.target(request.target), let checkout = target.checkout
        else { return nil }
        return try obstacles(changes(of: request), in: checkout, tip: target.tip, prdPath: request.prdPath)
    }

    /// Everything in the way, by three git commands on a copy of the index.
    func obstacles(
        _ changes: LandingChanges,
        in checkout: Checkout,
        tip: ObjectID,
        prdPath: RepositoryPath?
    ) throws(Failure) -> Obstacles? {
        let search = ObstacleSearch(changes: changes, workTree: checkout.workTree)
        let copy = checkout.gitDirectory.appending("index.ralph.look")
        defer { LandingFile.remove(copy) }
        LandingFile.remove(copy)
        if let bytes = LandingFile.read(checkout.gitDirectory.appending("index")) {
            try FileWriting.create(copy, bytes)
        }
        var git = repository.command
        git.gitDirectory = checkout.gitDirectory
        git.workTree = checkout.workTree
        git.index = copy
        // Git merges nothing while files of an earlier merge are unmerged, whichever they are.
        let unmerged = try git.run(["ls-files", "-u", "-z"]).fields.compactMap { line in
            line.firstIndex(of: UInt8(ascii: "\t")).map { Array(line[line.index(after: $0)...]) }
        }
        let found = search.strangers().union(try search.modified(against: tip, git: git)).union(unmerged)
        return found.isEmpty ? nil : Obstacles(paths: found.map { RepositoryPath($0) }, prdPath: prdPath)
    }

    private func quickObstacles(
        to request: LandingRequest,
        _ changes: LandingChanges,
        in checkout: Checkout
    ) throws(Failure) -> Obstacles? {
        let search = ObstacleSearch(changes: changes, workTree: checkout.workTree)
        let strangers = search.strangers()
        guard strangers.isEmpty, !search.missing() else {
            return try obstacles(changes, in: checkout, tip: request.expectedTip, prdPath: request.prdPath)
        }
        return nil
    }

    private func changes(of request: LandingRequest) throws(Failure) -> LandingChanges {
        let changes = try LandingChanges(of: request.candidate, in: store)
        guard changes.parents == [request.expectedTip] else {
            throw Failure(
                .git,
                "\(request.candidate.short) is not one commit on \(request.expectedTip.short)"
            )
        }
        return changes
    }
}
