import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphProcess

@Suite("a bounded log")
struct BoundedLogTests {
    private let place: TemporaryDirectory
    private let path: FilePath

    init() throws {
        place = try TemporaryDirectory()
        path = place.path.appending("log")
    }

    @Test("below its bound it is what was written")
    func small() throws {
        var log = try BoundedLog(at: path, limit: 8 << 10)
        try log.append(Array("one\n".utf8)[...])
        try log.append(Array("two".utf8)[...])
        #expect(try place.read("log") == "one\ntwo")
        #expect(log.leftOut == 0)
    }

    @Test(
        "head and tail are kept, the marker accounts for every byte between",
        arguments: [900, 5_000, 100_000]
    )
    func headAndTail(count: Int) throws {
        let limit = 64 << 10
        var log = try BoundedLog(at: path, limit: limit)
        let lines = (0..<count).map { "line number \($0)\n" }
        for line in lines { try log.append(Array(line.utf8)[...]) }
        let written = lines.reduce(0) { $0 + $1.utf8.count }
        let text = try place.read("log")
        #expect(text.utf8.count <= limit)
        #expect(text.hasPrefix(lines[..<800].joined()))
        #expect(text.hasSuffix(lines.suffix(800).joined()))
        let marker = text.split(separator: "\n").filter { $0.hasPrefix("[... ") }
        if written <= limit {
            #expect(text == lines.joined())
            #expect(marker.isEmpty)
        } else {
            #expect(marker.count == 1)
            #expect(marker.first?.hasPrefix("[... \(log.leftOut) bytes left out ...]") == true)
            #expect(text.utf8.count - 64 + log.leftOut == written)
        }
    }

    @Test("it is whole and within its bound after every write")
    func everyInstant() throws {
        let limit = 4 << 10
        var log = try BoundedLog(at: path, limit: limit)
        for number in 0..<600 {
            let line = "\(number) " + String(repeating: "x", count: number % 97) + "\n"
            try log.append(Array(line.utf8)[...])
            let bytes = try place.bytes(of: "log")
            #expect(bytes.count <= limit)
            #expect(bytes.suffix(line.utf8.count) == Array(line.utf8)[...])
        }
    }

    @Test("one write larger than the bound leaves its start and its end")
    func large() throws {
        var log = try BoundedLog(at: path, limit: 4 << 10)
        try log.append([UInt8](repeating: 65, count: 100_000)[...])
        try log.append(Array("end".utf8)[...])
        let text = try place.read("log")
        #expect(text.hasPrefix("AAAA"))
        #expect(text.hasSuffix("AAAend"))
        #expect(text.utf8.count <= 4 << 10)
    }

    @Test("a log that cannot be written does not stop the run")
    func fullDisk() async {
        var spec = spec("echo one; sleep 0.02; echo two")
        spec.log = LogSink(output: "/dev/full")
        let lines = Lines()
        let result = await runTree(spec, onLine: lines.reader)
        #expect(result.ending == .exited(0))
        #expect(lines.texts == ["one", "two"])
        #expect(result.logFailure?.contains("No space left on device") == true)
    }

    @Test("both streams, apart, together as they come, or in their true order")
    func streams() async throws {
        let script = "for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done"
        var apart = spec(script)
        apart.log = LogSink(output: path, errors: place.path.appending("errors"))
        _ = await runTree(apart, onLine: { _, _, _ in .go })
        #expect(try place.read("log").hasPrefix("o1\no2\n"))
        #expect(try place.read("errors").hasPrefix("e1\ne2\n"))
        var merged = spec(script)
        merged.mergesErrors = true
        merged.log = LogSink(output: path)
        _ = await runTree(merged, onLine: { _, _, _ in .go })
        #expect(try place.read("log").hasPrefix("o1\ne1\no2\ne2\n"))
    }
}
