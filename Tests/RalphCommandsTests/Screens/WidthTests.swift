import RalphAPI
import RalphCore
import Testing

@testable import RalphCommands

/// Every table and page with contents that are longer than any screen.
@Suite("no line is wider than the terminal")
struct WidthTests {
    private static let long = String(repeating: "日本語 very-long ", count: 20)
    private static let key = String(repeating: "key-", count: 20)

    private func terminal(_ width: Int) -> Terminal {
        Terminal(isInteractive: true, width: width, hasColour: false, hasUnicode: true)
    }

    private func item(_ state: ItemState) -> ItemRecord {
        let item = Item(key: Self.key, title: Self.long, section: [Self.long], line: 12_345)
        var record = ItemRecord(id: ItemID(12_345), item: item, position: 1, createdAt: Moment.night)
        record.state = state
        record.reason = Self.long
        record.strikes = 3
        return record
    }

    private func view(_ state: ItemState) -> ItemView {
        ItemView(
            id: ItemID(12_345),
            key: Self.key,
            title: Self.long,
            section: [Self.long],
            line: 12_345,
            state: state,
            reason: Self.long,
            strikes: 3,
            maxStrikes: 4
        )
    }

    private var iteration: IterationView {
        var record = IterationRecord(
            id: IterationID(12_345),
            uuid: "7f8e6f4e-7e5b-4c1c-8a43-1d4a3c8f2f11",
            item: ItemID(3),
            ordinal: 22,
            agent: AgentChoice(name: "claude", model: "opus-with-a-long-name"),
            startedAt: Moment.at("2025-11-21T20:02:00.000Z"),
            target: "refs/heads/main",
            base: ObjectID("4be1c90"),
            logDirectory: "logs/17"
        )
        record.outcome = .budgetExhausted
        record.endedAt = Moment.night
        record.error = Self.long
        return IterationView(record, key: Self.key, checks: [])
    }

    private var figures: FiguresView {
        FiguresView(
            name: "2026-12-01",
            iterations: 12_345,
            landed: 12_345,
            strikes: 12_345,
            costUSD: 12_345.67,
            unknownIterations: 123,
            tokens: TokensView(TokenUsage(input: 1_234_567, output: 1, cacheRead: 1, cacheWrite: 1)),
            durationMS: 1_234_567_890
        )
    }

    @Test("of tables", arguments: [40, 60, 80])
    func tables(width: Int) {
        let (time, terminal) = (Moment.local(), terminal(width))
        let items = ItemState.allCases.map(view)
        var agent = AgentRecord(name: "my-own-agent", state: .setAside, until: Moment.night)
        agent.message = Self.long
        var tables = [
            ItemList.table(items), HistoryList.table([iteration], time: time),
            AgentScreen.table([AgentDetailView(AgentView(agent), AgentParticulars())], time: time),
        ]
        tables += StatsCommand.Group.allCases.map { FigureTable.table([figures], by: $0) }
        for table in tables {
            let lines = table.lines(for: terminal)
            #expect(lines.allSatisfy { $0.width <= width }, Comment(rawValue: lines.shown))
        }
        let days = FigureTable.table([figures], by: .day).lines(for: terminal)
        #expect(days.last?.string.hasPrefix("2026-12-01  ") == true, Comment(rawValue: days.shown))
    }

    @Test("of pages", arguments: [40, 60, 80])
    func pages(width: Int) {
        let (time, terminal) = (Moment.local(), terminal(width))
        let detail = ItemDetailView(
            view(.blocked),
            ItemParticulars(item(.blocked), history: [iteration])
        )
        var report = ReportView(
            project: "tally",
            state: .waiting,
            since: Moment.at("2026-11-19T21:00:00.000Z"),
            at: Moment.night,
            spent: SpentView(usd: 6.4, planUSD: 6.4, unknownIterations: 1, tokens: TokensView(TokenUsage()))
        )
        report.until = Moment.night
        report.reason = Self.long
        report.landed = [
            LandedView(
                item: item(.done),
                commit: "4be1c90aaaaaaaa",
                at: Moment.at("2026-11-20T23:52:00.000Z"),
                iterations: 12,
                isUndone: true,
                error: Self.long
            )
        ]
        report.landedCount = 1
        let pages: [[Text]] = [
            ItemScreen(view: detail, time: time, terminal: terminal).lines,
            ReportScreen(view: report, time: time, terminal: terminal).lines,
            StatusScreen(StatusFixture.sleeping, time: time, terminal: terminal).lines,
            StatusScreen(StatusFixture.busy, time: time, terminal: terminal).lines,
        ]
        for lines in pages {
            #expect(lines.allSatisfy { $0.width <= width }, Comment(rawValue: lines.shown))
        }
    }

    @Test("the least important columns are left out first, and only as many as have to be")
    func leaving() {
        let table = Table(
            [
                .init("KEY"), .init("COST", leaves: 2), .init("AGENT", leaves: 1),
                .init("WHY", isFlexible: true),
            ],
            rows: [["12345678", "12345678", "12345678", "1234567890"]]
        )
        #expect(table.lines(for: terminal(44)).last?.string == "12345678  12345678  12345678  1234567890")
        #expect(table.lines(for: terminal(38)).last?.string == "12345678  12345678  12345678  1234567…")
        #expect(table.lines(for: terminal(37)).last?.string == "12345678  12345678  1234567890")
        #expect(table.lines(for: terminal(20)).last?.string == "12345678  1234567890")
        #expect(table.lines(for: terminal(15)).last?.string == "12345678  1234…")
    }

    @Test("an item that is not done any more shows why, not the commit that it once had")
    func undone() {
        var view = self.view(.blocked)
        (view.commit, view.reason) = ("4be1c90aaaaaaaa", "undone by you")
        #expect(ItemList.table([view]).lines(for: .pipe).first?.string.hasSuffix("\tundone by you") == true)
        view.state = .done
        #expect(ItemList.table([view]).lines(for: .pipe).first?.string.hasSuffix("\t4be1c90") == true)
    }
}
