import Foundation
package import RalphCore

import struct SystemPackage.FilePath

/// What the scripted agent does for which item and try, read from a file of lines.
///
/// ```
/// # A remark.
/// item #greet
/// try 1
///   write greet.sh
///     | echo hullo
///   summary Greets.
/// try 2
///   expect FAILED
///   ...
/// item The title of an item that has no id
///   already-done It was there.
/// item *
///   hang
/// ```
/// Acts before the first `try` belong to every try. A `try` holds until a later one takes over: the last is for good.
/// Lines that start with `|` are the text of the act above them. Space in front of a line means nothing.
package struct AgentScript {
    private struct Part {
        var selector: String
        var always: [Act] = []
        var tries: [(from: Int, acts: [Act])] = []
    }

    private var parts: [Part] = []
    /// Relative names of files to replay start here.
    private(set) var directory = FilePath(".")

    /// No script: the default acts for every item.
    package init() {}

    package init(contentsOf path: String) throws(Failure) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(.usage, "no script at \(path)")
        }
        try self.init(String(decoding: data, as: UTF8.self))
        directory = FilePath(path).removingLastComponent()
    }

    package init(_ text: String) throws(Failure) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            do throws(Failure) {
                try read(line, number: index + 1)
            } catch {
                throw Failure(.usage, "line \(index + 1) of the script: \(error.message)")
            }
        }
        for act in parts.flatMap({ $0.always + $0.tries.flatMap(\.acts) }) { try act.check() }
    }

    /// What to do: by key, else by title, else by `*`, else the default.
    package func acts(for prompt: PromptReading, try number: Int) -> [Act] {
        let names = [prompt.key.map { "#\($0)" }, prompt.title, "*"].compactMap(\.self)
        let part = names.lazy.compactMap { name in parts.first { $0.selector == name } }.first
        guard let part else { return Self.defaultActs }
        return part.always + (part.tries.last { $0.from <= number }?.acts ?? [])
    }

    /// One small file that is named after the item, and the note that it is done.
    private static let defaultActs = [
        Act("write", "{item}.txt", text: "{title}\n"), Act("summary", "Wrote {item}.txt."),
    ].compactMap(\.self)

    private mutating func read(_ line: Substring, number: Int) throws(Failure) {
        if line.hasPrefix("|") { return try addText(line.dropFirst()) }
        let word = line.prefix { $0 != " " }
        let argument = line.dropFirst(word.count).trimmingSpaces
        switch word {
        case "item":
            guard !argument.isEmpty else { throw Failure(.usage, "item needs a #key, a title or *") }
            parts.append(Part(selector: argument))
        case "try":
            guard let from = Int(argument), from > 0 else {
                throw Failure(.usage, "try needs a number from 1")
            }
            guard let last = parts.indices.last else { throw Failure(.usage, "a try before the first item") }
            guard from > parts[last].tries.last?.from ?? 0 else { throw Failure(.usage, "tries must go up") }
            parts[last].tries.append((from, []))
        default:
            guard let act = Act(String(word), argument, line: number) else {
                throw Failure(.usage, "no act \(word): scripted-agent --acts lists them")
            }
            try add(act)
        }
    }

    private mutating func add(_ act: Act) throws(Failure) {
        guard let last = parts.indices.last else { throw Failure(.usage, "an act before the first item") }
        if let block = parts[last].tries.indices.last {
            parts[last].tries[block].acts.append(act)
        } else {
            parts[last].always.append(act)
        }
    }

    /// One space after the bar is not part of the text.
    private mutating func addText(_ line: Substring) throws(Failure) {
        let line = (line.hasPrefix(" ") ? line.dropFirst() : line) + "\n"
        guard let last = parts.indices.last else { throw Failure(.usage, "text before the first item") }
        if let block = parts[last].tries.indices.last, let act = parts[last].tries[block].acts.indices.last {
            parts[last].tries[block].acts[act].text += line
        } else if parts[last].tries.isEmpty, let act = parts[last].always.indices.last {
            parts[last].always[act].text += line
        } else {
            throw Failure(.usage, "text before an act")
        }
    }
}
