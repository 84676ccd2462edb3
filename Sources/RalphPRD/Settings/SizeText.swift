/// Sizes as people write them: `500MB`, `20GB`, `2TB`; a `KiB` and its kin count by 1024.
enum SizeText {
    private static let units: [(name: String, power: Int)] = [("k", 1), ("m", 2), ("g", 3), ("t", 4)]

    /// In bytes. Nil unless it is a whole number above 0 with a unit.
    static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        var unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        guard let number = Int(digits), number > 0, unit.hasSuffix("b") else { return nil }
        unit.removeLast()
        let isBinary = unit.hasSuffix("i")
        if isBinary { unit.removeLast() }
        guard let power = units.first(where: { $0.name == unit })?.power else { return nil }
        let factor = (0..<power).reduce(1) { product, _ in product * (isBinary ? 1024 : 1000) }
        let (bytes, isTooMany) = number.multipliedReportingOverflow(by: factor)
        return isTooMany ? nil : bytes
    }
}
