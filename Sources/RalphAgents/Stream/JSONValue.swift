/// A JSON value from somebody else's program: reading it never traps, and what is missing reads as `null`.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Nil when the line is not one JSON value. See `JSONReader` for what is forgiven and what is cut.
    package init?(line: [UInt8]) {
        var reader = JSONReader(line)
        guard let value = reader.document() else { return nil }
        self = value
    }

    package subscript(key: String) -> JSONValue {
        guard case .object(let members) = self else { return .null }
        return members[key] ?? .null
    }

    package var isObject: Bool { if case .object = self { true } else { false } }
    package var isNull: Bool { self == .null }

    package var string: String? { if case .string(let text) = self { text } else { nil } }

    /// Nil for an empty one too.
    package var text: String? { string.flatMap { $0.isEmpty ? nil : $0 } }

    package var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }

    package var int: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// Finite ones only.
    package var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value.isFinite ? value : nil
        default: nil
        }
    }

    /// A number of tokens: not negative, and small enough that sums of them cannot overflow.
    package var count: Int { min(max(int ?? 0, 0), 1_000_000_000_000) }

    /// What one run can cost at most: more is a mistake of whoever says it, and would empty every budget.
    package static let mostUSD = 10_000.0

    /// An amount of money; nil when it is no sensible one.
    package var usd: Double? { double.flatMap { (0...Self.mostUSD).contains($0) ? $0 : nil } }

    /// Empty for anything but an array.
    package var array: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

    /// Empty for anything but an object.
    package var members: [String: JSONValue] { if case .object(let members) = self { members } else { [:] } }
}
