import Testing

@testable import RalphCore

@Suite("A glob")
struct GlobTests {
    @Test(
        "matches as in .gitignore",
        arguments: [
            ("*.snap", "a/b/c.snap", true), ("*.snap", "a.snap/x", true), ("*.snap", "a.snapx", false),
            ("tests/", "tests/a/b", true), ("tests/", "src/tests/a", true), ("tests", "tests", true),
            ("/tests", "src/tests/a", false), ("/tests", "tests/a", true),
            ("tests/**", "tests/a/b", true), ("tests/**", "tests", false), ("src/**/x.js", "src/x.js", true),
            ("src/**/x.js", "src/a/b/x.js", true), ("src/*/x.js", "src/a/b/x.js", false), ("**/x", "x", true),
            ("src/*.js", "src/a.js", true), ("src/*.js", "src/b/a.js", false), ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("[", "[", true), ("\\*", "*", true),
            ("\\*", "a", false),
            ("", "a", false), ("./x", "x", true), ("./x", "a/x", false), ("/x", "x/b", true),
            ("x/", "a/x/b", true),
            ("./src//x/", "src/x/a", true), ("src/../x", "x", true), ("../x", "x", false), (".", "a/b", true),
            ("./", "a", true), ("/", "a", true), ("./**/x", "a/x", true), ("**/**/x", "a/b/x", true),
            ("./.x", ".x", true), (".x", "a/.x", true), ("caf\u{e9}", "caf\u{e9}", true),
            ("*a*a*a*a*a*a*a*a*b", String(repeating: "a", count: 200), false),
        ]
    )
    func matches(_ pattern: String, _ path: String, _ expected: Bool) {
        #expect(Glob(pattern).matches(path) == expected)
    }
}
