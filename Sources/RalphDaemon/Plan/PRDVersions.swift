import RalphCore
import RalphGit
import Synchronization
import SystemPackage

/// Every version of the PRD that was saved, in order, until the run service gets to it: what an author said in one save is
/// not lost because another one followed at once.
final class PRDVersions: Sendable {
    let file: PRDFile

    private struct Version {
        var number: Int
        var bytes: [UInt8]
        /// What was checked out when it was seen.
        var head: [UInt8]?
    }

    private struct State {
        var pending: [Version] = []
        var last: HeldFile.Stamp?
        var next = 0
        var isAnnounced = false
        /// Of the checkout that the file lies in.
        var gitDirectory: FilePath?

        /// Nil where there is no checkout.
        var head: [UInt8]? { gitDirectory.map { CheckoutStand.head(in: $0) } }

        mutating func append(_ bytes: [UInt8], _ stamp: HeldFile.Stamp) {
            pending.append(Version(number: next, bytes: bytes, head: head))
            next += 1
            last = stamp
            while pending.count > 1,
                pending.count > PRDVersions.most
                    || pending.reduce(0, { $0 + $1.bytes.count }) > PRDVersions.mostBytes
            {
                pending.removeFirst()
            }
        }
    }

    /// Versions that may wait; the oldest are dropped first.
    fileprivate static let most = 64
    fileprivate static let mostBytes = 64 << 20

    private let state = Mutex(State())

    init(_ file: PRDFile) { self.file = file }

    /// In which checkout the file lies: every version is remembered with what was checked out there.
    func watch(_ gitDirectory: FilePath?) { state.withLock { $0.gitDirectory = gitDirectory } }

    /// What was seen while something else was checked out is no edit of what is checked out now, and goes.
    func dropOtherBranches() {
        state.withLock { state in
            let head = state.head
            let isOwn = { (version: Version) in version.head == head }
            guard !state.pending.allSatisfy(isOwn) else { return }
            state.pending = state.pending.filter(isOwn)
            state.last = nil
        }
    }

    /// Looks whether there is a version that was not seen yet. One that is still being written is left for the look that its
    /// end gives rise to, unless this one is forced.
    func look(isForced: Bool = false) throws(Failure) {
        try state.withLock { state throws(Failure) in
            do throws(Failure) {
                let held = try HeldFile(file.path)
                guard held.stamp != state.last, !held.isBeingWritten || isForced else { return }
                state.append(try held.read(), held.stamp)
            } catch {
                // When it is there again it may be the same as before, and has to be looked at all the same.
                state.last = nil
                throw error
            }
        }
    }

    /// Whether the run service has to be told: saves come in bursts, and one look takes them all.
    func announce() -> Bool {
        state.withLock { state in
            defer { state.isAnnounced = true }
            return !state.isAnnounced
        }
    }

    /// The run service was told, and looks now.
    func heard() { state.withLock { $0.isAnnounced = false } }

    /// All versions since the last time, oldest first.
    func take() -> [[UInt8]] {
        state.withLock { state in
            defer { state.pending = [] }
            return state.pending.map(\.bytes)
        }
    }

    /// The next look takes the file even if it is the same as before; what was seen until then keeps its place.
    func takeAgain() { state.withLock { $0.last = nil } }

    /// What was seen was no edit, as another branch was checked out.
    func forget() {
        state.withLock { state in
            state.pending = []
            state.last = nil
        }
    }

    /// A place in the order, behind all that is in the file now; while git may be half way through a checkout, behind what
    /// was seen before.
    func mark(butFor own: CheckoutStand.Index?) -> Int {
        let directory = state.withLock { $0.gitDirectory }
        if directory.map({ !CheckoutStand($0).isSettling(butFor: own) }) ?? true { try? look(isForced: true) }
        return state.withLock { $0.next }
    }

    /// The file had this content right behind that place, whether anybody saw it or not.
    func insert(_ bytes: [UInt8], at mark: Int) {
        state.withLock { state in
            let place = state.pending.firstIndex { $0.number >= mark } ?? state.pending.count
            if place < state.pending.count, state.pending[place].bytes == bytes { return }
            state.pending.insert(Version(number: mark, bytes: bytes, head: state.head), at: place)
        }
    }

    /// What a landing wrote behind that place and took back, as it came to nothing: nobody's edit. An author who saved the same has
    /// it in the file still, where the next look finds it.
    func drop(_ bytes: [UInt8]?, since mark: Int) {
        guard let bytes else { return }
        let text = bytes.filter { $0 != UInt8(ascii: "\r") }
        state.withLock { state in
            state.pending.removeAll { version in
                // As git writes it: with the line ends that are asked for, and from its beginning on.
                version.number >= mark && text.starts(with: version.bytes.filter { $0 != UInt8(ascii: "\r") })
            }
            state.last = nil
        }
    }

    /// Changes the file; the version before and the one after take their places in the order.
    func edit(while mayWrite: () -> Bool = { true }, _ change: ([UInt8]) -> [UInt8]?) throws(Failure) -> Bool
    {
        try state.withLock { state throws(Failure) in
            guard let edit = try file.edit(while: mayWrite, change) else { return false }
            if edit.before.stamp != state.last { state.append(edit.before.bytes, edit.before.stamp) }
            state.append(edit.after.bytes, edit.after.stamp)
            return true
        }
    }
}
