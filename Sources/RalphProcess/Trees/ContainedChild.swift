import Glibc

import struct SystemPackage.FilePath

/// A started process with what keeps its tree together, and the ways to end all of it.
struct ContainedChild: ~Copyable {
    var leader: Child
    let members: TreeMembers
    /// Nil without a namespace, or where bubblewrap was through before it could be looked at.
    private let namespace: NamespaceInit?
    private let isNamespaced: Bool

    /// To be called on the thread that stays until the tree's end.
    init(_ spec: ProcessSpec) throws(LaunchError) {
        isNamespaced = spec.containment != .group
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
            namespace = nil
        case .namespace(let bwrap):
            // Looked for here, because what bubblewrap says of a missing program is an exit status like any other.
            _ = try ProgramLookup(environment: launch.environment, directory: spec.directory).find(
                spec.program
            )
            launch.arguments =
                Containment.namespaceFlags + ["--info-fd", "3", "--", spec.program] + spec.arguments
            launch.program = bwrap.string
            var info = try Child.pipe(for: launch.program)
            leader = try Child(
                launch,
                hasInput: !spec.input.isEmpty,
                mergesErrors: spec.mergesErrors,
                extra: info.writing.raw
            )
            info.writing = .none
            namespace = NamespaceInit(info: info.reading, leader: leader.pid)
        }
        members = TreeMembers(leader: leader.pid, mark: ProcessMark(spec.mark))
    }

    /// What bubblewrap said when it failed to make the namespace; nil when the program was run.
    ///
    /// Its failure is an exit with 1 like any other: told by its own name being the first and all that was printed.
    func startFailure(_ result: TreeResult) -> String? {
        guard isNamespaced, result.ending == .exited(1), result.errorTail.starts(with: "bwrap: ".utf8),
            result.outputBytes + result.errorBytes == result.errorTail.count
        else { return nil }
        let said = String(decoding: result.errorTail, as: UTF8.self).split(separator: "\n").first ?? ""
        return "cannot start in a namespace: \(said)"
    }

    /// SIGTERM to the program's group; the stopped are woken, so that they can hear it.
    func askToEnd() {
        guard let namespace else {
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
        guard let namespace else { return members.kill(until: instant).count }
        namespace.kill(until: instant)
        return 0
    }
}
