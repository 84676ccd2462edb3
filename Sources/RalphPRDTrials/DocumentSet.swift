import Foundation

/// Documents from files: Markdown as it is, and the examples of the Markdown specifications.
package enum DocumentSet {
    package typealias Entry = (name: String, bytes: [UInt8])

    private static let specifications: Set<String> = ["spec.txt", "commonmark.json"]

    /// All documents at a path: those in a directory, Markdown and specifications; a specification's examples; or the one file.
    package static func load(_ path: String) throws -> [Entry] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }
        guard isDirectory.boolValue else { return try file(URL(fileURLWithPath: path)) }
        let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        let files = all.sorted().map { URL(fileURLWithPath: path).appendingPathComponent($0) }
        return try files.filter {
            $0.pathExtension.lowercased() == "md" || specifications.contains($0.lastPathComponent)
        }.flatMap(file)
    }

    private static func file(_ url: URL) throws -> [Entry] {
        let data = try Data(contentsOf: url)
        switch url.lastPathComponent {
        case "spec.txt": return examples(inSpecification: String(decoding: data, as: UTF8.self))
        case "commonmark.json":
            struct Example: Decodable {
                var example: Int
                var markdown: String
            }
            return try JSONDecoder().decode([Example].self, from: data).map {
                ("example \($0.example)", Array($0.markdown.utf8))
            }
        default: return [(url.lastPathComponent, Array(data))]
        }
    }

    /// Between a line of backticks and `example`, and a line `.`; arrows stand for tabs.
    private static func examples(inSpecification text: String) -> [Entry] {
        var found: [Entry] = []
        var open: [String]?
        let fence = String(repeating: "`", count: 32)
        for line in text.components(separatedBy: "\n") {
            if line.hasPrefix(fence + " example") {
                open = []
            } else if line == ".", let lines = open {
                let document = lines.map { $0 + "\n" }.joined().replacingOccurrences(of: "→", with: "\t")
                found.append(("example \(found.count + 1)", Array(document.utf8)))
                open = nil
            } else {
                open?.append(line)
            }
        }
        return found
    }
}
