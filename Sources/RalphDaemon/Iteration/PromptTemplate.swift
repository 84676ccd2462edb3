import Foundation
import Mustache
import RalphCore
import SystemPackage

/// `prompt:`: a Mustache template of the author's in place of our own text (docs/configuration.md).
struct PromptTemplate: Sendable {
    private let template: MustacheTemplate

    /// A template is text for one agent's eyes: what is longer is a mistake.
    private static let longest = 64 << 10
    /// Nothing is HTML here. The line is ours: the author's begin below it.
    private static let pragma = "{{% CONTENT_TYPE:TEXT}}\n"

    /// - Parameter file: for messages, as a person may open it.
    init(_ text: String, file: String) throws(Failure) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let problem = TemplateTag.problem(in: line) {
                throw Failure(.configuration, "\(file):\(index + 1): \(problem)")
            }
        }
        do {
            template = try MustacheTemplate(string: Self.pragma + text)
        } catch let error as MustacheTemplate.ParserError {
            throw Failure(
                .configuration,
                "\(file):\(max(1, error.context.lineNumber - 1)): \(Self.words(error.error)): "
                    + PlainText.cut(PlainText.line(error.context.line), bytes: 80)
            )
        } catch {
            throw Failure(.configuration, "\(file): this is no Mustache template", cause: error)
        }
    }

    static func read(_ file: FilePath) throws(Failure) -> PromptTemplate {
        guard let bytes = FileManager.default.contents(atPath: file.string) else {
            throw Failure(
                .configuration,
                "`prompt`: no file at \(file) that can be read; write its path as seen from the PRD's directory"
            )
        }
        guard bytes.count <= longest else {
            throw Failure(.configuration, "`prompt`: \(file) has more than \(longest >> 10) KiB; shorten it")
        }
        let text = PlainText.inert(String(decoding: bytes, as: UTF8.self))
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw Failure(
                .configuration,
                "`prompt`: \(file) is empty; write what the agent is to be told, or leave the key out"
            )
        }
        return try PromptTemplate(text, file: file.string)
    }

    func text(for prompt: Prompt) -> String {
        let text = template.render(prompt.facts)
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    private static func words(_ error: any Error) -> String {
        switch error as? MustacheTemplate.Error {
        case .sectionCloseNameIncorrect: "the section that ends here is not the one that is open"
        case .expectedSectionEnd: "a section is not ended: write {{/NAME}}"
        case .unfinishedName: "a tag is not ended: write }}"
        default: "this is no Mustache"
        }
    }
}

/// The tags of a template's line, as far as they can be wrong without being wrong Mustache.
private enum TemplateTag {
    private static let kinds = "#^/&{"

    /// Nil when all of them name something that there is.
    static func problem(in line: Substring) -> String? {
        var rest = line
        while let start = rest.range(of: "{{") {
            rest = rest[start.upperBound...]
            let tag = rest.prefix { $0 != "}" }.drop { $0 == " " }
            rest = rest.dropFirst(tag.count)
            guard let first = tag.first else { return "`{{}}` names nothing" }
            guard first != "!" else { continue }
            if "><$=%".contains(first) {
                return
                    "`{{\(first)` is not for prompts: a template is one file, with {{…}}, {{#…}}, {{^…}} and {{!…}}"
            }
            if let name = unknownName(in: kinds.contains(first) ? tag.dropFirst() : tag) {
                return "there is no `\(PlainText.cut(name, bytes: 60))`; known are "
                    + Prompt.factNames.sorted().joined(separator: ", ")
            }
        }
        return nil
    }

    /// `upper(item.title)` names `item` and `title`.
    private static func unknownName(in tag: Substring) -> String? {
        let inner = tag.split(separator: "(").last ?? tag
        let name = inner.prefix { $0 != ")" }.filter { $0 != " " }
        guard name != ".", !name.isEmpty || !tag.contains("(") else { return nil }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        return parts.allSatisfy(Prompt.factNames.contains) ? nil : name
    }
}
