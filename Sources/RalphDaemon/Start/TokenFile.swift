import Foundation
import Glibc
import RalphAgents
import RalphCore

/// The token of `listen:`, from a file that nobody else can read.
struct TokenFile {
    /// As it was written in the host's configuration.
    var name: String
    var environment: [String: String]
    /// Of the configuration file.
    var directory: String?

    /// 16 random bytes in hexadecimal have 32.
    private static let shortest = 16

    func read() throws(Failure) -> String {
        let place = SecretPlace(name, environment: environment, directory: directory)
        let path = place.path
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let attributes, let bytes = FileManager.default.contents(atPath: path) else {
            throw Failure(
                .configuration,
                "no readable token at \(path): write one, (umask 077; openssl rand -hex 16 > \(path))"
            )
        }
        let owner = (attributes[.ownerAccountID] as? UInt32) ?? UInt32.max
        guard place.isLoaded || (!place.isOpenToOthers && (owner == geteuid() || owner == 0)) else {
            throw Failure(.configuration, "others can read or write the token at \(path): chmod 600 \(path)")
        }
        let token = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard token.utf8.count >= Self.shortest, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Failure(
                .configuration,
                "the token at \(path) is short or has more than letters, digits and signs: openssl rand -hex 16 makes a good one"
            )
        }
        return token
    }
}
