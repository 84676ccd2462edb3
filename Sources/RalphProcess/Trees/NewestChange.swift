import CRalph
import Glibc

import struct SystemPackage.FilePath

/// Finds how long ago something in a directory last changed, by looking at a bounded number of its entries, upper levels first.
struct NewestChange {
    private static let mostEntries = 50_000

    private let root: FilePath

    init(in root: FilePath) { self.root = root }

    /// The age of the first change found that is younger than `limit`; nil when there is none.
    ///
    /// By the time of the inode's change, which no archive and no `touch` sets back. One in the future is no news.
    func age(ifUnder limit: Duration) -> Duration? {
        var seen = 0
        var level = [root.string]
        while !level.isEmpty && seen < Self.mostEntries {
            var next: [String] = []
            for directory in level {
                for entry in Self.entries(of: directory) where seen < Self.mostEntries {
                    seen += 1
                    guard let status = Self.status(of: entry) else { continue }
                    if let age = Self.age(of: status), age < limit { return age }
                    if status.st_mode & S_IFMT == S_IFDIR { next.append(entry) }
                }
            }
            level = next
        }
        return Self.status(of: root.string).flatMap(Self.age(of:)).flatMap { $0 < limit ? $0 : nil }
    }

    private static func entries(of directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var entries: [String] = []
        while let next = readdir(stream) {
            guard let text = ralph_entry_name(next) else { continue }
            let name = String(cString: text)
            if name != "." && name != ".." { entries.append("\(directory)/\(name)") }
        }
        return entries
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return lstat(path, &status) == 0 ? status : nil
    }

    private static func age(of status: stat) -> Duration? {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let age =
            Duration.seconds(now.tv_sec - status.st_ctim.tv_sec)
            + .nanoseconds(now.tv_nsec - status.st_ctim.tv_nsec)
        let clockSlack = Duration.seconds(1)
        return age > .zero - clockSlack ? max(age, .zero) : nil
    }
}
