import Foundation
import Testing

@testable import RalphCore

/// What one tool printed, and the failures that a person would name.
struct DigestCase: CustomTestStringConvertible, Sendable {
    var file: String
    var failures: [String]

    init(_ file: String, _ failures: [String]) {
        self.file = file
        self.failures = failures
    }

    var testDescription: String { file }
}

@Suite("What failed, picked out of a check's output")
struct FailureScannerTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "CheckOutputs")

    private static func failures(_ text: String) -> [String] {
        var scanner = FailureScanner()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            scanner.read(PlainText.inert(String(line)))
        }
        return scanner.failures
    }

    @Test(
        "each failing test and each error of a compiler is named, with what explains it",
        arguments: cases + suites
    )
    func tools(_ row: DigestCase) throws {
        let text = try String(contentsOf: Self.directory.appending(path: row.file + ".txt"), encoding: .utf8)
        let found = Self.failures(text)
        #expect(found == row.failures)
        #expect(found.joined(separator: "\n").utf8.count < 2048)
    }

    @Test("every sample is in the table")
    func complete() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path)
        #expect(Set(files).symmetricDifference((Self.cases + Self.suites).map { $0.file + ".txt" }) == [])
    }

    @Test("a failure in the middle of a hundred thousand lines is found, and only so many are named")
    func middle() {
        var scanner = FailureScanner()
        for number in 0..<50_000 { scanner.read("compiling file \(number)") }
        for number in 0..<30 { scanner.read("src/a.c:\(number):1: error: no such thing") }
        for number in 0..<50_000 { scanner.read("compiling file \(number)") }
        #expect(scanner.failures.count == 11)
        #expect(scanner.failures.first == "src/a.c:0:1: error: no such thing")
        #expect(scanner.failures.last == "and 20 more")
    }

    @Test(
        "a long line and hostile text name a failure of bounded size",
        arguments: ["not ok 1 ", "● x › ", "---- "]
    )
    func bounded(_ start: String) {
        let found = Self.failures(start + String(repeating: "w\u{202E}", count: 100_000) + " stdout ----")
        #expect(found.joined().utf8.count <= 200)
    }

    @Test(
        "what passed, and what merely speaks of errors, is no failure",
        arguments: [
            "ok 1 - error: handled", "test tests::errors ... ok", "not ok 3 - later # TODO",
            "0 errors, 0 warnings",
            "   ✓ shows an error (3 ms)", "✔ Test \"an error is shown\" passed after 0.1 seconds.",
            "ERROR handling works", "1) first of all, failing early", "Failed to fetch [3 of 5]",
            "ERROR: retry (later)",
            "[ERROR] Tests run: 3, Failures: 1, Time elapsed: 0.1 s <<< FAILURE!", "> Task :a > :b FAILED",
            "2 failing\n2) not indented", "[ERROR] see a:[x] there",
            "INFO tests/a.py starts", "", "____", "● ",
        ]
    )
    func innocent(_ line: String) { #expect(Self.failures(line) == []) }

    static let cases = [
        DigestCase(
            "cargo",
            [
                """
                tests::parses
                   panicked at src/lib.rs:7:46
                   called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit }
                """,
                """
                tests::adds
                   panicked at src/lib.rs:5:25
                   assertion `left == right` failed
                   left: 0
                   right: 4
                """,
            ]
        ),
        DigestCase(
            "cargo-compile",
            [
                "error[E0425]: cannot find value `undefined_name` in this scope\n   at src/lib.rs:1:39",
                "error[E0308]: mismatched types\n   at src/lib.rs:1:34",
            ]
        ),
        DigestCase(
            "eslint",
            [
                "/home/dev/tally/src/b.js:1:5 'unused' is assigned a value but never used no-unused-vars",
                "/home/dev/tally/src/b.js:2:23 'undefinedName' is not defined no-undef",
                "/home/dev/tally/src/b.js:3:9 Expected '===' and instead saw '==' eqeqeq",
                "/home/dev/tally/src/week.js:12:1 Parsing error: Unexpected token }",
            ]
        ),
        DigestCase(
            "gcc",
            [
                "main.c:5:5: error: expected ‘,’ or ‘;’ before ‘printf’",
                "main.c:6:12: error: ‘undeclared’ undeclared (first use in this function)",
            ]
        ),
        DigestCase("gcc-link", ["link.c:(.text+0xa): undefined reference to `total'"]),
        DigestCase(
            "go",
            [
                "TestAdd\n   tally_test.go:7: Add(2, 2) = 0, want 4",
                "TestTable/zero\n   tally_test.go:15: wrong for zero",
                "TestTable/one\n   tally_test.go:15: wrong for one",
                """
                TestPanics
                   panic: assignment to entry in nil map [recovered]
                   panic: assignment to entry in nil map
                   /home/dev/go/tally_test.go:23 +0x2e
                """,
            ]
        ),
        DigestCase(
            "go-compile",
            [
                "./a.go:3:23: undefined: missing",
                "./a.go:5:13: cannot use \"a\" (untyped string constant) as int value in variable declaration",
            ]
        ),
        DigestCase(
            "jest",
            [
                """
                stop › crosses midnight
                   expect(received).toBe(expected) // Object.is equality
                   Expected: "2026-11-21"
                   Received: "2026-11-22"
                   at Object.toBe (src/stop.test.js:12:23)
                """,
                """
                stop › with --at
                   TypeError: Cannot read properties of undefined (reading 'split')
                   at split (src/parse.js:4:23)
                   at Object.parse (src/stop.test.js:17:12)
                """,
                """
                src/week.test.js: Test suite failed to run
                   Cannot find module './weeks' from 'src/week.test.js'
                """,
            ]
        ),
        DigestCase(
            "vitest",
            [
                """
                src/stop.test.ts > stop > crosses midnight
                   AssertionError: expected '2026-11-22' to be '2026-11-21' // Object.is equality
                   at src/stop.test.ts:12:23
                """,
                """
                src/stop.test.ts > stop > with --at
                   TypeError: Cannot read properties of undefined (reading 'split')
                   at parse src/parse.ts:4:23
                   at src/stop.test.ts:17:12
                """,
            ]
        ),
        DigestCase(
            "node-tap",
            [
                "not ok 1 - adds\n   location: '/home/dev/node/a.test.mjs:3:1'\n   expected: 3\n   actual: 2",
                "not ok 1 - inner throws\n   location: '/home/dev/node/a.test.mjs:5:38'\n   error: 'boom'",
            ]
        ),
        DigestCase(
            "tap-sh",
            ["not ok 2 - start while running stops the other\n   expected: 2 lines in ~/.tally\n   got: 3"]
        ),
        DigestCase(
            "pytest",
            [
                """
                test_tally.py::TestStop::test_nothing_running
                   fixture 'missing_fixture' not found
                   at /home/dev/py/test_tally.py:15
                """,
                """
                test_tally.py::test_across_midnight
                   assert -22 == 2
                   + where -22 = duration(23, 1)
                   at test_tally.py:8
                """,
                """
                test_tally.py::test_parse[17.30]
                   ValueError: not enough values to unpack (expected 2, got 1)
                   at tally.py:5
                """,
            ]
        ),
        DigestCase(
            "pytest-short",
            [
                """
                test_tally.py::TestStop::test_nothing_running
                   fixture 'missing_fixture' not found
                   at /home/dev/py/test_tally.py:15
                """,
                "test_tally.py::test_across_midnight\n   assert -22 == 2\n   + where -22 = duration(23, 1)",
                """
                test_tally.py::test_parse[17.30]
                   ValueError: not enough values to unpack (expected 2, got 1)
                """,
            ]
        ),
        DigestCase("tsc", tsc("a.ts(1,7):", "a.ts(2,42):", "a.ts(3,3):")),
        DigestCase("tsc-pretty", tsc("a.ts:1:7 -", "a.ts:2:42 -", "a.ts:3:3 -")),
        DigestCase(
            "swift",
            [
                "/home/dev/swift/Tests/TallyTests/T.swift:10: error: OldTests.testAdd : XCTAssertEqual failed: "
                    + "(\"0\") is not equal to (\"4\") - sum",
                "Test \"two and two make four\" at T.swift:5\n   Expectation failed: (add(2, 2) → 0) == 4",
                #"Test "each" with 1 argument n → 2 at T.swift:7"# + "\n"
                    + #"   Expectation failed: Int("x\(n)" → "x2") → nil"#,
                #"Test "each" with 1 argument n → 1 at T.swift:7"# + "\n"
                    + #"   Expectation failed: Int("x\(n)" → "x1") → nil"#,
            ]
        ),
        DigestCase(
            "swift-compile",
            [
                "/home/dev/swiftc/Sources/Tally/a.swift:2:9: error: cannot find 'undefinedName' in scope",
                "/home/dev/swiftc/Sources/Tally/a.swift:1:19: error: cannot convert return expression of type "
                    + "'String' to return type 'Int'",
            ]
        ),
    ]

    private static func tsc(_ first: String, _ second: String, _ third: String) -> [String] {
        [
            "\(first) error TS2322: Type 'string' is not assignable to type 'number'.",
            "\(second) error TS2551: Property 'lenght' does not exist on type 'string'. Did you mean 'length'?",
            "\(third) error TS2345: Argument of type 'number' is not assignable to parameter of type 'string'.",
        ]
    }
}
