import Foundation
import RalphAgents
import RalphCore
import RalphProcess
import Synchronization
import SystemPackage

/// One run of an agent CLI in a directory: fresh process, an environment built by allow-list, its own credential.
struct AgentRun {
    /// What the process and its stream came to.
    struct Finish {
        var report: AgentReport
        var ending: ProcessEnding
        var duration: Duration
        var outputBytes: Int
    }

    /// Which of an iteration's files the run writes, and which holds its prompt.
    struct Files {
        var output: LogFile
        var errors: LogFile
        var prompt: LogFile

        static let agent = Files(output: .transcript, errors: .errors, prompt: .prompt)
        static let review = Files(output: .review, errors: .reviewErrors, prompt: .reviewPrompt)
    }

    /// An agent that prints frames says at once that it has begun. One that does not, and neither works nor writes, waits for
    /// what will not come: a login, a question on a terminal, a server of its own.
    static let startTimeout: Duration = .seconds(300)

    let choice: AgentChoice
    let cli: AgentCLI
    let program: AgentProgram
    var containment: Containment
    var directory: FilePath
    /// Where transcript and standard error go, and where the prompt lies already.
    var logs: FilePath
    var files = Files.agent
    var timeout: Duration
    var idleTimeout: Duration
    /// Ends the run when it has spent what it may; nil: it may spend what it needs.
    var meter: SpendingMeter?
    var mark: String
    var now: @Sendable () -> Date

    /// - Parameters:
    ///   - variables: what the run has beside the agent's own environment: `RALPH_ITEM` and its kin.
    ///   - onOutput: called for every line, on the thread of the process.
    func run(
        _ prompt: String,
        variables: [String: String] = [:],
        onOutput: @escaping @Sendable () -> Void = {},
        onStart: @escaping @Sendable (ProcessIdentity) -> Void = { _ in }
    ) async -> Finish {
        if let trouble = program.credentialTrouble { return refused(.authFailed(trouble), trouble) }
        guard let executable = program.executable else { return missing() }
        let command = cli.command(
            for: AgentInvocation(
                prompt: prompt,
                promptFile: logs.appending(files.prompt.fileName),
                model: choice.model,
                budgetUSD: meter?.capUSD
            )
        )
        let environment = program.environment.merging(variables) { $1 }
        let decoder = Mutex<any AgentDecoder>(cli.makeDecoder())
        let tree = await runTree(
            spec(executable, command, environment),
            onLine: { [meter] stream, line, isCut in
                onOutput()
                guard stream == .output else { return .go }
                return decoder.withLock {
                    if $0.read(line: line, isCut: isCut) { return .finalFrameSeen }
                    return meter?.isOver($0.spending) == true ? .stop : .go
                }
            },
            onStart: onStart
        )
        let report = decoder.withLock {
            $0.report(
                ending: AgentEnding(tree.ending),
                standardError: String(decoding: tree.errorTail, as: UTF8.self),
                now: now(),
                zone: .current
            )
        }
        return Finish(
            report: report,
            ending: tree.ending,
            duration: tree.duration,
            outputBytes: tree.outputBytes + tree.errorBytes
        )
    }

    private func spec(
        _ executable: String,
        _ command: AgentCommand,
        _ environment: [String: String]
    ) -> ProcessSpec {
        var spec = ProcessSpec(
            executable,
            command.arguments,
            environment: environment,
            directory: directory,
            timeout: timeout,
            mark: mark
        )
        spec.input = command.input
        spec.idleTimeout = idleTimeout
        spec.startTimeout = cli.printsFrames ? AgentRun.startTimeout : nil
        spec.watchedDirectory = directory
        spec.containment = containment
        spec.secrets = program.secrets
        spec.log = LogSink(
            output: logs.appending(files.output.fileName),
            errors: logs.appending(files.errors.fileName),
            limit: files.output.bound
        )
        return spec
    }

    private func missing() -> Finish {
        let message = "no program \(cli.program) on PATH (\(program.path)): install it, or set path:"
        return refused(.missing(message), message)
    }

    private func refused(_ verdict: AgentReport.Verdict, _ message: String) -> Finish {
        Finish(
            report: AgentReport(verdict: verdict),
            ending: .couldNotStart(errno: ENOENT, message: message),
            duration: .zero,
            outputBytes: 0
        )
    }
}

extension AgentEnding {
    fileprivate init(_ ending: ProcessEnding) {
        self =
            switch ending {
            case .exited(let code): .exited(code)
            case .signaled(let signal): .signaled(signal)
            case .couldNotStart(_, let message): .couldNotStart(message)
            case .timedOut, .stalled, .cancelled, .finishedEarly, .stopped: .stopped
            }
    }
}
