import Foundation
import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import RalphProcess

/// The containments that this machine offers; each must keep every promise.
let containments: [Containment] = {
    let best = Containment.detect(environment: ["PATH": "/usr/bin:/bin:/usr/local/bin"]).containment
    let isNamespace = if case .namespace = best { true } else { false }
    return [.group] + (isNamespace ? [best] : []) + (ownGroup.map { [.controlGroup($0)] } ?? [])
}()

/// Lines that arrive on another thread.
final class Lines: Sendable {
    private let all = Mutex<[[UInt8]]>([])

    func append(_ line: [UInt8]) { all.withLock { $0.append(line) } }
    var bytes: [[UInt8]] { all.withLock { $0 } }
    var texts: [String] { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// Collects standard output.
    var reader: LineReader {
        { stream, line, _ in
            if stream == .output { self.append(line) }
            return .go
        }
    }

    /// The number that a line `<name> <number>` told.
    func pid(_ name: String) throws -> pid_t {
        let line = texts.first { $0.hasPrefix(name + " ") }
        return try #require(
            line.flatMap { pid_t($0.dropFirst(name.count + 1)) },
            "no line '\(name) …' in \(texts)"
        )
    }
}

/// A shell script run as a tree, with deadlines short enough for a test.
func spec(_ script: String, in containment: Containment = .group) -> ProcessSpec {
    var spec = ProcessSpec(
        "sh",
        ["-c", script],
        environment: ["PATH": "/usr/bin:/bin"],
        directory: "/tmp",
        timeout: .seconds(30),
        mark: "test-\(getpid())/\(UUID().uuidString)"
    )
    spec.containment = containment
    spec.grace = .milliseconds(200)
    spec.lingerAfterFinalFrame = .milliseconds(200)
    return spec
}

/// The living processes that carry the mark of a run.
func alive(_ spec: ProcessSpec) -> [ProcessIdentity] { Leftovers(markPrefix: spec.mark).find() }

/// Resident memory of this process, in bytes.
func residentMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    let kilobytes = try #require(Int(line.filter(\.isNumber)))
    return kilobytes << 10
}
