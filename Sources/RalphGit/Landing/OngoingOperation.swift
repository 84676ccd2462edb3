import RalphCore
import SystemPackage

/// A rebase, merge, pick or bisect that the user is in the middle of, read from the files git keeps it in.
enum OngoingOperation: String {
    case rebase, am, bisect, merge
    case cherryPick = "cherry-pick"
    case revert, sequence

    /// For a message: "a rebase".
    var name: String {
        switch self {
        case .am: "an am"
        case .sequence: "a sequence of picks"
        default: "a \(rawValue)"
        }
    }

    /// What is going on in this git directory, whichever branch it is about.
    static func inProgress(in gitDirectory: FilePath) -> OngoingOperation? {
        let names = Set(LandingFile.names(in: gitDirectory))
        if names.contains("rebase-merge") { return .rebase }
        if names.contains("rebase-apply") {
            let applying = gitDirectory.appending("rebase-apply").appending("applying")
            return PathStatus(at: applying) == nil ? .rebase : .am
        }
        if names.contains("MERGE_HEAD") { return .merge }
        if names.contains("CHERRY_PICK_HEAD") { return .cherryPick }
        if names.contains("REVERT_HEAD") { return .revert }
        if names.contains("sequencer") { return .sequence }
        return names.contains("BISECT_START") ? .bisect : nil
    }

    /// What is going on in this git directory that will write the branch when it ends, although `HEAD` may be elsewhere now.
    static func holding(_ ref: String, in gitDirectory: FilePath) -> OngoingOperation? {
        for directory in ["rebase-merge", "rebase-apply"] {
            let state = gitDirectory.appending(directory)
            if lines(of: state.appending("head-name")).first == ref { return .rebase }
            // `rebase --update-refs` moves these too: ref, old and new value, a line each.
            if lines(of: state.appending("update-refs")).contains(ref) { return .rebase }
        }
        let start = lines(of: gitDirectory.appending("BISECT_START")).first
        return start == Target.shortName(of: ref) || start == ref ? .bisect : nil
    }

    private static let longest = 1 << 20

    private static func lines(of path: FilePath) -> [String] {
        let bytes = FileWriting.read(path, limit: longest) ?? []
        return bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }
}
