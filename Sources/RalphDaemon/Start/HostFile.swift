import Foundation
import RalphAPI
import RalphCore
import RalphPRD
import SystemPackage

/// The host's configuration file of a project.
enum HostFile {
    /// A file that a person named; it has to be there.
    static func read(_ file: String) throws(Failure) -> HostSettings {
        guard FileManager.default.fileExists(atPath: file) else {
            throw Failure(
                .configuration,
                "no configuration at \(file): pass the path of a file that is there"
            )
        }
        guard let bytes = FileManager.default.contents(atPath: file) else {
            throw Failure(.configuration, "\(file) cannot be read: make it readable for this user")
        }
        do throws(Rejection) {
            var settings = try SettingsReader.host(Array(bytes))
            settings.directory = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
            // The front matter's own is seen from the PRD.
            if let prompt = settings.project.prompt, let directory = settings.directory {
                settings.project.prompt?.path = FilePath(directory).resolving(prompt.path).string
            }
            return settings
        } catch {
            let problem = error.problems.first
            throw Failure(
                .configuration,
                "\(file):\(problem?.line ?? 1): \(problem?.message ?? "cannot be read")"
            )
        }
    }

    /// The person's own file, else the system's; nil when there is neither.
    static func find(name: String, _ environment: [String: String]) -> String? {
        ProjectPlaces.hostFiles(name: name, environment: environment).map(\.string)
            .first { FileManager.default.fileExists(atPath: $0) }
    }
}
