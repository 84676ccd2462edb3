import RalphCore
private import Yams

/// A YAML value with its place in the file, free of the library's types.
indirect enum SettingsNode: Sendable {
    case null(Place)
    case scalar(String, Place)
    case list([SettingsNode], Place)
    case map([Entry], Place)

    /// Line and column, both from 1.
    struct Place: Equatable, Sendable {
        var line: Int
        var column: Int
    }

    struct Entry: Sendable {
        var key: String
        var place: Place
        var value: SettingsNode
    }

    var place: Place {
        switch self {
        case .null(let place), .scalar(_, let place), .list(_, let place), .map(_, let place): place
        }
    }

    /// How messages call the value.
    var kindName: String {
        switch self {
        case .null: "nothing"
        case .scalar(let text, _): "`\(text.prefix(60))`"
        case .list: "a list"
        case .map: "a map"
        }
    }

    /// Nesting beyond this is no configuration.
    private static let deepest = 6
    /// Anchors can make few lines into many values.
    private static let most = 10_000

    /// Reads YAML. The result is nil for a text without content.
    /// - Parameter firstLine: the file's line on which the text begins.
    static func parse(_ yaml: String, firstLine: Int) throws(Rejection) -> SettingsNode? {
        do {
            guard let node = try Yams.compose(yaml: yaml) else { return nil }
            var budget = most
            return convert(node, firstLine: firstLine, depth: 0, budget: &budget)
        } catch let error as YamlError {
            throw Rejection(problems: [diagnostic(for: error, firstLine: firstLine)])
        } catch {
            throw Rejection(problems: [
                Diagnostic(line: firstLine, column: 1, severity: .error, message: "\(error)")
            ])
        }
    }

    private static func convert(_ node: Node, firstLine: Int, depth: Int, budget: inout Int) -> SettingsNode {
        let place = Place(line: (node.mark?.line ?? 1) + firstLine - 1, column: node.mark?.column ?? 1)
        budget -= 1
        guard depth <= deepest, budget > 0 else { return .null(place) }
        switch node {
        case .scalar(let scalar):
            let isNull = scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
            return isNull ? .null(place) : .scalar(scalar.string, place)
        case .sequence(let sequence):
            var list: [SettingsNode] = []
            for inner in sequence {
                list.append(convert(inner, firstLine: firstLine, depth: depth + 1, budget: &budget))
            }
            return .list(list, place)
        case .mapping(let mapping):
            var entries: [Entry] = []
            for (key, value) in mapping {
                let line = (key.mark?.line ?? 1) + firstLine - 1
                entries.append(
                    Entry(
                        key: key.scalar?.string ?? "?",
                        place: Place(line: line, column: key.mark?.column ?? 1),
                        value: convert(value, firstLine: firstLine, depth: depth + 1, budget: &budget)
                    )
                )
            }
            return .map(entries, place)
        case .alias:
            return .null(place)
        }
    }

    private static func diagnostic(for error: YamlError, firstLine: Int) -> Diagnostic {
        func at(_ mark: Mark, _ message: String) -> Diagnostic {
            Diagnostic(
                line: mark.line + firstLine - 1,
                column: mark.column,
                severity: .error,
                message: message
            )
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return at(mark, "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "`\($0)`" }.joined(separator: ", ")
            return at(context.mark, "\(keys) stands here twice; leave one out")
        default:
            return Diagnostic(line: firstLine, column: 1, severity: .error, message: "not YAML: \(error)")
        }
    }
}
