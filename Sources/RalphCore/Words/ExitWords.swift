/// How a process ended, for people.
package enum ExitWords {
    /// "exit 3"; "killed by signal 9" for 137, as bubblewrap and shells tell of a signal that ended what they ran.
    package static func of(_ code: Int32) -> String {
        deadly.contains(code - 128) ? ofSignal(code - 128) : "exit \(code)"
    }

    package static func ofSignal(_ signal: Int32) -> String { "killed by signal \(signal)" }

    /// Those that end a program which does nothing about them: HUP, INT, QUIT, ILL, TRAP, ABRT, BUS, FPE, KILL, SEGV, PIPE, ALRM,
    /// TERM, XCPU, XFSZ. Other codes above 128 are some program's own: an HTTP status, for one.
    private static let deadly: Set<Int32> = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 15, 24, 25]
}
