import Testing

@testable import RalphProcess

@Suite("secrets in a stream")
struct ByteRedactorTests {
    private func redacted(_ chunks: [String], _ secrets: [String]) -> String {
        var redactor = ByteRedactor(secrets)
        var out: [UInt8] = []
        for chunk in chunks { redactor.feed(Array(chunk.utf8)[...]) { out += $0 } }
        redactor.finish { out += $0 }
        return String(decoding: out, as: UTF8.self)
    }

    @Test("a secret is masked wherever the stream is cut, and nothing moves")
    func everyCut() {
        let secret = "sk-aasecret"
        let text = "a sk-a sk-aa \(secret) b\n\(secret)\(secret)sk-aasecre"
        let masked = "a sk-a sk-aa *********** b\n**********************sk-aasecre"
        for first in 0...text.count {
            for second in stride(from: first, through: text.count, by: 3) {
                let cuts = [
                    String(text.prefix(first)), String(text.dropFirst(first).prefix(second - first)),
                    String(text.dropFirst(second)),
                ]
                #expect(redacted(cuts, [secret]) == masked, "\(first) \(second)")
            }
        }
    }

    @Test("several secrets, byte by byte, one the start of another")
    func several() {
        let text = "one-secret one-secret-more x"
        let chunks = text.map(String.init)
        #expect(redacted(chunks, ["one-secret", "one-secret-more"]).hasPrefix("********** *"))
        #expect(!redacted(chunks, ["one-secret", "one-secret-more"]).contains("secret"))
    }

    @Test("without secrets nothing is held back")
    func none() {
        var redactor = ByteRedactor([])
        var out: [UInt8] = []
        redactor.feed([1, 2, 3][...]) { out += $0 }
        #expect(out == [1, 2, 3])
    }
}
