/// The forms of Java's, .NET's, Ruby's and PHP's tools, of mocha and of Python's unittest.
extension FailureForm {
    // MARK: Which line tells of a failure

    /// `FAIL: test_stop (tests.test_stop.StopTest.test_stop)`, and the same with `ERROR:`.
    static func unittest(_ line: String) -> Match? {
        guard line.hasPrefix("FAIL: ") || line.hasPrefix("ERROR: ") else { return nil }
        let name = line.drop { $0 != " " }.dropFirst()
        let parts = name.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].allSatisfy(isOfName), parts[1].first == "(" else { return nil }
        let place = parts[1].dropFirst().prefix { $0 != ")" }
        guard place.contains("."), place.allSatisfy(isOfName) else { return nil }
        return Match(.unittest, PlainText.trimmed(String(name)))
    }

    private static func isOfName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "."
    }

    /// `[ERROR] a.StopTest.stops -- Time elapsed: 0.01 s <<< FAILURE!` of surefire, `[ERROR] /src/A.java:[88,17] cannot find symbol` of
    /// Maven's compiler, and `StopTest > stops() FAILED` of Gradle.
    static func jvm(_ trimmed: String) -> Match? {
        let mark = "[ERROR] "
        guard trimmed.hasPrefix(mark) else {
            guard trimmed.hasSuffix(" FAILED"), trimmed.contains(" > "), !trimmed.hasPrefix("> ") else {
                return nil
            }
            return Match(.jvm, String(trimmed.dropLast(" FAILED".count)))
        }
        let said = String(trimmed.dropFirst(mark.count))
        if said.hasSuffix("<<< FAILURE!") || said.hasSuffix("<<< ERROR!"), !said.hasPrefix("Tests run:"),
            let time = said.firstRange(of: "Time elapsed")
        {
            let name = PlainText.trimmed(String(said[..<time.lowerBound]))
            return Match(.jvm, name.hasSuffix(" --") ? String(name.dropLast(3)) : name)
        }
        guard let place = said.firstRange(of: ":["), let end = said[place.upperBound...].firstIndex(of: "]"),
            said[place.upperBound..<end].allSatisfy({ $0.isNumber || $0 == "," })
        else { return nil }
        return Match(.javac, said)
    }

    /// `Failed Tally.Tests.StopTests.Stops [5 ms]`
    static func dotnet(_ trimmed: String) -> Match? {
        guard trimmed.hasPrefix("Failed "), trimmed.hasSuffix("s]"),
            let start = trimmed.ranges(of: " [").last,
            trimmed[start.upperBound...].contains(where: \.isNumber)
        else { return nil }
        return Match(.dotnet, String(trimmed[..<start.lowerBound].dropFirst("Failed ".count)))
    }

    /// The list of failures that a line begins: RSpec's, PHPUnit's or mocha's.
    static func list(begunBy trimmed: String) -> FailureForm? {
        if trimmed == "Failures:" { return .rspec }
        let words = trimmed.split(separator: " ")
        if words.count == 2, words[1] == "failing", words[0].allSatisfy(\.isNumber) { return .mocha }
        guard words.count == 4, words[0] == "There", words[2].allSatisfy(\.isNumber) else { return nil }
        return ["failure:", "failures:", "error:", "errors:"].contains(words[3]) ? .phpunit : nil
    }

    /// `1) Stop crosses midnight` in such a list. Mocha's is the outermost suite, of which there may be several failures.
    static func numbered(_ line: String, _ trimmed: String, _ context: Context) -> Match? {
        guard let list = context.list, let end = trimmed.firstIndex(of: ")"), end != trimmed.startIndex,
            trimmed[..<end].allSatisfy(\.isNumber), trimmed[end...].hasPrefix(") ")
        else { return nil }
        // PHPUnit's stand at the margin, the others' do not.
        guard (line.first == " ") == (list != .phpunit) else { return nil }
        return Match(list, String(trimmed[end...].dropFirst(2)), key: trimmed)
    }

    // MARK: What explains it

    /// The last line of the traceback, and a difference behind it.
    static func unittest(_ line: String, _ trimmed: String, after known: [String]) -> Explanation {
        if line.hasPrefix("====") { return .end }
        if line.hasPrefix("----") { return known.isEmpty ? .nothing : .end }
        guard let first = line.first, first != " ", !line.hasPrefix("Traceback ") else { return .nothing }
        // A test's own description may stand there too.
        if known.isEmpty { return isException(line) ? .line(trimmed) : .nothing }
        return first == "-" || first == "+" ? .line(trimmed) : .nothing
    }

    static func javac(_ trimmed: String) -> Explanation {
        let said = trimmed.hasPrefix("[ERROR]") ? PlainText.trimmed(String(trimmed.dropFirst(7))) : trimmed
        return said.hasPrefix("symbol:") || said.hasPrefix("location:") ? .line(PlainText.line(said)) : .end
    }

    /// What was thrown, and the first place that is not the test library's.
    static func jvm(_ trimmed: String, after known: [String]) -> Explanation {
        if trimmed.isEmpty { return known.isEmpty ? .nothing : .end }
        guard trimmed.hasPrefix("at ") else {
            return known.isEmpty || trimmed.hasPrefix("Caused by:") ? .line(trimmed) : .nothing
        }
        guard !known.isEmpty, known.last?.hasPrefix("at ") != true else { return .nothing }
        let libraries = [
            "org.junit", "org.opentest4j", "org.assertj", "org.hamcrest", "java.base/", "jdk.", "org.apache.",
        ]
        return libraries.contains(where: trimmed.contains) ? .nothing : .line(trimmed)
    }

    static func dotnet(_ trimmed: String, after known: [String]) -> Explanation {
        if trimmed.hasPrefix("Failed!") || trimmed.hasPrefix("Passed!") { return .end }
        let headings = ["Error Message:", "Stack Trace:", "Standard Output Messages:"]
        if trimmed.isEmpty || headings.contains(trimmed) { return .nothing }
        if trimmed.first == "↓" || trimmed.first == "↑" { return .nothing }
        // The first frame of one's own: it says where.
        let isFrame = trimmed.hasPrefix("at ")
        if isFrame, !trimmed.contains(":line ") || known.last?.hasPrefix("at ") == true { return .nothing }
        return .line(trimmed)
    }

    static func rspec(_ trimmed: String) -> Explanation {
        if trimmed.hasPrefix("Finished in ") { return .end }
        if trimmed.isEmpty || trimmed.hasPrefix("(compared using ") { return .nothing }
        return .line(trimmed.hasPrefix("# ") ? "at " + trimmed.dropFirst(2) : trimmed)
    }

    static func phpunit(_ trimmed: String) -> Explanation {
        if ["--", "ERRORS!", "FAILURES!"].contains(trimmed) { return .end }
        if trimmed.isEmpty || ["--- Expected", "+++ Actual", "@@ @@"].contains(trimmed) { return .nothing }
        return .line(trimmed.first == "/" ? "at " + trimmed : trimmed)
    }

    /// The suites and the test come one a line, to the one that ends with a colon.
    static func mocha(_ trimmed: String, of title: String, after known: [String]) -> Explanation {
        if trimmed.isEmpty { return .nothing }
        guard title.hasSuffix(":") else { return .title(title + " " + trimmed) }
        if known.isEmpty { return .line(trimmed) }
        if trimmed == "+ actual - expected" || trimmed == "+ expected - actual" { return .nothing }
        if trimmed.hasPrefix("at ") {
            return trimmed.contains("(node:") || trimmed.contains("node_modules") ? .nothing : .line(trimmed)
        }
        return (trimmed.first == "+" || trimmed.first == "-") && known.count < 3 ? .line(trimmed) : .nothing
    }
}
