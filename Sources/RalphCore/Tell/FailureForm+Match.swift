extension FailureForm {
    /// The failure that a line tells of; nil for any other line.
    static func match(_ line: String, _ trimmed: String, in context: inout Context) -> Match? {
        if let match = traceback(line, trimmed, in: &context) { return match }
        if let match = swiftTesting(trimmed) ?? pytest(trimmed) { return match }
        if let match = jest(line, trimmed, context) ?? vitest(line, trimmed) { return match }
        if let match = cargo(trimmed) ?? go(line, trimmed) { return match }
        if let match = tap(trimmed) ?? node(trimmed) { return match }
        if let match = unittest(line) ?? jvm(trimmed) ?? dotnet(trimmed) { return match }
        if let match = numbered(line, trimmed, context) { return match }
        if let match = eslint(line, trimmed, context) ?? rustc(line) { return match }
        return compiler(line, trimmed)
    }

    /// `✘ Test "sums" recorded an issue at T.swift:5:50: Expectation failed: …`
    private static func swiftTesting(_ trimmed: String) -> Match? {
        guard let mark = trimmed.firstRange(of: " recorded an issue "),
            let start = trimmed.firstRange(of: "Test "),
            start.lowerBound < mark.lowerBound, trimmed[mark.upperBound...].contains("at ")
        else { return nil }
        let name = String(trimmed[start.lowerBound..<mark.lowerBound])
        let rest = trimmed[mark.upperBound...]
        guard let at = rest.firstRange(of: "at ") else { return nil }
        let parts = rest[at.upperBound...].split(
            separator: ":",
            maxSplits: 3,
            omittingEmptySubsequences: false
        )
        let arguments = rest[..<at.lowerBound]
        let place = parts.prefix(2).joined(separator: ":")
        let what = parts.count == 4 ? PlainText.trimmed(String(parts[3])) : ""
        let title = "\(name) \(arguments)at \(place)"
        return Match(.swiftTesting, title, lines: what.isEmpty ? [] : [what])
    }

    /// `____ test_name ____` opens the section of a failure; `FAILED path::name - reason` sums up.
    private static func pytest(_ trimmed: String) -> Match? {
        if trimmed.hasPrefix("____"), trimmed.hasSuffix("____") {
            let name = trimmed.split(separator: " ").filter { $0.contains { $0 != "_" } }.joined(
                separator: " "
            )
            return name.isEmpty ? nil : Match(.pytest, name)
        }
        guard trimmed.hasPrefix("FAILED ") || trimmed.hasPrefix("ERROR ") else { return nil }
        let rest = trimmed.drop { $0 != " " }.dropFirst()
        guard rest.contains(".py") else { return nil }
        let cut = rest.firstRange(of: " - ")
        let name = String(cut.map { rest[..<$0.lowerBound] } ?? rest)
        let reason = cut.map { String(rest[$0.upperBound...]) }
        var match = Match(.other, name, lines: reason.map { [$0] } ?? [])
        let short = name.split(separator: ":").filter { !$0.isEmpty }.dropFirst().joined(separator: ".")
        match.sameAs = trimmed.hasPrefix("ERROR ") ? "ERROR at setup of \(short)" : short
        return match
    }

    /// `● stop › crosses midnight`; jest repeats all of them at the end.
    private static func jest(_ line: String, _ trimmed: String, _ context: Context) -> Match? {
        guard trimmed.hasPrefix("● ") else { return nil }
        let name = String(trimmed.dropFirst(2))
        guard name.hasPrefix("Test suite failed to run") else {
            return name.contains("›") || line.first == " " ? Match(.jest, name) : nil
        }
        let file = context.file ?? ""
        return Match(.jest, file.isEmpty ? name : "\(file): \(name)")
    }

    /// ` FAIL  src/a.test.ts > stop > crosses midnight`
    private static func vitest(_ line: String, _ trimmed: String) -> Match? {
        guard trimmed.hasPrefix("FAIL "), trimmed.contains(" > ") || trimmed.hasSuffix("]") else {
            return nil
        }
        return Match(.vitest, PlainText.trimmed(String(trimmed.dropFirst(5))))
    }

    /// `---- tests::adds stdout ----`
    private static func cargo(_ trimmed: String) -> Match? {
        guard trimmed.hasPrefix("---- "), trimmed.hasSuffix(" stdout ----") else { return nil }
        return Match(.cargo, String(trimmed.dropFirst(5).dropLast(12)))
    }

    /// `--- FAIL: TestAdd (0.00s)`, and `./a.go:3:23: undefined: missing` of the compiler.
    private static func go(_ line: String, _ trimmed: String) -> Match? {
        if trimmed.hasPrefix("--- FAIL: ") {
            return Match(.go, String(trimmed.dropFirst(10).prefix { $0 != " " }))
        }
        let plain = line.hasPrefix("vet: ") ? String(line.dropFirst(5)) : line
        guard plain.first != " ", plain.first != "\t", place(in: plain, suffix: ".go") != nil else {
            return nil
        }
        return Match(.compiler, plain)
    }

    private static func tap(_ trimmed: String) -> Match? {
        guard trimmed.hasPrefix("not ok ") else { return nil }
        let rest = trimmed.dropFirst(7)
        let upper = rest.uppercased()
        guard !upper.contains("# TODO"), !upper.contains("# SKIP") else { return nil }
        return Match(.tap, trimmed)
    }

    /// `✖ adds (1.5ms)`; node repeats all of them at the end.
    private static func node(_ trimmed: String) -> Match? {
        guard trimmed.hasPrefix("✖ "), trimmed.hasSuffix("ms)") else { return nil }
        let end = trimmed.ranges(of: " (").last ?? trimmed.endIndex..<trimmed.endIndex
        let name = String(trimmed[..<end.lowerBound].dropFirst(2))
        return Match(.node, name)
    }

    /// `  2:23  error  'x' is not defined  no-undef` under the path of its file.
    private static func eslint(_ line: String, _ trimmed: String, _ context: Context) -> Match? {
        guard line.first == " ", let file = context.file else { return nil }
        let words = trimmed.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        guard words.count == 3, words[1] == "error", words[0].allSatisfy({ $0.isNumber || $0 == ":" }),
            words[0].contains(":")
        else { return nil }
        return Match(.eslint, "\(file):\(words[0]) \(PlainText.line(String(words[2])))")
    }

    /// `error[E0425]: cannot find value`, with its place on the next line.
    private static func rustc(_ line: String) -> Match? {
        guard line.hasPrefix("error[") || line.hasPrefix("error: ") else { return nil }
        let echoes = [
            "could not compile", "test failed", "aborting due to", "emit-module command", "fatalError",
            "Recipe `", "recipe `", "ld returned",
        ]
        guard !echoes.contains(where: line.contains) else { return nil }
        return Match(.rustc, line)
    }

    /// `main.c:5:5: error: expected …`, `a.ts(1,7): error TS2322: …`, `a.ts:1:7 - error TS2322: …`,
    /// `A.cs(88,17): error CS0103: … [/src/A.csproj]`, and the linker's.
    private static func compiler(_ line: String, _ trimmed: String) -> Match? {
        guard line.first != "|", !trimmed.hasPrefix("|"), !trimmed.hasPrefix("`-") else { return nil }
        if trimmed.contains("undefined reference to ") { return Match(.compiler, trimmed) }
        guard !trimmed.contains("ld returned ") else { return nil }
        for mark in [": error: ", ": fatal error: ", "): error ", " - error TS"] {
            guard let range = trimmed.firstRange(of: mark) else { continue }
            let place = trimmed[..<range.lowerBound]
            guard place.contains(where: \.isNumber), !place.contains(" ") || place.hasPrefix("/") else {
                continue
            }
            return Match(.compiler, withoutProject(trimmed))
        }
        return nil
    }

    /// MSBuild says the same once for each project and framework.
    private static func withoutProject(_ line: String) -> String {
        guard line.hasSuffix("]"), let start = line.ranges(of: " [").last,
            line[start.upperBound...].contains("proj")
        else { return line }
        return String(line[..<start.lowerBound])
    }

    /// Python's own: the last line of a traceback says what it was.
    private static func traceback(_ line: String, _ trimmed: String, in context: inout Context) -> Match? {
        // There a test has been named, which the traceback explains.
        guard context.inside != .unittest else { return nil }
        if trimmed.hasPrefix("Traceback (most recent call last)") {
            context.isTraceback = true
            return nil
        }
        guard context.isTraceback, let first = line.first, first != " ", first != "\t" else { return nil }
        context.isTraceback = false
        return isException(line) ? Match(.other, line) : nil
    }

    /// `tally.store.TallyError: nothing is running`, or the name alone.
    static func isException(_ line: String) -> Bool {
        let name = line.prefix { $0.isLetter || $0 == "." || $0 == "_" || $0.isNumber }
        return !name.isEmpty && (line.dropFirst(name.count).first == ":" || name.count == line.count)
    }
}
