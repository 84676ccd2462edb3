import Foundation
import RalphCore
import RalphGit
import RalphTestSupport
import SystemPackage
import Testing

/// A state of the user's repository, and what a landing in it comes to.
struct Condition: Sendable, CustomTestStringConvertible {
    enum Ending: Sendable, Equatable {
        case lands
        case inTheWay([String], onlyPRD: Bool = false)
        case busy
    }

    let name: String
    var files: [String: String] = [:]
    var work: [String: LandingScene.Entry] = LandingScene.work
    let ending: Ending
    let arrange: @Sendable (LandingScene) throws -> Void

    var testDescription: String { name }

    init(
        _ name: String,
        files: [String: String] = [:],
        work: [String: LandingScene.Entry] = LandingScene.work,
        _ ending: Ending,
        _ arrange: @escaping @Sendable (LandingScene) throws -> Void
    ) {
        self.name = name
        self.files = files
        self.work = work
        self.ending = ending
        self.arrange = arrange
    }

    static func configured(_ settings: String...) -> @Sendable (LandingScene) throws -> Void {
        { scene in
            for setting in settings {
                let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                    String.init
                )
                try scene.user.git("config", parts[0], parts[1])
            }
        }
    }
}

extension Condition {
    /// The user's configuration, and what it would make of a merge.
    static let configurations: [Condition] = [
        Condition("merge options: squash", .lands, configured("branch.main.mergeOptions=--squash")),
        Condition("merge options: another strategy", .lands, configured("branch.main.mergeOptions=-s ours")),
        Condition("merge options: an unknown one", .lands, configured("branch.main.mergeOptions=--bogus")),
        Condition("merge.ff=false", .lands, configured("merge.ff=false", "merge.autoStash=true")),
        Condition(
            "signatures demanded, no identity",
            .lands,
            configured(
                "merge.verifySignatures=true",
                "user.useConfigOnly=true",
                "user.name=",
                "user.email=",
                "commit.gpgSign=true",
                "gpg.program=/bin/false"
            )
        ),
        Condition("garbage collection is due", .lands, configured("gc.auto=1", "gc.autoPackLimit=1")),
        Condition("a split index", .lands) { scene in
            try scene.user.git("update-index", "--split-index")
            try configured("core.splitIndex=true")(scene)
        },
        Condition(
            "no executable bits, no links",
            .lands,
            configured("core.fileMode=false", "core.symlinks=false")
        ),
        Condition("submodule.recurse", .lands, configured("submodule.recurse=true")),
        Condition("no reflogs", .lands, configured("core.logAllRefUpdates=false")),
        Condition("hooks and a monitor that fail", .lands) { scene in
            for hook in [
                "post-merge", "pre-merge-commit", "reference-transaction", "post-checkout",
                "post-index-change",
            ] {
                let path = try scene.user.directory.write(
                    "#!/bin/sh\ntouch \(scene.state.path)/ran\nexit 1\n",
                    to: ".git/hooks/\(hook)"
                )
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.string)
            }
            try configured("core.fsmonitor=touch \(scene.state.path)/ran; false")(scene)
        },
        Condition(
            "times that say little",
            .lands,
            configured("core.trustctime=false", "core.checkStat=minimal")
        ),
        Condition("an index of version 4", .lands) { scene in
            try configured("index.version=4", "feature.manyFiles=true", "index.threads=4")(scene)
            try scene.user.git("update-index", "--index-version", "4")
        },
        Condition("an untracked cache", .lands) { scene in
            try configured("core.untrackedCache=true")(scene)
            try scene.user.git("update-index", "--untracked-cache")
            try scene.user.git("status")
        },
        Condition("packed refs", .lands) { try $0.user.git("pack-refs", "--all") },
        Condition("a configuration of each work tree's own", .lands) { scene in
            try configured("extensions.worktreeConfig=true")(scene)
            try scene.user.git("config", "--worktree", "merge.ff", "false")
        },
        Condition("shared by a group", .lands, configured("core.sharedRepository=group")),
        Condition("a file system without cases", .lands, configured("core.ignoreCase=true")),
        Condition("line endings that are not to be mixed", .lands, configured("core.safecrlf=true")),
        Condition(
            "programs for everything",
            .lands,
            configured(
                "core.pager=false",
                "core.editor=false",
                "diff.external=false",
                "core.askPass=false",
                "merge.tool=false",
                "credential.helper=!false",
                "gpg.program=false",
                "core.sshCommand=false"
            )
        ),
        Condition(
            "what a merge says and how",
            .lands,
            configured("merge.log=true", "merge.stat=true", "pull.rebase=true", "merge.renames=false")
        ),
        Condition("a commit graph", .lands) { try $0.user.git("commit-graph", "write", "--reachable") },
        Condition("a sparse checkout", .lands) { scene in
            try scene.user.git("sparse-checkout", "set", "--cone", "--sparse-index", "other")
        },
    ]

    /// Work of the user's that the candidate does not touch.
    static let elsewhere: [Condition] = [
        Condition(
            "dirty, staged, deleted, untracked and stashed elsewhere",
            files: ["mine.txt": "m\n", "staged.txt": "s\n", "dead.txt": "d\n"],
            .lands
        ) {
            scene in
            try scene.user.directory.write("stashed\n", to: "mine.txt")
            try scene.user.git("stash", "-q")
            try scene.user.directory.write("dirty\n", to: "mine.txt")
            try scene.user.directory.write("staged\n", to: "staged.txt")
            try scene.user.git("add", "staged.txt")
            try scene.user.directory.write("staged, then dirty\n", to: "staged.txt")
            try scene.user.directory.remove("dead.txt")
            try scene.user.directory.write("untracked\n", to: "src/notes.txt")
            try scene.user.directory.write("ignored\n", to: "build.log")
            try scene.user.directory.write("intended\n", to: "intended.txt")
            try scene.user.git("add", "-N", "intended.txt")
        },
        Condition("deleted here and by the candidate", .lands) { try $0.user.directory.remove("b.txt") },
        Condition("a repository of the user's inside", .lands) {
            try $0.user.git("init", "-q", "vendor/inner")
            try $0.user.directory.write("x\n", to: "vendor/inner/x")
        },
        Condition("a squash that is prepared, elsewhere", files: ["mine.txt": "m\n"], .lands) {
            try $0.user.git("switch", "-q", "-c", "side")
            try $0.user.commit("Side", ["mine.txt": "side\n"])
            try $0.user.git("switch", "-q", "main")
            try $0.user.git("merge", "--squash", "-q", "side")
        },
        Condition("a file where the candidate leaves a directory alone", .lands) {
            try $0.user.directory.write("x\n", to: "deep2")
        },
    ]

    /// Work of the user's that the candidate would overwrite.
    static let overlapping: [Condition] = [
        Condition("dirty, with autostash", .inTheWay(["a.txt"])) { scene in
            try configured("merge.autoStash=true", "rebase.autoStash=true")(scene)
            try scene.user.directory.write("mine\n", to: "a.txt")
        },
        Condition("dirty where the candidate deletes", .inTheWay(["b.txt"])) {
            try $0.user.directory.write("mine\n", to: "b.txt")
        },
        Condition("staged", .inTheWay(["a.txt"])) {
            try $0.user.directory.write("mine\n", to: "a.txt")
            try $0.user.git("add", "a.txt")
        },
        Condition("staged, and put back in the file", .inTheWay(["a.txt"])) {
            try $0.user.directory.write("mine\n", to: "a.txt")
            try $0.user.git("add", "a.txt")
            try $0.user.directory.write("a\n", to: "a.txt")
        },
        Condition(
            "a stash that came back with conflicts",
            files: ["mine.txt": "m\n"],
            .inTheWay(["mine.txt"])
        ) {
            try $0.user.directory.write("stashed\n", to: "mine.txt")
            try $0.user.git("stash", "-q")
            try $0.user.commit("Other", ["mine.txt": "other\n"])
            _ = try $0.user.succeeds("stash", "pop")
        },
        Condition("deleted", .inTheWay(["a.txt"])) { try $0.user.directory.remove("a.txt") },
        Condition("untracked", .inTheWay(["deep/er/new.sh", "new.txt"])) {
            try $0.user.directory.write("mine\n", to: "new.txt")
            try $0.user.directory.write("mine\n", to: "deep/er/new.sh")
        },
        Condition("untracked file where a directory is needed", .inTheWay(["deep"])) {
            try $0.user.directory.write("mine\n", to: "deep")
        },
        Condition("untracked directory where a file is needed", .inTheWay(["new.txt/mine"])) {
            try $0.user.directory.write("mine\n", to: "new.txt/mine")
        },
        Condition("intent to add", .inTheWay(["new.txt"])) {
            try $0.user.directory.write("mine\n", to: "new.txt")
            try $0.user.git("add", "-N", "new.txt")
        },
        Condition("assumed unchanged", .inTheWay(["a.txt"])) {
            try $0.user.git("update-index", "--assume-unchanged", "a.txt")
            try $0.user.directory.write("mine\n", to: "a.txt")
        },
        Condition("skipped in the work tree, and there all the same", .inTheWay(["a.txt"])) {
            try $0.user.git("update-index", "--skip-worktree", "a.txt")
            try $0.user.directory.write("mine\n", to: "a.txt")
        },
        Condition("made executable", .inTheWay(["a.txt"])) {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: $0.user.path.string + "/a.txt"
            )
        },
        Condition("a directory in the place of a file", .inTheWay(["a.txt"])) {
            try $0.user.directory.remove("a.txt")
            try $0.user.directory.write("mine\n", to: "a.txt/mine")
        },
        Condition(
            "ignored, and the candidate takes it up",
            work: [".env": .file("x\n"), ".gitignore": .file("*.log\n")],
            .inTheWay([".env"])
        ) {
            try $0.user.commit("Ignore", [".gitignore": ".env\n"])
            try $0.user.directory.write("secret\n", to: ".env")
        },
        Condition("an ignored directory", work: ["build": .file("x\n")], .inTheWay(["build/out"])) {
            try $0.user.commit("Ignore", [".gitignore": "build/\n"])
            try $0.user.directory.write("made\n", to: "build/out")
        },
        Condition(
            "a directory becomes a file, with something ignored in it",
            work: ["src/c.txt": .gone, "src": .file("x\n")],
            .inTheWay(["src/my.log"])
        ) {
            try $0.user.directory.write("mine\n", to: "src/my.log")
        },
        Condition("only the PRD", .inTheWay(["prd.md"], onlyPRD: true)) {
            try $0.user.directory.write("- [ ] one\n- [ ] two\n- [ ] three\n", to: "prd.md")
        },
        Condition("the PRD and another", .inTheWay(["a.txt", "prd.md"])) {
            try $0.user.directory.write("- [ ] one\n- [ ] three\n", to: "prd.md")
            try $0.user.directory.write("mine\n", to: "a.txt")
        },
        Condition("a file in the place of a link", files: [:], work: ["l": .link("b.txt")], .inTheWay(["l"]))
        {
            try FileManager.default.createSymbolicLink(
                atPath: $0.user.path.string + "/l",
                withDestinationPath: "a.txt"
            )
            try $0.user.commit("Link")
            try $0.user.directory.remove("l")
            try $0.user.directory.write("mine\n", to: "l")
        },
    ]

    /// Locks, and commands of the user's that fail in the middle.
    static let hindered: [Condition] = [
        Condition("index.lock held", .busy) { try $0.user.directory.write("", to: ".git/index.lock") },
        Condition("HEAD.lock held", .busy) { try $0.user.directory.write("", to: ".git/HEAD.lock") },
        Condition("the branch's lock held", .busy) {
            try $0.user.directory.write("", to: ".git/refs/heads/main.lock")
        },
        Condition("ORIG_HEAD.lock held", .busy) {
            try $0.user.directory.write("", to: ".git/ORIG_HEAD.lock")
        },
        Condition("the token of another landing", .busy) {
            try $0.user.directory.write("ralphd: landing other\n", to: ".git/index.lock")
        },
        Condition(
            "a required filter that fails half way",
            files: [".gitattributes": "*.sh filter=broken\n"],
            .busy
        ) { scene in
            try configured(
                "filter.broken.required=true",
                "filter.broken.smudge=false",
                "filter.broken.clean=cat"
            )(scene)
        },
    ]
}
