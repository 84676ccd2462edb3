/// A form in which tools tell of a failure, and what explains one in that form.
enum FailureForm: Equatable, Sendable {
    case compiler, rustc, eslint, swiftTesting, pytest, jest, vitest, cargo, go, tap, node, traceback, other
    case unittest, javac, jvm, dotnet, rspec, phpunit, mocha

    /// A line that tells of a failure.
    struct Match {
        var form: FailureForm
        var title: String
        /// What tells it from others.
        var key: String
        var lines: [String] = []
        /// The title of an earlier match that this one names better.
        var sameAs: String?

        init(_ form: FailureForm, _ title: String, key: String? = nil, lines: [String] = []) {
            self.form = form
            self.title = title
            self.key = key ?? title
            self.lines = lines
        }
    }

    /// What a line behind a failure is to it.
    enum Explanation: Equatable {
        case line(String), nothing, end
        /// The whole title, where it goes on behind its first line.
        case title(String)
    }

    /// What lines before have told.
    struct Context: Sendable {
        /// The last line that was a path alone, as eslint prints it, or that stood behind `FAIL`.
        var file: String?
        var isTraceback = false
        /// What a line belongs to, unless it begins something else.
        var inside: FailureForm?
        /// Whose numbered list of failures has begun.
        var list: FailureForm?

        /// A path alone on its line.
        func wants(_ line: String) -> Bool { isTraceback || line.first == "/" }

        mutating func note(_ line: String, _ trimmed: String) {
            if line.first == "/", !trimmed.contains(" "), !trimmed.contains(":") { file = trimmed }
            if trimmed.hasPrefix("FAIL "), !trimmed.contains(" > ") { file = String(trimmed.dropFirst(5)) }
            list = FailureForm.list(begunBy: trimmed) ?? list
        }
    }

    /// Whether a line can be worth a look at all: most are not, and a check may print millions.
    static func mayMatter(_ line: String) -> Bool {
        var line = line
        return line.withUTF8 { bytes in
            for (index, byte) in bytes.enumerated() {
                switch byte {
                case UInt8(ascii: "r"): if has("rror", in: bytes, at: index) { return true }
                case UInt8(ascii: "R"): if has("ROR", in: bytes, at: index) { return true }
                case UInt8(ascii: "F"):
                    if has("FAIL", in: bytes, at: index) || has("Fail", in: bytes, at: index) { return true }
                case UInt8(ascii: "f"): if has("fail", in: bytes, at: index) { return true }
                case UInt8(ascii: ")"): if isNumber(bytes[..<index]) { return true }
                case UInt8(ascii: "n"): if has("not ", in: bytes, at: index) { return true }
                case UInt8(ascii: "u"): if has("undefined", in: bytes, at: index) { return true }
                case UInt8(ascii: "p"): if has("panic: ", in: bytes, at: index) { return true }
                case UInt8(ascii: "-"): if has("---- ", in: bytes, at: index) { return true }
                case UInt8(ascii: "_"): if has("____", in: bytes, at: index) { return true }
                case UInt8(ascii: "T"): if has("Traceback", in: bytes, at: index) { return true }
                case UInt8(ascii: "."): if has(".go:", in: bytes, at: index) { return true }
                case UInt8(ascii: "x"): if has("xception", in: bytes, at: index) { return true }
                case 0xE2: return true
                default: break
                }
            }
            return false
        }
    }

    /// `  12` at the start of a line.
    private static func isNumber(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard let last = bytes.last, bytes.count < 12 else { return false }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return digits.contains(last) && bytes.allSatisfy { $0 == UInt8(ascii: " ") || digits.contains($0) }
    }

    private static func has(_ word: StaticString, in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool
    {
        guard index + word.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<word.utf8CodeUnitCount where bytes[index + offset] != word.utf8Start[offset] {
            return false
        }
        return true
    }
}

// MARK: What explains a failure

extension FailureForm {
    func explanation(in line: String, _ trimmed: String, of title: String, after known: [String])
        -> Explanation
    {
        switch self {
        case .compiler, .eslint, .swiftTesting, .other: return .end
        case .rustc: return trimmed.hasPrefix("--> ") ? .line("at " + trimmed.dropFirst(4)) : .end
        case .pytest: return Self.pytest(line, after: known)
        case .jest: return Self.jest(line, trimmed, after: known)
        case .vitest: return Self.vitest(line, trimmed, after: known)
        case .cargo: return Self.cargo(trimmed, after: known)
        case .go: return Self.go(line, trimmed)
        case .tap: return Self.tap(trimmed)
        case .node: return known.isEmpty && !trimmed.isEmpty ? .line(trimmed) : .end
        case .traceback: return .nothing
        case .unittest: return Self.unittest(line, trimmed, after: known)
        case .javac: return Self.javac(trimmed)
        case .jvm: return Self.jvm(trimmed, after: known)
        case .dotnet: return Self.dotnet(trimmed, after: known)
        case .rspec: return Self.rspec(trimmed)
        case .phpunit: return Self.phpunit(trimmed)
        case .mocha: return Self.mocha(trimmed, of: title, after: known)
        }
    }

    private static func pytest(_ line: String, after known: [String]) -> Explanation {
        if line.hasPrefix("____") || line.hasPrefix("====") { return .end }
        if line.hasPrefix("E  ") {
            let text = PlainText.trimmed(String(line.dropFirst()))
            return known.count < 2 && !text.isEmpty ? .line(text) : .nothing
        }
        if let place = place(in: line, suffix: ".py"), !known.isEmpty || line.contains(": in ") {
            // In the long form the place comes last, in the short one first.
            return line.contains(": in ") ? .nothing : .line("at " + place)
        }
        return .nothing
    }

    private static func jest(_ line: String, _ trimmed: String, after known: [String]) -> Explanation {
        if trimmed.hasPrefix("Test Suites:") { return .end }
        guard !trimmed.isEmpty else { return .nothing }
        if known.isEmpty { return .line(trimmed) }
        if trimmed.hasPrefix("Expected") || trimmed.hasPrefix("Received") {
            let last = known[known.count - 1]
            return last.hasPrefix("Expected") || known.count < 2 ? .line(trimmed) : .nothing
        }
        if trimmed.hasPrefix("at "), !trimmed.contains("node_modules") { return .line(trimmed) }
        return .nothing
    }

    private static func vitest(_ line: String, _ trimmed: String, after known: [String]) -> Explanation {
        if trimmed.hasPrefix("⎯⎯") { return .end }
        if known.isEmpty { return trimmed.isEmpty ? .nothing : .line(trimmed) }
        return trimmed.hasPrefix("❯ ") ? .line("at " + trimmed.dropFirst(2)) : .nothing
    }

    private static func cargo(_ trimmed: String, after known: [String]) -> Explanation {
        if trimmed.hasPrefix("stack backtrace:") || trimmed.hasPrefix("note: ") { return .end }
        if let place = trimmed.firstRange(of: "panicked at ") {
            return .line("panicked at " + trimmed[place.upperBound...].trimmingSuffix(":"))
        }
        return known.isEmpty || trimmed.isEmpty ? (known.isEmpty ? .nothing : .end) : .line(trimmed)
    }

    private static func go(_ line: String, _ trimmed: String) -> Explanation {
        if trimmed.hasPrefix("panic: ") { return .line(trimmed) }
        if trimmed.hasPrefix("=== ") || trimmed.hasPrefix("--- ") || trimmed == "FAIL" { return .end }
        if let place = place(in: trimmed, suffix: ".go"), line.first == " " || line.first == "\t" {
            // A frame of the stack has only its place; the runtime's own are nobody's fault.
            return trimmed.contains("+0x") && place.contains("/src/") ? .nothing : .line(trimmed)
        }
        return .nothing
    }

    private static func tap(_ trimmed: String) -> Explanation {
        if trimmed.hasPrefix("ok ") || trimmed.hasPrefix("not ok ") || trimmed == "..." { return .end }
        let text = PlainText.trimmed(String(trimmed.trimmingPrefix("#")))
        let marks = ["expected:", "actual:", "got:", "found:", "message:", "error: '", "location:", "at:"]
        if marks.contains(where: text.hasPrefix) { return .line(text) }
        if text.hasPrefix("failureType: 'subtestsFailed'") { return .line(text) }
        return .nothing
    }

    /// `tests/a.py:12` at the start of a line that goes on with a colon.
    static func place(in line: String, suffix: String) -> String? {
        let parts = PlainText.trimmed(String(line.prefix(300))).split(
            separator: ":",
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard parts.count == 3 || (parts.count == 2 && !parts[1].isEmpty), parts[0].hasSuffix(suffix),
            !parts[0].contains(" "), parts[1].prefix(1).allSatisfy(\.isNumber), !parts[1].isEmpty
        else { return nil }
        return "\(parts[0]):\(parts[1].prefix { $0.isNumber })"
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(_ suffix: Character) -> String {
        last == suffix ? String(dropLast()) : String(self)
    }
}
