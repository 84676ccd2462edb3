import RalphAPI

/// What `ralphctl doctor` says of one part.
struct Finding: Encodable, Equatable, Sendable {
    enum Verdict: String, Encodable, Comparable, Sendable {
        case ok, warn, bad

        static func < (a: Verdict, b: Verdict) -> Bool { a.rank < b.rank }
        private var rank: Int { self == .ok ? 0 : self == .warn ? 1 : 2 }
    }

    /// `git`, `agent claude`, `database`.
    var part: String
    var verdict: Verdict
    var message: String
    /// The command, or the edit, that mends it; nil where nothing has to be.
    @OrNull var mend: String?

    static func ok(_ part: String, _ message: String) -> Finding {
        Finding(part: part, verdict: .ok, message: message)
    }

    /// Works, but not as well as it could.
    static func warn(_ part: String, _ message: String, mend: String) -> Finding {
        Finding(part: part, verdict: .warn, message: message, mend: mend)
    }

    /// Keeps the project from running, or from keeping its promises.
    static func bad(_ part: String, _ message: String, mend: String) -> Finding {
        Finding(part: part, verdict: .bad, message: message, mend: mend)
    }

    private init(part: String, verdict: Verdict, message: String, mend: String? = nil) {
        self.part = part
        self.verdict = verdict
        self.message = message
        self.mend = mend
    }
}
