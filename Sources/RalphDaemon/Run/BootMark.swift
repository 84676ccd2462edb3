import Foundation
import SystemPackage

/// Remembers in the state directory under which start of the machine the daemon ran last, to tell a daemon that died from a
/// machine that went down.
struct BootMark: Sendable {
    private let file: String

    private static let source = "/proc/sys/kernel/random/boot_id"

    init(state: FilePath) { file = state.appending("boot").string }

    /// True also where the machine does not say.
    var isOfThisBoot: Bool {
        guard let now = current, let then = FileManager.default.contents(atPath: file) else { return true }
        return now == then
    }

    /// Once what an earlier life left is put in order. Without it only the count of deaths is less exact.
    func renew() {
        guard let current, FileManager.default.contents(atPath: file) != current else { return }
        try? current.write(to: URL(filePath: file), options: .atomic)
    }

    private var current: Data? {
        guard let id = FileManager.default.contents(atPath: Self.source), !id.isEmpty else { return nil }
        return id
    }
}
