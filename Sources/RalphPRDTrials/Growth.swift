import RalphCore
import RalphPRD

/// Input made to be slow, at two sizes: the time may grow with the input, not with its square.
package struct Growth: Sendable {
    package var name: String
    /// What is done with an input of about so many bytes; returns what is measured.
    private var prepare: @Sendable (Int) -> @Sendable () -> Void

    /// A document.
    private init(_ name: String, _ document: @escaping @Sendable (Int) -> String) {
        self.name = name
        prepare = { size in
            let bytes = Array(document(size).utf8)
            return { _ = try? PRD.parse(bytes) }
        }
    }

    /// An edit of a document with so many items.
    private init(
        edit name: String,
        _ titles: @escaping @Sendable (Int) -> (before: [String], after: [String])
    ) {
        self.name = name
        prepare = { size in
            let (before, after) = titles(size / 64)
            let known = Self.items(before).map { KnownItem($0) }
            let new = Self.items(after)
            return { _ = Reconciler.match(known, with: new) }
        }
    }

    private static func items(_ titles: [String]) -> [Item] {
        (try? PRD.parse(Array(titles.map { "- [ ] \($0)\n" }.joined().utf8)).items) ?? []
    }

    /// How many times longer double the size takes, by the processor's clock of this thread; the least of some tries, as
    /// other work on the machine can only add.
    package func factor(size: Int, tries: Int = 3) -> (factor: Double, seconds: Double) {
        let small = prepare(size)
        let large = prepare(2 * size)
        var least = Double.infinity
        var longest = 0.0
        for _ in 0..<tries {
            let first = ProcessorTime.of(small)
            let second = ProcessorTime.of(large)
            longest = max(longest, second)
            least = min(least, second / max(first, 0.0005))
            if least < 2.6 { break }
        }
        return (least, longest)
    }

    private static func repeated(_ piece: String, _ size: Int) -> String {
        String(repeating: piece, count: size / piece.utf8.count)
    }

    private static func numbered(_ size: Int, _ line: (Int) -> String) -> String {
        var text = ""
        text.reserveCapacity(size + 256)
        var number = 0
        while text.utf8.count < size {
            text += line(number)
            number += 1
        }
        return text
    }

    /// A letter sequence that no other number has, of one length.
    private static func letters(_ number: Int) -> String {
        var number = number
        var text = ""
        for _ in 0..<4 {
            text.unicodeScalars.append(Unicode.Scalar(UInt8(97 + number % 26)))
            number /= 26
        }
        return text
    }

    package static let all: [Growth] = documents + attributes + names + edits

    private static let documents: [Growth] = [
        Growth("lists nested on one line") { "- [ ] a\n" + repeated("- ", $0) + "x\n" },
        Growth("empty lines below lists nested on one line") {
            repeated("- ", $0 / 2) + "x" + repeated("\n", $0 / 2)
        },
        Growth("blank lines with spaces below nested lists") {
            repeated("- ", $0 / 2) + "x\n" + repeated(" \n", $0 / 2)
        },
        Growth("tasks nested by spaces") { size in
            let depth = Int(Double(size).squareRoot())
            return (0..<depth).map { String(repeating: " ", count: 2 * $0) + "- [ ] a\n" }.joined()
        },
        Growth("quotes nested on one line") { repeated(">", $0) + " - [ ] a\nlazy\n" },
        Growth("one line") { "- [ ] " + repeated("word ", $0) + "{#long}\n" },
        Growth("one line of brackets") { "- [ ] " + repeated("[", $0) + " {#a}\n" },
        Growth("lines of brackets and braces") { repeated("- [ ] [a](b {[[[[ ![ {#a} ]( `` <b {x} {\n", $0) },
        Growth("backticks of all lengths") { size in
            "- [ ] "
                + (1...Int(Double(2 * size).squareRoot())).map { String(repeating: "`", count: $0) }
                .joined(separator: " ") + " {#a}\n"
        },
        Growth("emphasis") { "- [ ] " + repeated("*a _b ", $0) + " {#a}\n" },
        Growth("pointed brackets") { "- [ ] " + repeated("<!A ", $0) + "{#a}\n" },
        Growth("paragraph below a title with braces") { "- [ ] a {#a}\n" + repeated("  [b][c *d `e\n", $0) },
        Growth("a long link and many uses") { size in
            "[a]: /" + repeated("u", size / 2) + "\n\n" + repeated("- [ ] [a] {manual}\n", size / 2)
        },
        Growth("link definitions") { size in numbered(size) { "[a\($0)]: /u\n" } + "\n- [ ] [a1] {#a}\n" },
        Growth("headings") { repeated("# a\n###### b\n\n- [ ] c\n", $0) },
        Growth("stories") { size in numbered(size) { "## US-\($0): a\n\n**Depends on:** US-1\n\n- [ ] c\n\n" }
        },
        Growth("stories declared in one another") { size in
            "# A {item}\n" + repeated("## B {item}\n- [ ] c\n", size)
        },
        Growth("an open comment") { "<!--\n" + repeated("- [ ] a\n", $0) },
        Growth("an open fence") { "```\n" + repeated("- [ ] a\n\n", $0) },
        Growth("a table") { "|a|b|\n|-|-|\n" + repeated("|- [ ] a|b|\n", $0) },
        Growth("underlines") { repeated("a\n-\n", $0) },
        Growth("lone returns") { repeated("- [ ] a\r", $0) },
        Growth("a paragraph of look-alikes") { "a\n" + repeated("5. [ ] b\n", $0) },
        Growth("merges shown in code") { repeated("```\n<<<<<<< a\n=======\n>>>>>>> b\n```\n", $0) },
        Growth("merges that only begin") { repeated("<<<<<<< a\n=======\n", $0) },
        Growth("front matter nested by brackets") {
            "---\nchecks: " + repeated("[", min($0, 4000)) + "\n---\n- [ ] a\n"
        },
        Growth("front matter of many keys") { size in
            "---\n" + numbered(size) { "k\($0): v\n" } + "---\n- [ ] a\n"
        },
        Growth("front matter of aliases") { size in
            "---\na: &a [x]\nchecks: [" + repeated("*a, ", size) + "*a]\n---\n- [ ] a\n"
        },
    ]

    private static let attributes: [Growth] = [
        Growth("braces that are none") { "- [ ] a " + repeated("{ ", $0) + "}\n" },
        Growth("braces that begin well") { "- [ ] a " + repeated("{manual ", $0) + "}\n" },
        Growth("quotes in braces") { "- [ ] a " + repeated("{a=\" {b=' ", $0) + "}\n" },
        Growth("values in braces") { "- [ ] a {" + repeated("check=\"a b\" ", $0) + "}\n" },
        Growth("mistakes in braces") { "- [ ] a {" + repeated("a=b ", $0) + "}\n" },
        Growth("names that nobody has, in long braces") { size in
            "- [ ] a {" + repeated("check=b ", size) + "after="
                + (0..<200).map { "n\($0)" }.joined(separator: ",")
                + "}\n"
        },
        Growth("split in split") { size in
            let depth = Int(Double(size).squareRoot())
            return (0..<depth).map { String(repeating: " ", count: 2 * $0) + "- [ ] a {split after=x}\n" }
                .joined()
        },
        Growth("a heading that waits for all that is under it") { size in
            let count = size / 32
            return "# A {after=" + (0..<count).map { "i\($0)" }.joined(separator: ",") + "}\n"
                + (0..<count).map { "- [ ] a {#i\($0)}\n" }.joined()
        },
        Growth("each waits for the one before") { size in
            numbered(size) { "- [ ] a {#i\($0) after=i\(max($0 - 1, 0))}\n" }
        },
        Growth("one circle") { size in
            let count = size / 24
            return (0..<count).map { "- [ ] a {#i\($0) after=i\(($0 + 1) % count)}\n" }.joined()
        },
        Growth("names that nobody has") { size in numbered(size) { "- [ ] a {#i\($0) after=nobody\($0)}\n" }
        },
    ]

    private static let names: [Growth] = [
        Growth("equal titles") { repeated("- [ ] a\n", $0) },
        Growth("equal ids") { repeated("- [ ] a {#a}\n", $0) },
        Growth("equal ids of sections in one another") {
            repeated("# a {#a}\n### b {#a}\n- [ ] c {#a}\n", $0)
        },
        Growth("keys that are cut alike") { size in
            numbered(size) { "- [ ] \(String(repeating: "a", count: 36))\(letters($0 / 2))\n" }
        },
        Growth("keys that are numbers of others") { size in
            numbered(size) { $0 % 2 == 0 ? "- [ ] a\n" : "- [ ] a \($0)\n" }
        },
        Growth("criteria of one item") { "- [ ] a\n" + repeated("  - [ ] b\n", $0) },
    ]

    private static let edits: [Growth] = [
        Growth(edit: "equal titles, some gone") { count in
            (
                Array(repeating: "same title", count: count),
                Array(repeating: "same title", count: count - count / 8)
            )
        },
        Growth(edit: "all reworded") { count in
            ((0..<count).map { "do thing \($0)" }, (0..<count).map { "please do thing \($0) now" })
        },
        Growth(edit: "all replaced by what has the same letters") { count in
            ((0..<count).map { "\($0) alpha beta" }, (0..<count).map { "beta \($0) gamma alpha" })
        },
        Growth(edit: "turned round") { count in
            ((0..<count).map { "title \($0)" }, (0..<count).reversed().map { "title \($0)" })
        },
        Growth(edit: "equal titles, reworded alike") { count in
            (
                Array(repeating: "same title here", count: count),
                Array(repeating: "same title there", count: count)
            )
        },
    ]
}
