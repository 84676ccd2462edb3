import Logging
import RalphCore
import RalphPRD

extension RunService {
    /// SIGHUP: the host's file and the PRD are read again. What cannot be used is said, and what was in force stays so; a
    /// change takes effect for the next iteration.
    func reload() async {
        guard !isStopping else { return }
        serviceManager.reloading()
        do throws(Failure) {
            let host = try configuration.rereadHost()
            if let problem = problem(of: host) { throw Failure(.configuration, problem.message) }
            await adopt(host)
        } catch {
            hostProblem = Diagnostic(line: 0, column: 0, severity: .error, message: error.message)
            logger.error(
                "the host's configuration cannot be used as it is; the last good one stays in force",
                metadata: ["reason": "\(error.message)"]
            )
        }
        await readPRD(evenIfSame: true)
        await payTicks()
        logger.notice("the settings were read again")
        serviceManager.ready(statusLine)
    }

    private func problem(of host: HostSettings) -> Diagnostic? {
        var changed = configuration
        _ = changed.adopt(host)
        return changed.credentialProblem(with: document?.settings ?? host.project)
    }

    private func adopt(_ new: HostSettings) async {
        hostProblem = nil
        let before = configuration
        let late = configuration.adopt(new)
        if !late.isEmpty {
            logger.warning(
                "these keys of the host's configuration take effect at the next start",
                metadata: ["keys": "\(late.joined(separator: ", "))"]
            )
        }
        threshold.level = configuration.logLevel
        guard configuration.host != before.host else { return }
        logger.notice(
            "the host's configuration has changed",
            metadata: ["file": "\(configuration.hostFile ?? "-")"]
        )
        // What an agent was set aside for may have been mended: its PATH, its login.
        let mended =
            configuration.path != before.path || configuration.host.credentials != before.host.credentials
        for name in mended ? setAsideAgents : [] { await send(.steer(.retryAgent(name))) }
    }
}
