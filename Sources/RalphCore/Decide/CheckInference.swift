/// Which checks a project has when its PRD names none: read from the base, never from what an agent left.
package enum CheckInference {
    /// A check and the file that it was inferred from.
    package struct Finding: Equatable, Sendable {
        package var check: Check
        package var source: String

        package init(check: Check, source: String) {
            self.check = check
            self.source = source
        }
    }

    /// The files whose text decides, where they are there.
    package static let filesToRead = [
        "package.json", "pyproject.toml", "GNUmakefile", "makefile", "Makefile",
    ]

    /// All that match. `topLevel` are the names in the root of the base's tree, directories with a trailing slash;
    /// `read` gives the text of one of them.
    package static func infer(topLevel: [String], read: (String) -> String?) -> [Finding] {
        let names = Set(topLevel)
        var found: [Finding] = []
        func add(_ name: String, _ run: String, from source: String) {
            found.append(Finding(check: Check(name: name, run: run), source: source))
        }
        if names.contains("Package.swift") { add("swift", "swift test", from: "Package.swift") }
        if names.contains("package.json"), let text = read("package.json"), hasTestScript(text) {
            add("npm", "npm test", from: "package.json")
        }
        if names.contains("Cargo.toml") { add("cargo", "cargo test", from: "Cargo.toml") }
        if names.contains("go.mod") { add("go", "go test ./...", from: "go.mod") }
        if let source = pythonSource(names, read) { add("python", "python3 -m pytest", from: source) }
        for makefile in ["GNUmakefile", "makefile", "Makefile"] where names.contains(makefile) {
            if let text = read(makefile), hasTestTarget(text) { add("make", "make test", from: makefile) }
            break
        }
        return found
    }

    /// `npm init` writes a test script that only fails; that one is none.
    private static func hasTestScript(_ text: String) -> Bool {
        guard let scripts = text.firstRange(of: "\"scripts\"") else { return false }
        let rest = text[scripts.upperBound...]
        guard let test = rest.firstRange(of: "\"test\"") else { return false }
        let end = rest.firstIndex(of: "}") ?? rest.endIndex
        return test.lowerBound < end && !rest[test.upperBound..<end].contains("no test specified")
    }

    private static func pythonSource(_ names: Set<String>, _ read: (String) -> String?) -> String? {
        if names.contains("pytest.ini") { return "pytest.ini" }
        if names.contains("pyproject.toml"),
            names.contains("tests/") || read("pyproject.toml")?.contains("pytest") == true
        {
            return "pyproject.toml"
        }
        return nil
    }

    private static func hasTestTarget(_ text: String) -> Bool {
        text.split(separator: "\n").contains { line in
            guard let colon = line.firstIndex(of: ":"), line.first != "\t", line.first != "#" else {
                return false
            }
            let next = line.index(after: colon)
            if next < line.endIndex, line[next] == "=" { return false }
            return line[..<colon].split(separator: " ").contains("test")
        }
    }
}
