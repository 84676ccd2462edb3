internal import SystemPackage

/// What stands above a path, asked before a path that an index or a listing names is touched: a link or a file there
/// means that the path leads elsewhere.
struct AncestorCache {
    private enum Answer {
        case clear
        case obstructed(by: ArraySlice<UInt8>, PathStatus.Kind)
    }

    private let root: FilePath
    private var known: [ArraySlice<UInt8>: Answer] = [:]

    init(root: FilePath) { self.root = root }

    /// The topmost thing above a path that is no directory; nil if all are, or are not there.
    mutating func obstacle(above path: some Collection<UInt8>) -> (
        path: RepositoryPath, kind: PathStatus.Kind
    )? {
        let path = Array(path)
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        guard case .obstructed(let place, let kind) = answer(path[..<slash]) else { return nil }
        return (RepositoryPath(place), kind)
    }

    private mutating func answer(_ path: ArraySlice<UInt8>) -> Answer {
        if let answer = known[path] { return answer }
        var result = Answer.clear
        if let slash = path.lastIndex(of: UInt8(ascii: "/")) { result = answer(path[..<slash]) }
        if case .clear = result, let status = PathStatus(at: RawPath(root, path)), status.kind != .directory {
            result = .obstructed(by: path, status.kind)
        }
        known[path] = result
        return result
    }
}
