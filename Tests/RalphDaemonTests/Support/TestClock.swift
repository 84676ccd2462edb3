import Foundation
import SystemPackage

/// The wall clock of a daemon under test (`RALPHD_TEST_CLOCK`, debug builds only): this machine's, moved by an offset.
struct TestClock {
    private let file: String

    /// - Parameter start: what the daemon's clock shows now.
    init(in place: FilePath, showing start: Date = Date()) throws {
        file = place.appending("clock").string
        try show(start)
    }

    var environment: [String: String] { ["RALPHD_TEST_CLOCK": file] }

    /// What the daemon's clock shows.
    var now: Date {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return Date().addingTimeInterval(Double(text) ?? 0)
    }

    /// Sets it. It runs on from there.
    func show(_ instant: Date) throws {
        // By a rename, so that the daemon never reads half a number.
        try Data("\(instant.timeIntervalSince(Date()))".utf8).write(to: URL(filePath: file), options: .atomic)
    }
}
