import Glibc

import struct SystemPackage.FilePath

/// A started process with what keeps its tree together, and the ways to end all of it.
struct ContainedChild: ~Copyable {
    /// What holds the tree beside its process group and its mark.
    private enum Hold {
        case nothing
        /// Nil where bubblewrap was through before it could be looked at.
        case namespace(NamespaceInit?)
        case controlGroup(ControlGroup)
    }

    var leader: Child
    let members: TreeMembers
    private let hold: Hold
    private let startTicks: UInt64

    /// To be called on the thread that stays until the tree's end.
    init(_ spec: ProcessSpec) throws(LaunchError) {
        var launch = Launch(
            program: spec.program,
            arguments: spec.arguments,
            environment: spec.environment,
            directory: spec.directory
        )
        launch.environment[ProcessMark.variable] = spec.mark
        switch spec.containment {
        case .group:
            leader = try Child(launch, hasInput: !spec.input.isEmpty, mergesErrors: spec.mergesErrors)
            hold = .nothing
        case .refused(let reason): throw LaunchError(.notSupported, reason)
        case .namespace(let bwrap, let sandbox):
            try Self.look(for: spec.program, as: launch)
            let files = sandbox?.flags(workingIn: spec.directory) ?? Containment.openFlags
            let wrapping = files + Containment.namespaceFlags + ["--info-fd", "3", "--", spec.program]
            launch.arguments = wrapping + spec.arguments
            launch.program = bwrap.string
            var info = try Child.pipe(for: launch.program)
            leader = try Self.start(launch, spec, &info)
            hold = .namespace(NamespaceInit(info: info.reading, leader: leader.pid))
        case .controlGroup(let parent):
            try Self.look(for: spec.program, as: launch)
            var info = try Child.pipe(for: launch.program)
            guard let membership = GroupMembership(in: parent, mark: spec.mark) else {
                leader = try Child(launch, hasInput: !spec.input.isEmpty, mergesErrors: spec.mergesErrors)
                hold = .nothing
                break
            }
            do throws(LaunchError) {
                leader = try Self.start(membership.wrap(launch), spec, &info)
            } catch {
                membership.group.remove()
                throw error
            }
            let isIn = GroupMembership.hasEntered(info.reading)
            if !isIn { membership.group.remove() }
            hold = isIn ? .controlGroup(membership.group) : .nothing
        }
        members = TreeMembers(leader: leader.pid, mark: ProcessMark(spec.mark))
        startTicks = ProcessEntry(pid: leader.pid)?.identity.startTime ?? 0
        Strays.treeBegan(startTicks)
    }

    deinit { Strays.treeEnded(startTicks) }

    /// Looked for here, because what a wrapper says of a missing program is an exit status like any other.
    private static func look(for program: String, as launch: Launch) throws(LaunchError) {
        _ = try ProgramLookup(environment: launch.environment, directory: launch.directory).find(program)
    }

    private static func start(_ launch: Launch, _ spec: ProcessSpec, _ info: inout Pipe) throws(LaunchError)
        -> Child
    {
        let child = try Child(
            launch,
            hasInput: !spec.input.isEmpty,
            mergesErrors: spec.mergesErrors,
            extra: info.writing.raw
        )
        info.writing = .none
        return child
    }

    /// What bubblewrap said when it failed to make the namespace; nil when the program was run.
    ///
    /// Its failure is an exit with 1 like any other: told by its own name being the first and all that was printed.
    func startFailure(_ result: TreeResult) -> String? {
        guard case .namespace = hold, result.ending == .exited(1),
            result.errorTail.starts(with: "bwrap: ".utf8),
            result.outputBytes + result.errorBytes == result.errorTail.count
        else { return nil }
        let said = String(decoding: result.errorTail, as: UTF8.self).split(separator: "\n").first ?? ""
        return "cannot start in a namespace: \(said)"
    }

    /// SIGTERM to the program's group; the stopped are woken, so that they can hear it.
    func askToEnd() {
        guard case .namespace(let found) = hold, let namespace = found else {
            leader.signalGroup(SIGTERM)
            leader.signalGroup(SIGCONT)
            return
        }
        // Where no program is, nobody can end gracefully.
        guard namespace.signalProgram(SIGTERM) else { return kill() }
        _ = namespace.signalProgram(SIGCONT)
    }

    /// SIGKILL to the leader and its group.
    func kill() { leader.signalGroup(SIGKILL) }

    /// Kills all that is left but the leader, and waits for it. Returns how many had to be killed, where that is known.
    func clearUp(until instant: MonotonicInstant) -> Int {
        leader.signalGroup(SIGKILL)
        switch hold {
        case .namespace(let namespace?):
            namespace.kill(until: instant)
            return 0
        case .controlGroup(let group):
            let count = group.processCount
            group.end(until: instant)
            // What was allowed to move itself elsewhere still has its mark.
            return count + members.kill(until: instant).count
        case .namespace(nil), .nothing:
            let killed = members.kill(until: instant)
            return killed.union(Strays.kill(since: startTicks, until: instant)).count
        }
    }
}
