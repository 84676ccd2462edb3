import RalphCore
import SystemPackage

/// Reads refs, symbolic refs and reflogs straight from a git directory: no process, and nothing of its configuration is run.
///
/// It knows the *files* format of refs, the only one that a repository may have which passed the checks at start-up.
struct RefFiles {
    /// Where `HEAD` and the other refs of one worktree are.
    var gitDirectory: FilePath
    /// Where branches are.
    var commonDirectory: FilePath

    /// A ref followed to its end.
    enum Resolved: Equatable {
        case branch(String, tip: ObjectID)
        /// It names a branch that does not exist (yet).
        case unborn(String)
        /// `HEAD` is a commit.
        case detached(ObjectID)
        case missing
    }

    func resolve(_ name: String) -> Resolved {
        var ref = name
        for _ in 0..<RefFiles.symbolicDepth {
            switch look(ref) {
            case .symbolic(let next): ref = next
            case .direct(let tip): return ref.hasPrefix("refs/") ? .branch(ref, tip: tip) : .detached(tip)
            case .none: return ref.hasPrefix("refs/") && ref != name ? .unborn(ref) : .missing
            }
        }
        return .missing
    }

    func value(of name: String) -> ObjectID? {
        switch resolve(name) {
        case .branch(_, let tip), .detached(let tip): tip
        case .unborn, .missing: nil
        }
    }

    /// Whether the reflog says that the branch was at `commit` and was moved away from it. Being named as a *new* value proves nothing:
    /// git writes the line before it moves the ref.
    func reflog(of ref: String, hasOldValue commit: ObjectID) -> Bool {
        guard let log = LandingFile.read(commonDirectory.appending("logs").appending(ref))
        else { return false }
        let start = Array((commit.rawValue + " ").utf8)
        return log.split(separator: UInt8(ascii: "\n")).contains { line in
            // A line that changes nothing (a checkout of the same commit) is no proof of having been left.
            line.starts(with: start) && !line.dropFirst(start.count).starts(with: start)
        }
    }

    /// Whether `git pack-refs` has been over it.
    func isPacked(_ ref: String) -> Bool { packed(ref) != nil }

    private enum Content {
        case symbolic(String)
        case direct(ObjectID)
    }

    private static let symbolicDepth = 6

    private func look(_ ref: String) -> Content? {
        // A ref may be packed between the two reads, and its loose file removed: look at the loose one again.
        loose(ref) ?? packed(ref) ?? loose(ref)
    }

    private func loose(_ ref: String) -> Content? {
        let path = (ref.hasPrefix("refs/") ? commonDirectory : gitDirectory).appending(ref)
        // An old way to write a symbolic ref.
        if let target = LandingFile.readLink(RawPath(path.removingLastComponent(), path.lastComponentBytes)) {
            let name = String(decoding: target, as: UTF8.self)
            if name.hasPrefix("refs/") { return .symbolic(name) }
        }
        guard let bytes = FileWriting.read(path, limit: RefFiles.longestRef) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).trimmingTrailingWhitespace()
        if text.hasPrefix("ref:") {
            return .symbolic(String(text.dropFirst(4).drop { $0 == " " || $0 == "\t" }))
        }
        return ObjectID(hexadecimal: text).map { .direct($0) }
    }

    private func packed(_ ref: String) -> Content? {
        guard let bytes = LandingFile.read(commonDirectory.appending("packed-refs"))
        else { return nil }
        let end = Array((" " + ref).utf8)
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.count > end.count {
            guard line.suffix(end.count).elementsEqual(end) else { continue }
            let value = String(decoding: line.dropLast(end.count), as: UTF8.self)
            if let id = ObjectID(hexadecimal: value) { return .direct(id) }
        }
        return nil
    }

    private static let longestRef = 4096
}

extension ObjectID {
    /// Nil unless the text is a whole object name.
    init?(hexadecimal text: some StringProtocol) {
        guard text.utf8.count == 40 || text.utf8.count == 64 else { return nil }
        let isHexadecimal = text.utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
        guard isHexadecimal else { return nil }
        self.init(String(text))
    }
}

extension String {
    fileprivate func trimmingTrailingWhitespace() -> String {
        var text = self[...]
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}

extension FilePath {
    fileprivate var lastComponentBytes: [UInt8] { Array((lastComponent?.string ?? "").utf8) }
}
