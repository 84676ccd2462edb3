import Foundation
import SystemPackage

/// What makes a directory the top of a repository, read without git, which takes longer than all the rest of a status.
enum RepositoryMark: Equatable {
    /// A `.git` directory, or a bare repository.
    case repository
    /// A `.git` file that points into another repository's directory: the repository of a linked worktree.
    case worktree(FilePath)
    /// A `.git` file whose directory is a repository of its own that lies in the one around it.
    case submodule

    /// Nil for a directory that is none.
    init?(at place: FilePath) {
        let mark = place.appending(".git")
        if Self.isDirectory(mark) {
            self = .repository
        } else if let directory = Self.pointer(in: mark, label: "gitdir: ", from: place) {
            guard let common = Self.pointer(in: directory.appending("commondir"), label: "", from: directory)
            else {
                self = .submodule
                return
            }
            self = .worktree(common)
        } else if Self.isDirectory(place.appending("objects")), Self.isDirectory(place.appending("refs")),
            FileManager.default.fileExists(atPath: place.appending("HEAD").string)
        {
            self = .repository
        } else {
            return nil
        }
    }

    /// Where the repository is that a directory with this mark belongs to; nil when that is around it.
    func repository(of place: FilePath) -> FilePath? {
        switch self {
        case .repository: place
        case .worktree(let common): common.lastComponent == ".git" ? common.removingLastComponent() : common
        case .submodule: nil
        }
    }

    /// The top of the work tree around a directory, a submodule's and a linked one's being their own; nil outside of all.
    static func top(around directory: FilePath) -> FilePath? {
        var place = directory
        while RepositoryMark(at: place) == nil {
            guard !place.components.isEmpty else { return nil }
            place.removeLastComponent()
        }
        return place
    }

    private static func isDirectory(_ path: FilePath) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path.string, isDirectory: &isDirectory)
            && isDirectory.boolValue
    }

    /// The path that a small file of git's names.
    private static func pointer(in file: FilePath, label: String, from directory: FilePath) -> FilePath? {
        guard let data = FileManager.default.contents(atPath: file.string),
            let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first,
            line.hasPrefix(label), line.count > label.count
        else { return nil }
        let path = FilePath(String(line.dropFirst(label.count)))
        return (path.isAbsolute ? path : directory.pushing(path)).lexicallyNormalized()
    }
}
