import RalphCore
import Testing

@testable import RalphPRD

@Suite("Settings about money, hours and the ladder")
struct MoneySettingsTests {
    private func read(_ yaml: String) -> (settings: ProjectSettings, problems: [String]) {
        var settings = ProjectSettings()
        let problems = SettingsReader.read(yaml, firstLine: 2, isPRD: true, into: &settings)
        return (settings, problems.map { "\($0.line):\($0.column) \($0.message)" })
    }

    @Test("a budget has dollars, tokens or both, and a host's default stays where nothing is said")
    func budget() {
        var settings = ProjectSettings()
        settings.budget.total.usd = 300
        let problems = SettingsReader.read(
            "budget: {iteration: $2, item: 500k tokens, day: [$20, 50M tokens], zone: Europe/Berlin}",
            firstLine: 2,
            isPRD: true,
            into: &settings
        )
        #expect(problems == [])
        #expect(settings.budget.iteration == Ceiling(usd: 2))
        #expect(settings.budget.item == Ceiling(tokens: 500_000))
        #expect(settings.budget.day == Ceiling(usd: 20, tokens: 50_000_000))
        #expect(settings.budget.total == Ceiling(usd: 300))
        #expect(settings.budget.zone == "Europe/Berlin")
    }

    @Test("prices, hours and a ladder are read")
    func others() {
        let (settings, problems) = read(
            """
            prices: {codex: {input: 1.25, output: $10, cache-read: 0.125}}
            hours: [22:00-07:00, 12:00-13:00]
            escalate: [claude:sonnet, claude:opus]
            """
        )
        #expect(problems == [])
        #expect(settings.prices == ["codex": Price(input: 1.25, output: 10, cacheRead: 0.125)])
        #expect(settings.hours?.description == "22:00-07:00, 12:00-13:00")
        #expect(settings.escalate.map(\.description) == ["claude:sonnet", "claude:opus"])
        #expect(settings.agents == [])
    }

    @Test(
        "mistakes are told with their place and what to write",
        arguments: [
            ("budget: $5", "2:9 `budget` takes a map, not `$5`; write `budget: {item: $5, day: $20}`"),
            (
                "budget: {day: 5}",
                "2:15 `day` is `5`; write dollars like $2.50 or tokens like 500k tokens"
            ),
            ("budget: {dya: $5}", "2:10 unknown key `dya` in `budget`; did you mean `day`?"),
            ("budget: {day: [$5, $6]}", "2:20 `day` has two amounts of one kind; leave one out"),
            ("budget: {day: []}", "2:15 `day` is empty; write dollars like $2.50, or leave it out"),
            (
                "budget: {zone: Mars/Base}",
                "2:16 `zone` is `Mars/Base`; write the name of a time zone, like UTC or Europe/Berlin"
            ),
            (
                "prices: {codex: {input: 1}}",
                "2:17 `prices: codex` needs `input` and `output`; write `prices: {codex: {input: 1.25, output: 10, cache-read: "
                    + "0.125}}`"
            ),
            (
                "prices: {codex: {input: free, output: 1}}",
                "2:25 `input` is `free`; write the dollars for a million tokens, like 1.25"
            ),
            (
                "hours: all night",
                "2:8 `hours` is `all night`; write times of the day like `hours: 22:00-07:00`"
            ),
            (
                "escalate: claude",
                "2:11 `escalate` takes two agents or more, from small to big and each once; write `escalate: "
                    + "[claude:sonnet, claude:opus]`"
            ),
            (
                "escalate: [a, a]",
                "2:11 `escalate` takes two agents or more, from small to big and each once; write `escalate: "
                    + "[claude:sonnet, claude:opus]`"
            ),
        ]
    )
    func mistakes(yaml: String, message: String) {
        #expect(read(yaml).problems == [message])
    }

    @Test("limits are a host's own, and of the same shape")
    func limits() throws {
        let text = "limits: {budget: {day: $20}, attempts: 4, timeout: 2h, idle-timeout: 20m}"
        let limits = try SettingsReader.host(Array(text.utf8)).limits
        #expect(limits.budget.day == Ceiling(usd: 20))
        #expect(limits.attempts == 4)
        #expect(limits.timeout == .seconds(7200))
        #expect(limits.idleTimeout == .seconds(1200))
        #expect(throws: Rejection.self) { try SettingsReader.host(Array("limits: {dya: 1}".utf8)) }
        #expect(read("limits: {timeout: 2h}").problems.count == 1)
    }

    @Test("an item's own budget, and that of a heading above it")
    func items() throws {
        let text =
            "# Work {budget=$3}\n- [ ] One {budget=$2}\n- [ ] Two\n- [ ] Three {budget=\"500k tokens\"}\n"
        let document = try PRD.parse(Array(text.utf8))
        #expect(
            document.items.map(\.attributes.budget) == [
                Ceiling(usd: 2), Ceiling(usd: 3), Ceiling(tokens: 500_000),
            ]
        )
    }
}
