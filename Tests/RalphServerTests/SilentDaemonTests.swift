import Glibc
import RalphAPI
import RalphClient
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

/// A socket that takes connections and says nothing, as a daemon's does that is stopped or hangs.
private final class SilentSocket {
    let directory: TemporaryDirectory
    let path: FilePath
    private let descriptor: Int32

    init() throws {
        directory = try TemporaryDirectory("silent")
        path = directory.path.appending("s")
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.string.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0, listen(descriptor, 16) == 0 else { throw Errno(rawValue: errno) }
    }

    deinit { close(descriptor) }
}

@Suite("a daemon that listens and does not answer")
struct SilentDaemonTests {
    @Test("what only reads gives up soon, and says what is the matter", .timeLimit(.minutes(5)))
    func reading() async throws {
        let silent = try SilentSocket()
        let client = DaemonClient(socket: silent.path, isHasty: true)
        let failure = await #expect(throws: Failure.self) { try await client.status() }
        // What runs into the deadline of an answer, half a minute, is `unavailable`.
        #expect(failure?.code == .noAnswer)
        #expect(failure?.message.contains("listens but does not answer") == true)
        #expect(failure?.code.exitCode == 69)
    }

    @Test(
        "what follows gives up soon as well, whoever asks",
        .timeLimit(.minutes(5)),
        arguments: [false, true]
    )
    func following(isHasty: Bool) async throws {
        let silent = try SilentSocket()
        let client = DaemonClient(socket: silent.path, isHasty: isHasty)
        let events = await #expect(throws: Failure.self) { try await client.events(after: nil) }
        #expect(events?.code == .noAnswer)
        let log = await #expect(throws: Failure.self) {
            try await client.log(.latest(.words("a")), LogQuery(follow: true))
        }
        #expect(log?.code == .noAnswer)
    }

    @Test("who has nowhere else to look waits on", .timeLimit(.minutes(5)))
    func patient() async throws {
        let silent = try SilentSocket()
        let client = DaemonClient(socket: silent.path)
        let asked = Task { try await client.status() }
        let hasty = await #expect(throws: Failure.self) {
            try await DaemonClient(socket: silent.path, isHasty: true).status()
        }
        #expect(hasty?.code == .noAnswer)
        asked.cancel()
        await #expect(throws: CancellationError.self) { try await asked.value }
    }

    @Test("a deed is not sent", .timeLimit(.minutes(5)))
    func steering() async throws {
        let silent = try SilentSocket()
        let client = DaemonClient(socket: silent.path)
        let failure = await #expect(throws: Failure.self) { try await client.pause(now: true) }
        #expect(failure?.code == .noAnswer)
    }
}
