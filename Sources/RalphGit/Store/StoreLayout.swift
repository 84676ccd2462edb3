internal import Glibc
internal import RalphCore
internal import SystemPackage

/// The files that make a directory the store. Written by hand: `git init` would read templates, and cost a process.
struct StoreLayout {
    private let store: Store

    init(store: Store) { self.store = store }

    func write() throws(Failure) {
        guard !store.path.string.utf8.contains(UInt8(ascii: "\n")) else {
            throw Failure(
                .configuration,
                "the state directory's path has a line feed: choose another --state-dir"
            )
        }
        for name in ["objects/info", "objects/pack", "refs/heads", "info"] {
            try FileWriting.makeDirectory(store.path.appending(name), mode: 0o700)
        }
        try FileWriting.makeDirectory(store.temporaryDirectory, mode: 0o700)
        try requireSameRepository()
        let objects = store.repository.objectDirectory.string
        try FileWriting.replace(store.path.appending("objects/info/alternates"), Array((objects + "\n").utf8))
        try FileWriting.replace(store.path.appending("config"), Array(configuration.utf8))
        try FileWriting.replace(store.path.appending("HEAD"), Array("ref: refs/heads/none\n".utf8))
    }

    /// A state directory belongs to one repository for ever: kept work of another one would make no sense here.
    private func requireSameRepository() throws(Failure) {
        let old = FileWriting.read(store.path.appending("config")).map { String(decoding: $0, as: UTF8.self) }
        guard let old, old.contains("[extensions]") != (store.repository.objectFormat == .sha256) else {
            return
        }
        throw Failure(
            .configuration,
            "\(store.path) was made for a repository with other object names: choose another --state-dir"
        )
    }

    /// The shallow boundary, and what counts as ignored: the person's excludes, the files that `include:` copies, and
    /// last, so that nothing takes it back, our own directory.
    func follow(include: [String]) throws(Failure) -> Bool {
        let shallow = store.path.appending("shallow")
        if let boundary = FileWriting.read(store.repository.shallowFile) {
            _ = try replaceIfDifferent(shallow, boundary)
        } else {
            unlink(shallow.string)
        }
        let personal = [
            store.repository.personalExcludes, store.repository.commonDirectory.appending("info/exclude"),
        ]
        var excludes: [UInt8] = []
        for file in personal {
            guard let file, let bytes = FileWriting.read(file, limit: 1 << 20) else { continue }
            excludes += bytes + [UInt8(ascii: "\n")]
        }
        for pattern in include { excludes += Array("/\(IncludePattern.escaped(pattern))\n".utf8) }
        return try replaceIfDifferent(store.excludesFile, excludes + Array("/.ralphd\n".utf8))
    }

    private func replaceIfDifferent(_ path: FilePath, _ bytes: [UInt8]) throws(Failure) -> Bool {
        guard FileWriting.read(path) != bytes else { return false }
        try FileWriting.replace(path, bytes)
        return true
    }

    private var configuration: String {
        let isSHA256 = store.repository.objectFormat == .sha256
        let autocrlf = store.repository.convertsLineEndings ? "input" : "false"
        return """
            [core]
            \trepositoryformatversion = \(isSHA256 ? 1 : 0)
            \tbare = true
            \tfilemode = true
            \tsymlinks = true
            \tignorecase = false
            \tprecomposeunicode = false
            \tprotectHFS = true
            \tprotectNTFS = true
            \ttrustctime = true
            \tcheckStat = default
            \tautocrlf = \(autocrlf)
            \tsafecrlf = false
            \tsplitIndex = false
            \tsparseCheckout = false
            \tuntrackedCache = false
            \tfsmonitor = false
            \thooksPath = /dev/null
            \tattributesFile = /dev/null
            \texcludesFile = \(quoted(store.excludesFile.string))
            \tlogAllRefUpdates = false
            \tfsync = committed,reference
            \tfsyncMethod = batch
            [index]
            \tversion = 2
            [gc]
            \tauto = 0
            [maintenance]
            \tauto = false
            [submodule]
            \trecurse = false
            [i18n]
            \tcommitEncoding = UTF-8
            [feature]
            \tmanyFiles = false

            """ + (isSHA256 ? "[extensions]\n\tobjectFormat = sha256\n" : "")
    }

    private func quoted(_ value: String) -> String {
        let escaped = value.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : String($0) }
        return "\"\(escaped.joined())\""
    }
}
