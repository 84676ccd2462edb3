import Glibc

/// Masks secrets in a stream of chunks, wherever the cuts between them fall. Each byte becomes a star, so that places and
/// lengths stay what they were.
struct ByteRedactor {
    private let secrets: [[UInt8]]
    /// The end of what came so far, which may be the start of a secret.
    private var held: [UInt8] = []

    private static let star = UInt8(ascii: "*")

    init(_ secrets: [String]) { self.secrets = Set(secrets).filter { !$0.isEmpty }.map { Array($0.utf8) } }

    mutating func feed(_ chunk: ArraySlice<UInt8>, emit: (ArraySlice<UInt8>) -> Void) {
        guard !secrets.isEmpty else { return emit(chunk) }
        var bytes = held + chunk
        for secret in secrets { Self.mask(secret, in: &bytes) }
        let kept = longestStart(atEndOf: bytes)
        held = Array(bytes.suffix(kept))
        if bytes.count > kept { emit(bytes.dropLast(kept)) }
    }

    /// Hands out what was held back: it turned out to be no secret.
    mutating func finish(emit: (ArraySlice<UInt8>) -> Void) {
        if !held.isEmpty { emit(held[...]) }
        held = []
    }

    private static func mask(_ secret: [UInt8], in bytes: inout [UInt8]) {
        let found = bytes.withUnsafeBytes { all in
            secret.withUnsafeBytes { Self.places(of: $0, in: all) }
        }
        for place in found {
            for index in place..<(place + secret.count) { bytes[index] = star }
        }
    }

    private static func places(of secret: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer) -> [Int] {
        guard let base = bytes.baseAddress, let wanted = secret.baseAddress, let first = secret.first else {
            return []
        }
        var places: [Int] = []
        var start = 0
        while start + secret.count <= bytes.count,
            let found = memchr(base + start, Int32(first), bytes.count - secret.count - start + 1)
        {
            let place = UnsafeRawPointer(found) - base
            let isHit = memcmp(base + place, wanted, secret.count) == 0
            if isHit { places.append(place) }
            start = place + (isHit ? secret.count : 1)
        }
        return places
    }

    private func longestStart(atEndOf bytes: [UInt8]) -> Int {
        secrets.map { secret in
            let most = min(secret.count - 1, bytes.count)
            return (1...max(most, 1)).last { $0 <= most && bytes.suffix($0).elementsEqual(secret.prefix($0)) }
                ?? 0
        }.max() ?? 0
    }
}
