import Testing

@testable import RalphCommands

@Suite("text is measured and cut as a terminal shows it")
struct TextTests {
    @Test(
        "width counts columns",
        arguments: [
            ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("👍", 2), ("👩‍👩‍👧", 2), ("❤\u{FE0F}", 2), ("❤", 1),
            ("한", 2), ("ｱ", 1), ("Ａ", 2), ("", 0), ("…", 1), ("≈", 1), ("✓", 1),
        ]
    )
    func width(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test(
        "a cut text never exceeds its columns and ends in …",
        arguments: [
            ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"),
            ("日本語", 4, "日…"), ("abc", 1, "…"), ("abc", 0, ""),
        ]
    )
    func cut(text: String, width: Int, shown: String) {
        let result = Text(text).cut(to: width)
        #expect(result.string == shown)
        #expect(result.width <= width)
    }

    @Test("styles survive a cut, and colour appears only where the terminal has it")
    func styles() {
        let text = (Text("red", .bad) + Text(" plain")).cut(to: 5)
        let colour = Terminal(isInteractive: true, width: 80, hasColour: true, hasUnicode: true)
        #expect(text.rendered(for: colour) == "\u{1B}[31mred\u{1B}[0m …")
        #expect(text.rendered(for: .pipe) == "red …")
    }

    @Test("a terminal without UTF-8 gets ASCII")
    func ascii() {
        let terminal = Terminal(isInteractive: true, width: 80, hasColour: false, hasUnicode: false)
        #expect(Text("≈ $6 日 “x” …").rendered(for: terminal) == "~ $6 ? \"x\" ...")
    }

    @Test("NO_COLOR, dumb terminals and the locale are respected")
    func environment() {
        #expect(Terminal.isUnicode(["LANG": "de_DE.UTF-8"]))
        #expect(!Terminal.isUnicode(["LC_ALL": "C", "LANG": "de_DE.UTF-8"]))
        #expect(!Terminal.isUnicode([:]))
    }
}

@Suite("tables")
struct TableTests {
    private static let table = Table(
        [.init("KEY"), .init("TITLE", isFlexible: true), .init("TRIES", isRight: true), .init("EMPTY")],
        rows: [
            ["stop", "`tally stop` ends the running entry", "2", ""],
            ["日本", "short", "12", ""],
        ]
    )

    @Test("columns line up and the flexible one gives way to the width")
    func onTerminal() {
        let terminal = Terminal(isInteractive: true, width: 40, hasColour: false, hasUnicode: true)
        let lines = TableTests.table.lines(for: terminal).map { $0.rendered(for: terminal) }
        #expect(
            lines == [
                "KEY   TITLE                        TRIES",
                "stop  `tally stop` ends the runn…      2",
                "日本  short                           12",
            ]
        )
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 40 })
    }

    @Test("in a pipe fields are whole and separated by tabs")
    func inPipe() {
        let lines = TableTests.table.lines(for: .pipe).map { $0.rendered(for: .pipe) }
        #expect(lines == ["stop\t`tally stop` ends the running entry\t2\t", "日本\tshort\t12\t"])
    }
}
