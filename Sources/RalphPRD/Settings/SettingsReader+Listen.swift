import RalphCore

extension SettingsReader {
    private static let listenExample =
        "listen: {address: 0.0.0.0:7777, token: /etc/ralphd/token, hosts: [buildbox]}"

    /// `127.0.0.1:7777`, or a map of it with the token without which nobody else is let in.
    mutating func listen(_ entry: SettingsNode.Entry) -> HostSettings.Listen? {
        guard case .map(let fields, _) = entry.value else {
            guard let text = string(entry, example: "listen: 127.0.0.1:7777") else { return nil }
            return guarded(address(text, entry), entry)
        }
        var found: HostSettings.Listen?
        var (token, hosts): (String?, [String]) = (nil, [])
        for field in fields {
            switch field.key {
            case "address":
                found = string(field, example: "address: 0.0.0.0:7777").flatMap { address($0, field) }
                if found == nil { return nil }
            case "token": token = string(field, example: "token: /etc/ralphd/token")
            case "hosts": hosts = strings(field, example: "hosts: [buildbox]") ?? []
            default: unknown(field, keys: ["address", "token", "hosts"], of: "listen")
            }
        }
        guard var found else {
            error(entry.place, "`listen` names no address; write `\(Self.listenExample)`")
            return nil
        }
        found.token = token
        found.hosts = hosts
        return guarded(found, entry)
    }

    private mutating func address(_ text: String, _ entry: SettingsNode.Entry) -> HostSettings.Listen? {
        if let listen = HostSettings.Listen(address: text) { return listen }
        error(
            entry.value.place,
            "`\(entry.key)` is `\(text)`, no address with a port; write 127.0.0.1:7777 or [::1]:7777"
        )
        return nil
    }

    private mutating func guarded(_ listen: HostSettings.Listen?, _ entry: SettingsNode.Entry) -> HostSettings
        .Listen?
    {
        guard let listen, !listen.isLoopback, listen.token == nil else { return listen }
        error(
            entry.value.place,
            "others can reach \(listen), and who gets in runs commands as you; give a token, "
                + "`\(Self.listenExample)`, or listen on 127.0.0.1"
        )
        return nil
    }
}
