import Glibc
package import RalphCore
package import SystemPackage

extension Landing {
    /// Whether the tick may go into the landed commit: only where landing it leaves the author's file as a tick beside would.
    package func tickPlan(prd: FilePath, target: Target) throws(Failure) -> TickPlan {
        guard let checkout = target.checkout else {
            return .beside(reason: "the target is checked out nowhere")
        }
        if let busy = target.busy { return .beside(reason: busy) }
        guard let real = LandingFile.realPath(prd), let status = PathStatus(at: real), status.kind == .file
        else {
            return .beside(reason: "there is no file at \(prd)")
        }
        guard status.linkCount == 1 else { return .beside(reason: "\(real) has another name (a hard link)") }
        guard let tracked = try trackedPRD(real, in: checkout, at: target.tip) else {
            return .beside(reason: "\(real) is not tracked on \(target.shortName)")
        }
        guard Landing.isGitsMode(status.mode & 0o7777) else {
            return .beside(reason: "\(real) has rights that git would not keep")
        }
        guard !repository.convertsLineEndings || !tracked.content.contains(UInt8(ascii: "\n")) else {
            return .beside(reason: "git converts line endings here")
        }
        guard FileWriting.read(real, limit: tracked.content.count) == tracked.content else {
            return .beside(reason: "\(real) is modified")
        }
        return .inCommit(tracked)
    }

    /// Whether git put a file there as it is: its index knows the very file and its time, which a save by anybody else changes.
    package func isAsGitWrote(_ file: FilePath) throws(Failure) -> Bool {
        guard let checkout = home(of: file)?.checkout, let real = LandingFile.realPath(file),
            let path = Landing.path(of: real, in: checkout), let status = PathStatus(at: real)
        else { return false }
        let format = repository.objectFormat
        let index = try IndexFile(checkout.gitDirectory.appending("index"), objectFormat: format)
        guard let entry = index[path.bytes[...]] else { return false }
        return entry.modified == status.modified && entry.inode == UInt32(truncatingIfNeeded: status.inode)
    }

    private static func path(of real: FilePath, in checkout: Checkout) -> RepositoryPath? {
        guard let root = LandingFile.realPath(checkout.workTree) else { return nil }
        var relative = real
        guard relative.removePrefix(root), !relative.components.isEmpty else { return nil }
        return RepositoryPath(relative.bytes)
    }

    /// The PRD as the tip has it; nil if it is not a regular file of that tree.
    func trackedPRD(_ real: FilePath, in checkout: Checkout, at tip: ObjectID) throws(Failure) -> TrackedPRD?
    {
        guard let (path, entry) = try trackedEntry(real, in: checkout, at: tip) else { return nil }
        let content = try store.bytes(of: entry.id, type: "blob")
        return TrackedPRD(path: path, mode: entry.mode, blob: entry.id, content: content)
    }

    /// Whether the tip has a regular file there.
    func isTracked(_ real: FilePath, in checkout: Checkout, at tip: ObjectID) throws(Failure) -> Bool {
        try trackedEntry(real, in: checkout, at: tip) != nil
    }

    private func trackedEntry(_ real: FilePath, in checkout: Checkout, at tip: ObjectID) throws(Failure)
        -> (path: RepositoryPath, entry: TreeEntry)?
    {
        guard let path = Landing.path(of: real, in: checkout),
            let entry = try store.entry(path, in: try store.commit(tip).tree), entry.isFile
        else { return nil }
        return (path, entry)
    }

    /// Landing writes the file anew with the rights that git gives; others would be lost.
    private static func isGitsMode(_ mode: UInt32) -> Bool {
        let mask = umask(0)
        umask(mask)
        return [0o644, 0o755].contains(mode) || mode == 0o666 & ~UInt32(mask) || mode == 0o777 & ~UInt32(mask)
    }
}

extension FilePath {
    /// Its bytes, which need not be UTF-8.
    fileprivate var bytes: [UInt8] {
        withPlatformString { start in Array(UnsafeRawBufferPointer(start: start, count: strlen(start))) }
    }
}
