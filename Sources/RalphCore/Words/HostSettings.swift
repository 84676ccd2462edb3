/// What the host's configuration file says (DESIGN.md §10): where things are, and defaults for every project.
package struct HostSettings: Equatable, Codable, Sendable {
    package enum LogLevel: String, CaseIterable, Codable, Sendable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// Where the file is that said all this; what is relative in it is seen from there. Nil: there is no file.
    package var directory: String?
    package var prd: String?
    package var repository: String?
    package var stateDirectory: String?
    package var socket: String?
    /// A TCP address beside the socket.
    package var listen: Listen?
    package var logLevel: LogLevel?
    /// `PATH` for agents, checks and set-up; the person's own, as a unit's finds no agent.
    package var path: String?
    /// By agent: environment variable to the file whose content it gets. A relative file is one of systemd's credentials
    /// where there is one of that name, else lies in `directory`.
    package var credentials: [String: [String: String]] = [:]
    /// By agent: the line of the file that gives it credentials.
    package var credentialLines: [String: Int] = [:]
    /// Shell commands, run in order once per landing.
    package var afterLanding: [String] = []
    /// Shell commands, run in order for each thing that begins to need a person.
    package var notify: [String] = []
    /// What no front matter may exceed.
    package var limits = Limits()
    /// What holds where a PRD's front matter says nothing.
    package var project = ProjectSettings()

    package init() {}

    /// `listen:`: loopback, or guarded by a token.
    package struct Listen: Equatable, Codable, Sendable, CustomStringConvertible {
        /// An address, or a name of one.
        package var host: String
        package var port: Int
        /// The file that holds the token, as it was written.
        package var token: String?
        /// Further names by which clients call this machine.
        package var hosts: [String] = []

        package init(host: String, port: Int, token: String? = nil, hosts: [String] = []) {
            self.host = host
            self.port = port
            self.token = token
            self.hosts = hosts
        }

        /// Nil when it is no `HOST:PORT`.
        package init?(address: String) {
            guard let colon = address.lastIndex(of: ":"),
                let port = UInt16(address[address.index(after: colon)...])
            else { return nil }
            var host = String(address[..<colon])
            if host.hasPrefix("["), host.hasSuffix("]") {
                host = String(host.dropFirst().dropLast())
            } else if host.contains(":") {
                return nil
            }
            guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
            self.init(host: host, port: Int(port))
        }

        /// Whether only this machine can reach it.
        package var isLoopback: Bool {
            if host == "localhost" || host == "::1" { return true }
            let parts = host.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
        }

        package var description: String { (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }
    }
}

/// `limits:`: a host's bounds on what a front matter may ask for. Where it asks for nothing, they hold themselves.
package struct Limits: Equatable, Codable, Sendable {
    package var budget = Budget()
    package var attempts: Int?
    package var timeout: Duration?
    package var idleTimeout: Duration?

    package init() {}
}
