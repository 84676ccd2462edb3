import Testing

@testable import RalphCore

@Suite("Amounts are read and written as people do")
struct MoneyTextTests {
    @Test(
        "dollars and tokens are told apart, and a bare number is neither",
        arguments: [
            ("$2", Ceiling(usd: 2)), ("$0.30", Ceiling(usd: 0.3)), ("2.50 USD", Ceiling(usd: 2.5)),
            ("$ 1", Ceiling(usd: 1)), ("500k tokens", Ceiling(tokens: 500_000)),
            ("2M", Ceiling(tokens: 2_000_000)),
            ("1.5m tokens", Ceiling(tokens: 1_500_000)), ("5000 tokens", Ceiling(tokens: 5000)),
            ("200ktok", Ceiling(tokens: 200_000)), ("2", nil), ("$", nil), ("$0", nil), ("$-1", nil),
            ("$1e9", nil),
            ("$nan", nil), ("0 tokens", nil), ("2 eur", nil), ("", nil), ("k", nil), ("$99999999999", nil),
            ("9999999999999999G", nil), ("1.2.3k", nil),
        ] as [(String, Ceiling?)]
    )
    func parse(text: String, ceiling: Ceiling?) {
        #expect(MoneyText.parse(text) == ceiling)
    }

    @Test("small sums keep their digits")
    func words() {
        #expect(MoneyText.dollars(1) == "$1.00")
        #expect(MoneyText.dollars(0.3) == "$0.30")
        #expect(MoneyText.dollars(0.0125) == "$0.0125")
        #expect(MoneyText.dollars(1234.567) == "$1234.57")
        #expect(MoneyText.dollars(.infinity) == "$?")
        #expect(MoneyText.tokens(999) == "999 tokens")
        #expect(MoneyText.tokens(1_250_000) == "1.2M tokens")
        #expect(MoneyText.tokens(2000) == "2k tokens")
        #expect(Ceiling(usd: 2, tokens: 5000).description == "$2.00 and 5k tokens")
    }

    @Test("a price is found by the model that answered, then the one asked for, then the agent")
    func prices() {
        let prices = [
            "codex": Price(input: 1, output: 10), "codex:mini": Price(input: 0.1, output: 1, cacheRead: 0.01),
        ]
        let tokens = TokenUsage(input: 1_000_000, output: 100_000, cacheRead: 2_000_000, cacheWrite: 0)
        let plain = prices.price(of: AgentChoice(name: "codex"), served: nil)
        #expect(plain?.usd(of: tokens) == 4)
        #expect(prices.price(of: AgentChoice(name: "codex"), served: "mini")?.output == 1)
        #expect(prices.price(of: AgentChoice(name: "codex", model: "mini"), served: "other")?.output == 1)
        #expect(prices.price(of: AgentChoice(name: "claude"), served: nil) == nil)
    }

    @Test("a sum that no number holds is very much, and no crash")
    func overflow() {
        var sum = Outlay(usd: 1, tokens: .max)
        sum += Outlay(usd: 1, tokens: 5)
        #expect(sum == Outlay(usd: 2, tokens: .max))
        #expect(TokenUsage(input: .max, output: .max, cacheRead: -5, cacheWrite: 1).total == .max)
    }
}
