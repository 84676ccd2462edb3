import RalphAgents
import RalphCore
import SystemPackage
import Testing

@Suite("agent commands")
struct AgentCommandTests {
    private let invocation = AgentInvocation(prompt: "do {it}", promptFile: "/logs/7/prompt.md")

    private func with(_ change: (inout AgentInvocation) -> Void) -> AgentInvocation {
        var copy = invocation
        change(&copy)
        return copy
    }

    @Test("claude reads the prompt from standard input and may do everything without asking")
    func claude() throws {
        let command = try AgentCLI.named("claude").command(
            for: with {
                $0.model = "opus"
                $0.maxTurns = 30
                $0.budgetUSD = 1.5
            }
        )
        #expect(command.program == "claude")
        #expect(
            command.arguments.joined(separator: " ")
                == "-p --output-format stream-json --verbose --model opus --max-turns 30 --max-budget-usd 1.5 "
                + "--permission-mode bypassPermissions --no-session-persistence --setting-sources project "
                + "--strict-mcp-config --disallowedTools=AskUserQuestion"
        )
        #expect(String(decoding: command.input, as: UTF8.self) == "do {it}")
        #expect(command.promptFile == nil)
    }

    @Test("codex reads the prompt from standard input because of the dash")
    func codex() throws {
        let command = try AgentCLI.named("codex").command(for: with { $0.model = "gpt-5" })
        #expect(command.arguments.last == "-")
        #expect(command.arguments.contains("--json"))
        #expect(command.arguments.joined(separator: " ").contains("-m gpt-5"))
    }

    @Test("aider gets the prompt in a file, and nothing on standard input")
    func aider() throws {
        let command = try AgentCLI.named("aider").command(for: invocation)
        #expect(command.promptFile == "/logs/7/prompt.md")
        #expect(command.arguments.starts(with: ["--message-file", "/logs/7/prompt.md"]))
        #expect(command.input.isEmpty)
    }

    @Test("goose gets provider and model apart")
    func goose() throws {
        let command = try AgentCLI.named("goose").command(for: with { $0.model = "openrouter/qwen/qwen3" })
        let line = command.arguments.joined(separator: " ")
        #expect(line.contains("--provider openrouter --model qwen/qwen3"))
        #expect(line.hasSuffix("-i -"))
    }

    @Test("no built-in agent puts the prompt among its arguments", arguments: AgentCLI.builtIn.map(\.name))
    func promptIsNoArgument(_ name: String) throws {
        let command = try AgentCLI.named(name).command(for: with { $0.model = "m" })
        #expect(!command.arguments.contains { $0.contains("do {it}") })
        #expect(command.arguments.contains("m"))
        #expect(command.input.isEmpty == (command.promptFile != nil))
    }

    @Test("names of built-in agents are unique")
    func unique() { #expect(Set(AgentCLI.builtIn.map(\.name)).count == 12) }

    @Test("an unknown agent is a configuration error that lists the known ones")
    func unknown() throws {
        let failure = try #require(throws: Failure.self) {
            try AgentCLI.named("cloud", custom: ["mine": CustomAgent(command: ["x"])])
        }
        #expect(failure.code == .configuration)
        #expect(failure.message.contains("cloud") && failure.message.contains("claude, codex, gemini"))
        #expect(failure.message.contains("mine"))
    }

    @Test("a custom agent gets the prompt where its command says so")
    func custom() throws {
        var agent = CustomAgent(command: ["my-agent", "--say", "<{prompt}>", "{prompt}"])
        agent.prompt = .argument
        let said = try AgentCLI.named("mine", custom: ["mine": agent]).command(for: invocation)
        #expect(said.program == "my-agent")
        #expect(said.arguments == ["--say", "<do {it}>", "do {it}"])
        #expect(said.input.isEmpty && said.promptFile == nil)
        agent.prompt = .file
        let filed = try AgentCLI.named("mine", custom: ["mine": agent]).command(for: invocation)
        #expect(filed.arguments == ["--say", "</logs/7/prompt.md>", "/logs/7/prompt.md"])
        #expect(filed.promptFile == "/logs/7/prompt.md")
    }

    @Test("a custom agent that names no place gets the prompt last, or on standard input")
    func customDefaults() throws {
        var agent = CustomAgent(command: ["my-agent", "-x"])
        let piped = try AgentCLI.named("mine", custom: ["mine": agent]).command(for: invocation)
        #expect(piped.arguments == ["-x"])
        #expect(piped.input == Array("do {it}".utf8))
        agent.prompt = .argument
        #expect(
            try AgentCLI.named("mine", custom: ["mine": agent]).command(for: invocation).arguments
                == ["-x", "do {it}"]
        )
    }

    @Test("a custom agent may take a built-in one's name, and an empty command is an error")
    func customNames() throws {
        let own = CustomAgent(command: ["/opt/claude-wrapper"])
        #expect(try AgentCLI.named("claude", custom: ["claude": own]).program == "/opt/claude-wrapper")
        #expect(throws: Failure.self) { try AgentCLI.named("x", custom: ["x": CustomAgent(command: [])]) }
    }

    @Test("a program is looked up in absolute directories only")
    func lookup() {
        let files: Set<String> = ["/a/claude", "/b/claude", "work/claude", "./claude", "/x/y/codex"]
        let find = { (program: String, path: String) in
            ProgramLookup.find(program, path: path) { files.contains($0) }
        }
        #expect(find("claude", "/none:/b:/a") == "/b/claude")
        #expect(find("claude", "work:.::/a/") == "/a/claude")
        #expect(find("claude", "work:.") == nil)
        #expect(find("/x/y/codex", "") == "/x/y/codex")
        #expect(find("/x/codex", "/x/y") == nil)
        #expect(find("", "/a") == nil)
        #expect(ProgramLookup.find("sh", path: "/etc:/bin") == "/bin/sh")
        #expect(ProgramLookup.find("etc", path: "/") == nil)
    }

    @Test(
        "the version is found in what a program prints",
        arguments: [
            ("2.1.330 (Claude Code)\n", "2.1.330"), ("codex-cli 0.163.0", "0.163.0"),
            ("aider v0.86.2", "0.86.2"),
            ("goose (1.9.3-rc1)", "1.9.3-rc1"), ("unknown option --version", nil), ("", nil),
        ]
    )
    func version(_ output: String, _ version: String?) { #expect(AgentCLI.version(in: output) == version) }

    @Test("a limit puts the choice that asked for the model to sleep, else the whole agent")
    func sleeper() {
        let opus = AgentChoice(name: "claude", model: "claude-opus-5-5")
        #expect(opus.sleeper(limitedModel: "Opus") == "claude:claude-opus-5-5")
        #expect(opus.sleeper(limitedModel: "fable") == "claude")
        #expect(opus.sleeper(limitedModel: nil) == "claude")
        #expect(AgentChoice(name: "claude").sleeper(limitedModel: "opus") == "claude:(default model)")
        let pro = AgentChoice(name: "gemini", model: "pro")
        #expect(pro.sleeper(limitedModel: "gemini-2.5-pro") == "gemini:pro")
    }
}
