package import Foundation

/// What a program of ours says of itself with `--experimental-dump-help`: its commands, as the argument parser knows them.
package struct HelpDump: Decodable {
    package struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var arguments: [Argument]?
        var subcommands: [Command]?
        var shouldDisplay: Bool?
    }

    struct Argument: Decodable {
        enum Kind: String, Decodable { case flag, option, positional }
        struct Name: Decodable {
            var kind: String
            var name: String
        }

        var kind: Kind
        var names: [Name]?
        var abstract: String?
        var valueName: String?
        var isOptional: Bool
        var isRepeating: Bool
        var defaultValue: String?
        var sectionTitle: String?
        var shouldDisplay: Bool
    }

    package var command: Command

    package static func read(_ json: Data) throws -> HelpDump {
        try JSONDecoder().decode(HelpDump.self, from: json)
    }
}

extension HelpDump.Argument {
    /// `-h, --help`, `--note <note>`, `<item>`.
    var synopsis: String {
        let value = "<\(valueName ?? "value")>"
        let spelled = (names ?? []).map { $0.kind == "long" ? "--\($0.name)" : "-\($0.name)" }
        switch kind {
        case .positional: return isRepeating ? value + "..." : value
        case .flag: return spelled.joined(separator: ", ")
        case .option: return spelled.joined(separator: ", ") + " " + value
        }
    }

    /// As it stands in a command line: in brackets where it may be left out.
    var usage: String { isOptional ? "[\(synopsis)]" : synopsis }

    /// Options that every command has are told once.
    var isGlobal: Bool { sectionTitle != nil }
    /// In every command, and said in the page's own words.
    var isCommon: Bool { (names ?? []).contains { $0.name == "help" || $0.name == "version" } }
}
