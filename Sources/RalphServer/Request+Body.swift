internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import RalphAPI

extension Request {
    /// More than any note, answer or item needs.
    static var bodyBound: Int { 256 << 10 }

    /// What is still read of a body that is refused: a client that writes all before it reads would else never see
    /// the answer.
    private static var patience: Int { 16 << 20 }

    /// The body as an action's request.
    ///
    /// - Parameter ifEmpty: what no body at all means; nil where a body is needed.
    /// - Throws: `Refusal`.
    func body<Body: ActionRequest>(_ type: Body.Type, ifEmpty: Body? = nil) async throws -> Body {
        let data = try await collected()
        if data.isEmpty, let ifEmpty { return ifEmpty }
        let given: [String: Ignored]
        do {
            given = try WireJSON.decode([String: Ignored].self, from: data)
        } catch {
            throw Refusal.usage("the body is no JSON object")
        }
        if let unknown = given.keys.filter({ !Body.keys.contains($0) }).min() {
            throw Refusal.usage(
                "unknown key \(unknown): known are \(Body.keys.sorted().joined(separator: ", "))"
            )
        }
        do {
            return try WireJSON.decode(type, from: data)
        } catch {
            throw Refusal.usage(
                "the body needs \(Body.keys.sorted().joined(separator: ", ")) of the right type"
            )
        }
    }

    private func collected() async throws -> Data {
        var data = Data()
        var size = 0
        do {
            for try await buffer in body {
                size += buffer.readableBytes
                if size <= Self.bodyBound { data.append(contentsOf: buffer.readableBytesView) }
                if size > Self.patience { break }
            }
        } catch let error where !(error is CancellationError) {
            // Chunks that are none, or a client that left in the middle.
            throw Refusal.usage("the body breaks off: \(error)")
        }
        guard size <= Self.bodyBound else { throw Refusal.tooLarge(bound: Self.bodyBound) }
        return data
    }

    /// Any JSON value, of which only the key matters.
    private struct Ignored: Decodable {
        init(from decoder: any Decoder) throws {}
    }
}
