import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is known of the place that output goes to. Decided once, at start; everything that draws takes it as a value.
struct Terminal: Equatable, Sendable {
    /// A person looks at it: tables, colour and cutting make sense.
    var isInteractive: Bool
    /// Columns; nil where nothing is cut, because no screen is there.
    var width: Int?
    /// Rows; nil where nothing has to fit.
    var height: Int?
    var hasColour: Bool
    /// Whether characters beyond ASCII can be shown.
    var hasUnicode: Bool

    init(isInteractive: Bool, width: Int?, height: Int? = nil, hasColour: Bool, hasUnicode: Bool) {
        self.isInteractive = isInteractive
        self.width = width
        self.height = height
        self.hasColour = hasColour
        self.hasUnicode = hasUnicode
    }

    /// A pipe or a file: everything in full, nothing coloured.
    static let pipe = Terminal(isInteractive: false, width: nil, hasColour: false, hasUnicode: true)
}

extension Terminal {
    /// Widths below this are not believed: nothing readable fits.
    private static let narrowest = 40
    private static let usualWidth = 80

    /// The facts about a descriptor, with `NO_COLOR`, `TERM`, `COLUMNS` and the locale of `environment`.
    static func facts(of descriptor: FileDescriptor, environment: [String: String]) -> Terminal {
        guard isatty(descriptor.rawValue) == 1 else { return .pipe }
        let size = size(of: descriptor)
        return Terminal(
            isInteractive: true,
            width: max(narrowest, environment["COLUMNS"].flatMap(Int.init) ?? size?.columns ?? usualWidth),
            height: environment["LINES"].flatMap(Int.init) ?? size?.rows,
            hasColour: (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb",
            hasUnicode: isUnicode(environment)
        )
    }

    private static func size(of descriptor: FileDescriptor) -> (columns: Int, rows: Int)? {
        var size = winsize()
        let request = UInt(TIOCGWINSZ)
        guard ioctl(descriptor.rawValue, request, &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return nil
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// The first that is set and not empty decides, as locale(7) says.
    static func isUnicode(_ environment: [String: String]) -> Bool {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        guard let locale = locale?.lowercased() else { return false }
        return locale.contains("utf-8") || locale.contains("utf8")
    }
}
