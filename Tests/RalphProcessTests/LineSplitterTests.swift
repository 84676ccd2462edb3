import Testing

@testable import RalphProcess

@Suite("a line splitter")
struct LineSplitterTests {
    private func split(_ text: String, chunk: Int, bound: Int) -> (lines: [String], cut: Int) {
        var splitter = LineSplitter(bound: bound)
        var lines: [String] = []
        let emit = { (line: [UInt8], isCut: Bool) in
            lines.append(String(decoding: line, as: UTF8.self) + (isCut ? "…" : ""))
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            splitter.feed(rest.prefix(chunk), emit: emit)
            rest = rest.dropFirst(chunk)
        }
        splitter.finish(emit: emit)
        return (lines, splitter.cutLines)
    }

    @Test("says the same however the chunks fall", arguments: 1...12)
    func chunks(chunk: Int) {
        let (lines, cut) = split("a\n\nbcd\r\n12345\n123456\n1234567890\nx\nend", chunk: chunk, bound: 5)
        #expect(lines == ["a", "", "bcd\r", "12345", "12345…", "12345…", "x", "end"])
        #expect(cut == 2)
    }

    @Test("a cut line at the very end is handed out once")
    func cutEnd() {
        #expect(split("1234567", chunk: 3, bound: 5).lines == ["12345…"])
        #expect(split("12345", chunk: 3, bound: 5).lines == ["12345"])
    }
}
