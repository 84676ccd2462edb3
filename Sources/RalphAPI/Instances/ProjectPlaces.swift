internal import Foundation
package import SystemPackage

/// Where the files of a project are that nobody placed elsewhere: the same for the daemon and for `ralphctl`.
package enum ProjectPlaces {
    /// Where a PRD is looked for when nobody says where it is.
    package static let prdNames = ["PRD.md", "prd.md", "docs/PRD.md", "docs/prd.md"]
    /// Leaves room for an ending in a name of at most 64 bytes.
    private static let longestName = 60

    /// The PRDs in a directory that are different files, best name first.
    package static func prds(in directory: FilePath) -> [FilePath] {
        // Where upper and lower case are one, two names are one file.
        var seen: Set<Int> = []
        return prdNames.map { directory.appending($0) }.filter { place in
            let facts = try? FileManager.default.attributesOfItem(atPath: place.string)
            guard let number = facts?[.systemFileNumber] as? Int else { return false }
            return seen.insert(number).inserted
        }
    }

    /// The host's files for a project, the person's own first; they need not be there.
    package static func hostFiles(name: String, environment: [String: String]) -> [FilePath] {
        let system = FilePath("/etc/ralphd/\(name).yaml")
        return personalDirectory(environment: environment).map { [$0.appending("\(name).yaml"), system] } ?? [
            system
        ]
    }

    /// Where the person's own host files are; nil without a home.
    package static func personalDirectory(environment: [String: String]) -> FilePath? {
        if let home = environment["XDG_CONFIG_HOME"], home.hasPrefix("/") {
            return FilePath(home).appending("ralphd")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return FilePath(home).appending(".config").appending("ralphd")
    }

    /// The name of the directory that holds the repository around a path, with what a file name of ours may not hold made
    /// a hyphen.
    package static func defaultName(of path: FilePath) -> String {
        var root = path
        while !root.components.isEmpty, !FileManager.default.fileExists(atPath: root.appending(".git").string)
        {
            root.removeLastComponent()
        }
        let base = (root.components.isEmpty ? path : root).lastComponent?.string ?? ""
        // What a name may not hold stands between its words.
        let words = base.split { !($0.isASCII && ($0.isLetter || $0.isNumber) || "-_.".contains($0)) }
        let name = words.joined(separator: "-").prefix(longestName)
        let plain = String(name.drop { $0 == "." })
        return plain.isEmpty ? "project" : plain
    }
}
