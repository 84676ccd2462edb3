import Foundation
import RalphCore
import RalphPRD
import SystemPackage

/// Finds the PRD, and a name for its project.
struct PRDSearch {
    var directory: FilePath

    private static let names = ["PRD.md", "prd.md", "docs/PRD.md", "docs/prd.md"]

    func find(_ given: String?) throws(Failure) -> FilePath {
        if let given {
            let path = directory.resolving(given)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path.string, isDirectory: &isDirectory) else {
                throw Failure(
                    .configuration,
                    "no PRD at \(given): pass its path, or write one (see prd.example.md)"
                )
            }
            guard !isDirectory.boolValue else {
                throw Failure(.configuration, "\(given) is a directory: pass the path of the PRD in it")
            }
            return path
        }
        let found = Self.names.filter {
            FileManager.default.fileExists(atPath: directory.appending($0).string)
        }
        guard let first = found.first else {
            throw Failure(
                .configuration,
                "no PRD in \(directory): looked for \(Self.names.joined(separator: ", ")); write one or pass its path"
            )
        }
        // One file can have two of the names where a file system ignores case.
        guard Set(found.compactMap { inode(directory.appending($0).string) }).count <= 1 else {
            throw Failure(
                .configuration,
                "several PRDs: \(found.joined(separator: ", ")); pass the one that is meant"
            )
        }
        return directory.appending(first)
    }

    private func inode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.systemFileNumber] as? Int
    }

    /// `name:` of the front matter; what is wrong with the document is said later, with its line.
    static func statedName(_ prd: FilePath) -> String? {
        FileManager.default.contents(atPath: prd.string).flatMap { try? PRD.parse(Array($0)).settings.name }
    }

    /// The repository's directory name, with what a file name of ours may not hold made a hyphen.
    static func defaultName(_ repository: FilePath) -> String {
        var root = repository
        while !root.components.isEmpty, !FileManager.default.fileExists(atPath: root.appending(".git").string)
        {
            root.removeLastComponent()
        }
        let base = (root.components.isEmpty ? repository : root).lastComponent?.string ?? ""
        let name = base.map { $0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0) ? $0 : "-" }
            .prefix(60)
        let plain = String(name.drop { $0 == "." })
        return plain.isEmpty ? "project" : plain
    }
}
