/// Whose name a commit carries, as author and as committer.
package struct Identity: Equatable, Sendable {
    package var name: String
    package var email: String

    package init(name: String, email: String) {
        self.name = Self.cleaned(name)
        self.email = Self.cleaned(email)
    }

    /// Used where the repository's configuration names nobody.
    package static let daemon = Identity(name: "ralphd", email: "ralphd@localhost")

    /// Git's own objects delimit both with angle brackets and a line feed.
    private static func cleaned(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F && $0 != "<" && $0 != ">" })
    }
}
