package import RalphCore
package import SystemPackage

extension Landing {
    /// Which branch the project lands on: `branch:`, else the one checked out now. Asked once, at the first start.
    package func chooseTarget(branch: String?) throws(Failure) -> TargetChoice {
        let named = branch.map { $0.hasPrefix("refs/") ? $0 : "refs/heads/\($0)" }
        switch refs.resolve(named ?? "HEAD") {
        case .branch(let ref, _) where ref.hasPrefix("refs/heads/"): return .ref(ref)
        case .branch(let ref, _):
            return .hold("\(ref) is not a branch: set branch: to the one that work is to land on")
        case .unborn(let ref):
            return .hold("\(Target.shortName(of: ref)) has no commit yet: make the first one")
        case .detached:
            return .hold("no branch is checked out (HEAD is detached): check one out, or set branch:")
        case .missing:
            guard let branch else {
                return .hold("HEAD cannot be read: repair it with git symbolic-ref HEAD")
            }
            return .hold("there is no branch \(branch): create it, or correct branch:")
        }
    }

    /// The target as it is now. `ref` is a full name.
    package func target(_ ref: String) throws(Failure) -> TargetLookup {
        guard case .branch(let found, let tip) = refs.resolve(ref) else {
            return .hold(
                "the branch \(Target.shortName(of: ref)) is gone: create it again, or set branch: to another"
            )
        }
        var target = Target(ref: found, tip: tip)
        switch Checkouts(repository: repository).place(of: found) {
        case .nowhere: break
        case .at(let checkout): target.checkout = checkout
        case .occupied(let checkout, let reason):
            target.checkout = checkout
            target.busy = reason
        case .busy(let reason): target.busy = reason
        }
        return .found(target)
    }

    /// Why the PRD must not be read now: its checkout is on another branch than the target, or git is in the middle of
    /// something there, so that what the file says is not the author's edit. Nil when it may be read.
    package func prdObstacle(_ prd: FilePath, target ref: String) throws(Failure) -> String? {
        guard let home = home(of: prd), let real = LandingFile.realPath(prd) else { return nil }
        let place = home.checkout.workTree
        let operation = OngoingOperation.inProgress(in: home.checkout.gitDirectory)
        // Git is asked last: this is looked at for every save.
        guard operation != nil || !home.isOn(ref) else { return nil }
        // A target that is gone says nothing of its files: then it is what is checked out that does.
        guard let tip = refs.value(of: ref) ?? home.commit, try isTracked(real, in: home.checkout, at: tip)
        else { return nil }
        return operation.map { "\($0.name) is in progress in \(place)" }
            ?? "\(place) is not on \(Target.shortName(of: ref))"
    }

    /// The checkout that a file lies in: the innermost, as a linked worktree may lie inside another one. A file that is away
    /// for the moment lies where its directory does.
    func home(of prd: FilePath) -> Checkouts.Entry? {
        guard let real = LandingFile.realPath(prd) ?? LandingFile.realPath(prd.removingLastComponent())
        else { return nil }
        let entries = Checkouts(repository: repository).all().filter(\.isPresent)
        return entries.filter { real.starts(with: LandingFile.realPath($0.checkout.workTree) ?? "/") }
            .max { $0.checkout.workTree.components.count < $1.checkout.workTree.components.count }
    }
}
