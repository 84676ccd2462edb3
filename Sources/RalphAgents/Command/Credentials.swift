import Foundation
import RalphCore

/// The contents of the files under `credentials:`, read anew for every iteration, so that a renewed token counts at once.
package struct Credentials: Equatable, Sendable {
    /// By agent and variable.
    package var values: [String: [String: String]] = [:]
    /// By agent: the variable whose file cannot be used, and why. Such an agent must not run: its CLI would find another login, and another
    /// account would pay.
    package var troubles: [String: String] = [:]
    /// The variables of all agents, whether or not their files can be read: checks get none of them.
    package var names: Set<String> = []

    /// Values that are replaced wherever they turn up. A short one would make holes in innocent text.
    package var secrets: [String] {
        values.values.flatMap { $0 }.filter { Self.isSecret($0.key) }.map(\.value).filter(Self.isTellable)
    }

    package init() {}

    /// A file is refused above this: it is no token.
    private static let longest = 64 << 10
    private static let shortestSecret = 8

    package static func isTellable(_ value: String) -> Bool { value.utf8.count >= shortestSecret }

    /// Addresses, regions and model names stand among the credential variables, but need no hiding.
    package static func isSecret(_ variable: String) -> Bool {
        ![
            "_URL", "_BASE", "_MODEL", "_MODEL_NAME", "_REGION", "_BEDROCK", "_VERTEX", "_VERTEXAI",
            "_FOUNDRY",
        ]
        .contains { variable.hasSuffix($0) && !variable.contains("TOKEN") }
    }

    /// What a process is given under a name that tells of a secret: only the names tell what `env:` passes on.
    package static func secrets(in environment: [String: String], named names: Set<String>? = nil) -> [String]
    {
        environment.filter { name, value in
            names?.contains(name) ?? true && telling.contains { name.uppercased().contains($0) }
                && isTellable(value)
        }.map(\.value)
    }

    private static let telling = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL"]

    /// - Parameters:
    ///   - files: by agent and variable, as the host's configuration has them. A relative one is looked for where systemd
    ///     puts what `LoadCredential=` names, else beside the configuration.
    ///   - directory: of the configuration file.
    package static func read(
        _ files: [String: [String: String]],
        environment: [String: String],
        directory: String?
    ) -> Credentials {
        var credentials = Credentials()
        for (agent, variables) in files {
            credentials.names.formUnion(variables.keys)
            for (variable, file) in variables.sorted(by: { $0.key < $1.key }) {
                let place = SecretPlace(file, environment: environment, directory: directory)
                do throws(Failure) {
                    credentials.values[agent, default: [:]][variable] = try content(of: place.path)
                } catch {
                    credentials.troubles[agent] = "\(variable): \(error.message)"
                }
            }
        }
        return credentials
    }

    private static func content(of path: String) throws(Failure) -> String {
        guard FileManager.default.fileExists(atPath: path) else {
            throw Failure(.configuration, "no file at \(path)")
        }
        guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= longest else {
            throw Failure(.configuration, "\(path) cannot be read, or is no token")
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw Failure(.configuration, "\(path) is empty") }
        guard !text.contains("\0") else { throw Failure(.configuration, "\(path) holds a zero byte") }
        return text
    }
}
