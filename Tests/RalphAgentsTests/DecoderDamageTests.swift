import Foundation
import RalphAgents
import RalphCore
import Testing

/// Streams as broken programs and broken pipes leave them.
@Suite("damaged streams")
struct DecoderDamageTests {
    @Test(
        "a repeated final frame changes nothing",
        arguments: ["claude-success", "codex-success", "amp-success"]
    )
    func repeated(_ file: String) throws {
        let agent = String(file.prefix { $0 != "-" })
        let lines = try StreamRun.lines(file + ".jsonl").filter { !$0.isEmpty }
        let once = try StreamRun.report(lines, by: agent, ending: .exited(0))
        let twice = try StreamRun.report(lines + lines.suffix(1), by: agent, ending: .exited(0))
        #expect(once == twice)
    }

    @Test("huge, cut, binary and foreign lines are survived and counted", arguments: ["claude", "codex"])
    func oddLines(_ agent: String) throws {
        var decoder = try AgentCLI.named(agent).makeDecoder()
        let huge = Array(#"{"type":"user","x":""#.utf8) + [UInt8](repeating: 0x78, count: 20 << 20)
        var ends = [decoder.read(line: Array(huge.prefix(8 << 20)), isCut: true)]
        for line: [UInt8] in [
            [0xFF, 0xFE, 0x00], Array("plain".utf8), Array("[1]".utf8), Array("{\"a\":".utf8),
        ] {
            ends.append(decoder.read(line: line, isCut: false))
        }
        for line: [UInt8] in [
            [], Array("   ".utf8), Array(#"{"type":"future"}"#.utf8), Array(#"{"type":7}"#.utf8),
        ] {
            ends.append(decoder.read(line: line, isCut: false))
        }
        #expect(!ends.contains(true))
        for line in try StreamRun.lines("\(agent)-success.jsonl") {
            _ = decoder.read(line: line, isCut: false)
        }
        let report = decoder.report(ending: .exited(0), standardError: "", now: StreamRun.now, zone: .gmt)
        #expect(report.verdict == .finished)
        #expect(report.oddLines == 5)
    }

    @Test(
        "every stream, cut off at every line and with its types turned, is survived",
        arguments: AgentCLI.builtIn.map(\.name)
    )
    func mangled(_ agent: String) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: StreamRun.directory.path)
        for file in files where file.hasPrefix(agent) && !file.hasSuffix(".stderr") {
            let lines = try StreamRun.lines(file)
            for count in 0...lines.count {
                _ = try StreamRun.report(Array(lines.prefix(count)), by: agent, ending: .exited(0))
            }
            let turned = lines.map { line in
                Array(
                    String(decoding: line, as: UTF8.self).replacing(":{", with: ":[{").replacing(
                        "},",
                        with: "}],"
                    ).utf8
                )
            }
            _ = try StreamRun.report(turned, by: agent, ending: .exited(0))
            let strings = lines.map {
                Array(String(decoding: $0, as: UTF8.self).replacing(":1", with: ":-1e400").utf8)
            }
            _ = try StreamRun.report(strings, by: agent, ending: .exited(0))
        }
    }

    @Test("bytes flipped at random are survived", arguments: AgentCLI.builtIn.map(\.name))
    func flipped(_ agent: String) throws {
        var state: UInt64 = 42
        func random(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let cli = try AgentCLI.named(agent)
        let files = try FileManager.default.contentsOfDirectory(atPath: StreamRun.directory.path)
        for file in files where file.hasPrefix(agent) && !file.hasSuffix(".stderr") {
            let lines = try StreamRun.lines(file).map { line in
                var line = line
                for _ in 0..<(line.isEmpty ? 0 : 3) {
                    line[random(below: line.count)] = UInt8(random(below: 256))
                }
                return line
            }
            _ = try StreamRun.report(lines, by: agent, ending: .exited(Int32(random(below: 2))))
            for line in lines { _ = cli.render(line: line) }
        }
    }

    @Test("a program that cannot start is missing")
    func missing() throws {
        for agent in AgentCLI.builtIn.map(\.name) {
            let report = try StreamRun.report([], by: agent, ending: .couldNotStart("claude: not found"))
            #expect(report.verdict == .missing("claude: not found"))
        }
    }

    @Test(
        "trap 37: an unknown cost is unknown, not 0",
        arguments: ["codex-success.jsonl", "qwen-success.jsonl", "opencode-success.jsonl"]
    )
    func unknownCost(_ file: String) throws {
        let report = try StreamRun.report(file, by: String(file.prefix { $0 != "-" }), ending: .exited(0))
        #expect(report.cost == .unknown)
        #expect(report.cost.usd == nil)
    }

    @Test(
        "nonsense in the cost leaves it unknown",
        arguments: ["-1", "1e999", "1e300", "10000.5", "null", "\"free\""]
    )
    func nonsenseCost(_ cost: String) throws {
        let line =
            #"{"type":"result","is_error":false,"result":"x","total_cost_usd":\#(cost),"usage":{"output_tokens":5}}"#
        #expect(try StreamRun.report(text: line, by: "claude", ending: .exited(0)).cost == .unknown)
    }
}
