package import Foundation
internal import RalphCore

/// The one form of JSON that we write and read: sorted keys, UTC times in milliseconds, `null` instead of absent keys.
/// The server, `ralphctl --json` and the files of an instance all use it.
package enum WireJSON {
    package static func encode(_ value: some Encodable, pretty: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(WireTime.text(date))
        }
        return try encoder.encode(value)
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            guard let date = WireTime.date(text) else {
                throw Failure(.usage, "no time of the form 2026-11-22T01:14:05.123Z: \(text)")
            }
            return date
        }
        return try decoder.decode(type, from: data)
    }

    package static func decode<View: ListedView>(list type: View.Type, from bytes: [UInt8]) throws -> [View] {
        var reader = JSONPieceReader(bytes)
        var views: [View] = []
        try reader.list { views.append(try View(from: &$0)) }
        guard reader.isAtEnd else { throw reader.mismatch }
        return views
    }
}
