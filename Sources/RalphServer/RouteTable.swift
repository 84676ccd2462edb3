internal import Foundation
internal import RalphAPI

/// Finds the route of a request among all there are.
struct RouteTable: Sendable {
    /// A route with what stood in place of its parameters.
    struct Match {
        var route: Route
        var parameters: [String]
    }

    private struct Entry {
        var route: Route
        var segments: [Substring]
    }

    private let entries: [Entry]

    init(_ routes: [Route] = Route.allCases) {
        entries = routes.map { route in
            Entry(route: route, segments: Self.segments(of: Substring(route.template)))
        }
    }

    /// - Throws: `Refusal` 404 when no route has this path, 405 when one has but not for this method.
    func match(method: String, path: Substring) throws(Refusal) -> Match {
        let segments = Self.segments(of: path)
        let candidates = entries.filter { Self.fits(segments, $0.segments) }
        guard !candidates.isEmpty else { throw .notFound(String(path)) }
        let wanted = method == "HEAD" ? "GET" : method
        guard let entry = candidates.first(where: { $0.route.method.rawValue == wanted }) else {
            let methods = candidates.flatMap { $0.route.method == .get ? ["GET", "HEAD"] : ["POST"] }
            throw .methodNotAllowed(method, String(path), allowed: methods)
        }
        var parameters: [String] = []
        for (segment, pattern) in zip(segments, entry.segments) where pattern.hasPrefix("{") {
            guard let value = String(segment).removingPercentEncoding, !value.isEmpty else {
                throw .usage("\(segment) is not percent-encoded UTF-8")
            }
            parameters.append(value)
        }
        return Match(route: entry.route, parameters: parameters)
    }

    private static func segments(of path: Substring) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }

    private static func fits(_ segments: [Substring], _ patterns: [Substring]) -> Bool {
        segments.count == patterns.count
            && zip(segments, patterns).allSatisfy { $1.hasPrefix("{") ? !$0.isEmpty : $0 == $1 }
    }
}
