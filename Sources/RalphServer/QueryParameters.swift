internal import Foundation

/// What follows the `?`, strictly: an unknown name, a name given twice and a value that is none are errors.
struct QueryParameters {
    private var values: [String: String] = [:]

    init(_ text: Substring?, allowed: Set<String>) throws(Refusal) {
        for pair in (text ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = String(parts[0]).removingPercentEncoding,
                let value = parts.count > 1 ? String(parts[1]).removingPercentEncoding : ""
            else { throw .usage("\(pair) is not percent-encoded UTF-8") }
            guard allowed.contains(name) else {
                let known =
                    allowed.isEmpty
                    ? "none is taken here" : "known are \(allowed.sorted().joined(separator: ", "))"
                throw .usage("unknown parameter \(name): \(known)")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .usage("\(name) is given twice")
            }
        }
    }

    func text(_ name: String) -> String? { values[name] }

    func number(_ name: String, in range: ClosedRange<Int64>) throws(Refusal) -> Int64? {
        guard let text = values[name] else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw .usage("\(name)=\(text) is no number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func flag(_ name: String, default isSet: Bool = false) throws(Refusal) -> Bool {
        switch values[name] {
        case nil: return isSet
        case "false": return false
        case "true": return true
        case let other?: throw .usage("\(name)=\(other) is neither true nor false")
        }
    }
}
