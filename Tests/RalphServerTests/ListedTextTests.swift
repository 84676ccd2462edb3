import Foundation
import RalphAPI
import RalphCore
import Testing

@Suite("long lists")
struct ListedTextTests {
    private static let texts = [
        "plain", "", "say \"hi\" \\ /usr/bin", "tab\tline\nfeed\u{8}\u{C}\r", "\u{0}\u{1F}\u{7F}",
        "日本語 🙂 e\u{301}",
        "\u{2028}\u{FEFF}</script>",
    ]

    private func views(_ count: Int) -> [ItemView] {
        (0..<count).map { number in
            let text = Self.texts[number % Self.texts.count]
            return ItemView(
                id: ItemID(Int64(number)),
                key: "k\(number)",
                title: text,
                section: number % 3 == 0 ? [] : [text, "Section"],
                line: number,
                state: ItemState.allCases[number % ItemState.allCases.count],
                reason: number % 2 == 0 ? nil : text,
                strikes: number % 4,
                maxStrikes: 5,
                iterations: 7,
                commit: number % 5 == 0 ? String(repeating: "a", count: 40) : nil
            )
        }
    }

    private func text(_ views: [ItemView], pretty: Bool) -> String {
        String(decoding: Array(ListedText(views, pretty: pretty).joined()), as: UTF8.self)
    }

    @Test("are written byte for byte as the encoder would, and read back", arguments: [0, 1, 2, 50, 3000])
    func same(count: Int) throws {
        let views = views(count)
        for pretty in [false, true] {
            let encoded = try WireJSON.encode(views, pretty: pretty)
            #expect(text(views, pretty: pretty) == String(decoding: encoded, as: UTF8.self))
            try #expect(WireJSON.decode(list: ItemView.self, from: Array(encoded)) == views)
        }
        #expect((ListedText(views).reduce(0) { sum, _ in sum + 1 } > 1) == (count == 3000))
    }

    @Test("of a later version are read past what is new")
    func later() throws {
        let view = views(2)[1]
        let text = String(decoding: try WireJSON.encode(view), as: UTF8.self)
        let more = #"[{"new":{"a":[1.5e3,true,null,"x\"y"],"b":{}},\#(text.dropFirst()) ]"#
        try #expect(WireJSON.decode(list: ItemView.self, from: Array(more.utf8)) == [view])
        let escaped = #"[{"title":"\ud83d\ude42\u00e9\/","state":"open"}]"#
        try #expect(WireJSON.decode(list: ItemView.self, from: Array(escaped.utf8)).first?.title == "🙂é/")
    }

    @Test(
        "that are cut or wrong are refused, and never trap",
        arguments: [
            "", "[", "[{", #"[{"id":1"#, #"[{"id":}]"#, #"[{"id":99999999999999999999}]"#,
            #"[{"title":"a\u12"}]"#,
            #"[{"title":"a\"#, #"[{"state":"odd"}]"#, "[] x", "{}", #"[{"new":}]"#, #"[{"section":[1]}]"#,
            "[{}{}]",
        ]
    )
    func wrong(text: String) {
        #expect(throws: (any Error).self) { try WireJSON.decode(list: ItemView.self, from: Array(text.utf8)) }
    }
}
