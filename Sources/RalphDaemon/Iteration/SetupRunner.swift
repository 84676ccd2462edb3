import Foundation
import RalphAgents
import RalphCore
import RalphGit
import RalphProcess
import SystemPackage

/// Runs `setup:` in a directory when the files that it depends on differ from its last run there.
struct SetupRunner: Sendable {
    let bench: Workbench
    let plan: ProjectPlan
    let mark: String

    /// Lock and manifest files at any depth, where `setup-inputs:` says nothing.
    static let defaultInputs = [
        "package.json", "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock",
        "bun.lockb",
        "requirements*.txt", "pyproject.toml", "poetry.lock", "uv.lock", "Pipfile", "Pipfile.lock",
        "setup.py", "setup.cfg",
        "Gemfile", "Gemfile.lock", "composer.json", "composer.lock", "Cargo.toml", "Cargo.lock", "go.mod",
        "go.sum",
        "Package.swift", "Package.resolved", "pom.xml", "build.gradle", "build.gradle.kts", "gradle.lockfile",
        "mix.exs",
        "mix.lock", "flake.nix", "flake.lock",
    ]
    private static let timeout: Duration = .seconds(1800)

    /// What was set up last, kept beside the directory so that a restart need not repeat it.
    private struct Memory: Codable, Equatable {
        var commands: [String]
        /// Fingerprint of the input files.
        var inputs: String
    }

    /// The outer nil: cancelled. The inner nil: nothing to do. `named` is the directory's name in the memory.
    func run(
        in directory: FilePath,
        named place: String,
        commit: ObjectID,
        isNew: Bool,
        record: IterationRecord?
    ) async -> CheckResult?? {
        let commands = plan.settings.setup
        guard !commands.isEmpty else { return .some(nil) }
        let globs = plan.settings.setupInputs ?? Self.defaultInputs
        let fingerprint = (try? await bench.git.fingerprint(matching: globs, at: commit)) ?? commit.rawValue
        let memory = Memory(commands: commands, inputs: fingerprint)
        guard isNew || remembered(place) != memory else { return .some(nil) }
        try? FileManager.default.removeItem(atPath: memoryFile(place).string)
        var check = Check(name: Judge.setupName, run: commands.joined(separator: "\n"))
        check.timeout = Self.timeout
        var environment = CheckSurroundings.environment(bench: bench, plan: plan)
        environment["RALPH_STAGE"] = Stage.preparing.rawValue
        let site = CheckRunner.Site(
            directory: directory,
            logDirectory: record.map(bench.logDirectory) ?? bench.probeLogs,
            environment: environment,
            changedPaths: nil,
            mark: mark
        )
        let runner = CheckRunner(shell: plan.settings.shell, containment: bench.containment(for: plan))
        guard let result = await runner.run([check], at: site)?.first else { return nil }
        if result.verdict.isGreen {
            remember(memory, place)
        }
        return .some(result)
    }

    private func remembered(_ place: String) -> Memory? {
        FileManager.default.contents(atPath: memoryFile(place).string).flatMap {
            try? JSONDecoder().decode(Memory.self, from: $0)
        }
    }

    private func memoryFile(_ place: String) -> FilePath { bench.state.appending("setup-\(place).json") }

    private func remember(_ memory: Memory, _ place: String) {
        guard let data = try? JSONEncoder().encode(memory) else { return }
        try? data.write(to: URL(filePath: memoryFile(place).string), options: .atomic)
    }
}

/// The environment of checks and set-up.
enum CheckSurroundings {
    static func environment(bench: Workbench, plan: ProjectPlan) -> [String: String] {
        let agents = (plan.settings.agents + plan.settings.escalate).compactMap { choice in
            try? AgentCLI.named(choice.name, custom: plan.settings.customAgents)
        }
        var environment = AgentEnvironment.checks(
            from: bench.environment,
            settings: EnvironmentSettings(path: plan.path, names: plan.settings.environment),
            agents: agents,
            credentials: plan.credentials.names
        )
        environment["GIT_CEILING_DIRECTORIES"] = bench.git.ceilingDirectories
        environment["RALPH_SLOT"] = String(AgentTurn.slot)
        return environment
    }
}
