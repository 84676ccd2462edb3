import Foundation
import RalphAPI
import RalphCore
import RalphPRD
import SystemPackage

/// Finds the PRD, and a name for its project.
struct PRDSearch {
    var directory: FilePath

    /// Where a PRD that is not named may be.
    static func places(in directory: FilePath) -> [FilePath] {
        ProjectPlaces.prdNames.map { directory.appending($0) }
    }

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
        let found = ProjectPlaces.prds(in: directory)
        guard let first = found.first else {
            throw Failure(
                .configuration,
                "no PRD in \(directory): looked for \(ProjectPlaces.prdNames.joined(separator: ", ")); write one, pass "
                    + "its path, or let ralphctl init write an example"
            )
        }
        guard found.count == 1 else {
            let names = found.map(\.string).joined(separator: ", ")
            throw Failure(.configuration, "several PRDs: \(names); pass the one that is meant")
        }
        return first
    }

    /// `name:` of the front matter; what is wrong with the document is said later, with its line.
    static func statedName(_ prd: FilePath) -> String? {
        FileManager.default.contents(atPath: prd.string).flatMap { try? PRD.parse(Array($0)).settings.name }
    }
}
