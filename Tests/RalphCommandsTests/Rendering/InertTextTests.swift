import Testing

@testable import RalphCommands

@Suite("text of agents and authors is inert on a terminal")
struct InertTextTests {
    @Test(
        "escapes, controls and overrides do not survive in a line",
        arguments: [
            ("\u{1B}[31mred\u{1B}[0m alert", "red alert"),
            ("\u{1B}]0;new window title\u{07}after", "after"),
            ("\u{1B}]8;;http://evil\u{1B}\\link\u{1B}]8;;\u{1B}\\", "link"),
            ("\u{1B}]unfinished", "unfinished"),
            ("\u{9B}2Jcleared", "cleared"),
            ("\u{1B}Pq#0\u{1B}\\sixel", "sixel"),
            ("\u{1B}cfull reset", "full reset"),
            ("\u{1B}(0lqk", "lqk"),
            ("bell\u{07} back\u{08}space", "bell\u{FFFD} back\u{FFFD}space"),
            ("ends with escape\u{1B}", "ends with escape"),
            ("two\nlines\r\nand\u{2028}more", "two lines and more"),
            ("tab\there", "tab here"),
            ("ends with lines\n\n", "ends with lines"),
            ("admin\u{202E}txt.exe", "admintxt.exe"),
            ("\u{2066}isolated\u{2069}\u{200F}", "isolated"),
            ("zero\u{200B}width\u{FEFF}", "zerowidth"),
            ("tag\u{E0041}ged", "tagged"),
            ("nul\u{0}", "nul\u{FFFD}"),
            ("$(rm -rf ~) `id` \"quoted\"", "$(rm -rf ~) `id` \"quoted\""),
            ("déjà vu 日本 👩‍👩‍👧 नमस्ते", "déjà vu 日本 👩‍👩‍👧 नमस्ते"),
        ]
    )
    func line(raw: String, shown: String) {
        #expect(InertText.line(raw) == shown)
        #expect(Text(raw).rendered(for: .pipe) == shown)
    }

    @Test("a block keeps its lines and tabs, and nothing else that acts")
    func block() {
        #expect(InertText.block("a\r\nb\rc\u{1B}[2K\td\u{85}e") == "a\nb\nc\td\ne")
    }

    @Test("a control string without an end does not swallow the lines behind it")
    func unfinishedString() {
        #expect(InertText.block("\u{1B}]0;oops\nthe next line") == "0;oops\nthe next line")
    }

    @Test("a title of ten thousand characters is cut to the screen")
    func longTitle() {
        let text = Text(String(repeating: "界", count: 10_000)).cut(to: 20)
        #expect(text.width <= 20)
        #expect(text.string.hasSuffix("…"))
    }

    @Test("an interpolated value is as inert as any other")
    func interpolation() {
        let text: Text = "now \("\u{1B}[2J#stop", .strong) runs"
        #expect(text.string == "now #stop runs")
        #expect(text.runs.map(\.style) == [.plain, .strong, .plain])
    }
}
