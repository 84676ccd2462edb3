/// Documents that are hard to read right.
package enum HardDocuments {
    package static let all: [String] = [
        "- [ ] plain\n- [x] ticked\n- [X] upper\n",
        "- [ ] support [x] syntax\n- [x] show [ ]\n",
        "- [ ] \n- [ ]\n- [x]\n-\n- \n",
        "- [ ]* a\n- [-] b\n- [~] c\n- [?] d\n- [] e\n- [x]f\n",
        "-\t[ ] tab\n-  [ ] two\n-   [ ] three\n-    [ ] four\n-     [ ] five is code\n",
        "- - [ ] same line\n1. - [ ] same line\n- 1. [x] same line\n",
        "1. [ ] one\n2) [x] other list\n10. [ ] ten\n999999999. [ ] nine digits\n1234567890. [ ] ten digits\n",
        "para\n5. [ ] no\n1. [ ] yes\n\npara\n- [ ] yes\n",
        "> - [ ] quoted\n> - [x] quoted\n\n- [ ] one\n  > - [ ] quoted inside\n",
        "- a\n\n  1- [ ] quirk\n\n- b\n\n  7x [x] quirk\n",
        "- *[ ] one\n  > - [ ] quoted\n\n    1- [ ] quirk {#id}\n- *[ ] two\n\n  7x [x] quirk\n",
        "- a\n\n      - [ ] code in item\n\n- [ ] b\n",
        "<details>\n- [ ] swallowed\n\n- [ ] out\n</details>\n- [ ] swallowed again\n",
        "<!--\n- [ ] comment\n\n- [ ] comment\n-->\n- [ ] out\n",
        "<!-- one line --> - [ ] no\n\n- [ ] a <!-- in\n- [ ] b --> out\n",
        "```\n- [ ] fenced\n```\n~~~ x\n- [ ] fenced\n```\n~~~\n- [ ] out\n",
        "- [ ] a\n  ```\n  - [ ] fenced in item\n  ```\n  - [ ] b\n    ~~~\n    - [ ] fenced in b\n- [ ] c\n",
        "```\nunclosed\n- [ ] a\n",
        "- [ ] a\n- [ ] b\n\n\n- [ ] c\n\n* [ ] d\n+ [ ] e\n",
        "- [ ] a\n  - [ ] b\n    - [ ] c\n      - [ ] d\n        - [ ] e\n   - [ ] f\n - [ ] g\n",
        "- group\n  - group\n    - [ ] a\n      text\n\n      more\n  - [ ] b\n",
        "Label\n-\n- [ ] a\n\nLabel\n=\n- [ ] b\n  -\n",
        "- [ ] # heading in item\n  - [ ] b\n- # heading\n  - [ ] c\n",
        "# US-1: a\n- [ ] b\n## c\n- [ ] d\n# e\n- [ ] f\n",
        "- [ ] a\r\n  - [ ] b\r\n\r\n- [x] c\r\n",
        "- [ ] a\r- [ ] b\r\r- [x] c\r",
        "- [ ] 日本語 ✓\n  - [x] ümlaut {#ü}\n\u{A0}- [ ] no-break space\n-\u{A0}[ ] no\n- [ ]\u{A0}no\n",
        "\u{2028}- [ ] a\n- [ ] b\u{2028}- [ ] c\n- [ ] d\u{0B}- [ ] e\u{0C}\n",
        "* * *\n- - -\n- [ ] a\n***\n- [ ] b\n",
        "- [ ] a\nlazy\n- [ ] b\n lazy - [ ] c\n    lazy - [ ] d\n",
        "- [ ] [link](u)\n- [x] [x]\n- [ ] [ ]\n[x]: /u\n[ ]: /v\n",
        "| a | b |\n|---|---|\n| - [ ] c | d |\n- [ ] e\n",
        "- [ ] `a {#b`\n- [ ] `a\n  b {#c}` d\n- [ ] <a b=\"{#d}\n- [ ] **a {#e}**\n- [ ] \\{#f}\n",
        "- [ ] a &amp; b &#123;x}\n- [ ] a\\\n  b\n- [ ] a  \n  b\n",
        "  - [ ] two\n   - [ ] three\n    - [ ] four\n\t- [ ] tab\n",
        "- [ ] a\n\n\n\n  - [ ] b\n\n\n\n\n    c\n- d\n",
        "-\n  \n\n  - [ ] a\n-\n\n  \n  - [ ] b\n-\r  \r\r  - [ ] c\n- \n\t\n \n\n  d\n",
        "- [ ]\ta\n- [ ]  b\n- [ ] \tc\t\n-\t[x]\td\n",
        "+ [ ] \n  text below\n- [ ] \n\n  text below\n",
        "[^1]: - [ ] a\n\n- [ ] b[^1]\n",
        "- [ ] a\n1. [ ] b\n- [ ] c\n",
        "0. [ ] zero\n00. [ ] zeros\n-1. [ ] minus\n",
        "-\n  7x [x] late\n  -\n  |\n",
        "- [\u{0009}] tab\n- [\u{00A0}] nbsp\n- [xx] two\n- [ x] two\n- [  ] blanks\n",
    ]

    /// Pieces that fuzzing puts together.
    private static let pieces: [String] = [
        "- [ ] ", "- [x] ", "- [X] ", "* [ ] ", "1. [ ] ", "5) [x] ", "- ", "  ", "    ", "\t", "\n", "\n\n",
        "\r\n", "\r", "# ",
        "## ", "### US-12: ", "> ", "```\n", "~~~\n", "<!--", "-->", "<details>", "\n\n", "{#id}",
        "{after=id,b}", "{split}",
        "{manual}", "{later=no item}", " {check=\"a b\"}", "`", "``", "[a](b)", "[x]", "[ ]",
        "**Priority:** 2\n",
        "**Depends on:** US-12, id\n", "---\n", "===\n", "-\n", "word ", "ü", "日本", "\u{FEFF}", "\\", "*",
        "_", "<b>", "&amp;",
        "Acceptance criteria\n", "1- [ ] ", "|", "}", "{", "\"", "'", "$", "=", "\u{2028}", "name: x\n",
        "checks: [a, b]\n",
    ]

    /// A document put together from pieces and broken at random.
    package static func random(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        if generator.chance(40) {
            bytes = Array(generator.pick(all).utf8)
        }
        for _ in 0..<generator.below(60) {
            let piece = Array(generator.pick(pieces).utf8)
            let at = generator.chance(70) ? bytes.count : generator.below(bytes.count + 1)
            bytes.insert(contentsOf: piece, at: at)
        }
        if generator.chance(10), !bytes.isEmpty {
            bytes[generator.below(bytes.count)] = UInt8(generator.below(256))
        }
        if generator.chance(10), !bytes.isEmpty { bytes.removeLast(generator.below(bytes.count)) }
        return bytes
    }
}
