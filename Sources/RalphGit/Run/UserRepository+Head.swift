package import RalphCore
internal import SystemPackage

/// What stands at the top of the person's checkout: for those who set a project up or look what is wrong with it, and
/// have no store yet.
extension UserRepository {
    /// Short name of the branch that is checked out, also one without a commit; nil for a detached HEAD.
    package func branch() throws(Failure) -> String? {
        let output = try command.run(["symbolic-ref", "--quiet", "--short", "HEAD"])
        return output.isSuccess ? output.text : nil
    }

    /// Nil before the first commit.
    package func head() throws(Failure) -> ObjectID? {
        let output = try command.run(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])
        return output.isSuccess ? ObjectID(output.text) : nil
    }

    /// Names in the root of a commit's tree, directories with a trailing slash.
    package func topLevel(of commit: ObjectID) throws(Failure) -> [String] {
        try command.demand(["ls-tree", "-z", commit.rawValue]).fields.map { field in
            let text = String(decoding: field, as: UTF8.self)
            let name = text.split(separator: "\t", maxSplits: 1).last.map(String.init) ?? text
            return text.hasPrefix("040000 ") ? name + "/" : name
        }
    }

    /// A file in the root of a commit's tree; nil when it is not there.
    package func text(of name: String, at commit: ObjectID) throws(Failure) -> String? {
        let output = try command.run(["cat-file", "blob", "\(commit.rawValue):\(name)"])
        return output.isSuccess ? output.text : nil
    }

    /// "2.43.0"; nil when git says something else.
    package func gitVersion() throws(Failure) -> String? {
        let words = try command.demand(["version"]).text.split(separator: " ")
        return words.count > 2 ? String(words[2]) : nil
    }
}
