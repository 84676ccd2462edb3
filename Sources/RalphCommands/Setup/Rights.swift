import RalphProcess

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What agents and checks may do, in words for who starts them.
enum Rights {
    static func words(environment: [String: String]) -> String {
        let hold =
            Containment.detect(environment: environment).containment == .group
            ? "their processes are found by group and mark"
            : "in a PID namespace, so that none outlives its run"
        return
            "agents and checks run as \(userName(geteuid())), with all that \(userName(geteuid())) may do; \(hold)"
    }

    static func userName(_ user: uid_t) -> String {
        guard let entry = getpwuid(user), let name = entry.pointee.pw_name else { return "user \(user)" }
        return String(cString: name)
    }
}
