import Foundation

/// The time of day. A debug build takes it from a test that names a file with an offset in seconds; a release build has
/// no other clock than the host's.
struct WallClock: Sendable {
    let now: @Sendable () -> Date
    /// How often an injected clock has to be looked at; nil for the real one, by which the kernel wakes us.
    let poll: Duration?

    /// Of debug builds.
    static let variable = "RALPHD_TEST_CLOCK"

    init(environment: [String: String]) {
        #if DEBUG
            if let file = environment[Self.variable] {
                now = { Date().addingTimeInterval(Self.offset(in: file)) }
                poll = .milliseconds(20)
                return
            }
        #endif
        now = { Date() }
        poll = nil
    }

    private static func offset(in file: String) -> Double {
        let text = FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) }
        return text.flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
    }
}
