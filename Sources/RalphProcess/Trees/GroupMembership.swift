import Glibc

import struct SystemPackage.Errno

/// The control group of one tree, and how its first process gets into it before the program begins.
struct GroupMembership {
    /// Written by a shell in the child's place, which then becomes the program. It tells on descriptor 3 that it is in.
    private static let script = #"echo 0 >"$0" && echo in >&3; exec 3>&-; exec "$@""#

    let group: ControlGroup

    /// Nil when no group can be made; then process group and mark have to do.
    init?(in parent: ControlGroup, mark: String) {
        let name = Self.prefix(of: mark) + "." + String(UInt64.random(in: .min ... .max), radix: 36)
        guard let group = try? parent.make(name) else { return nil }
        self.group = group
    }

    /// What names of groups with such a mark start with: nothing but letters, digits, hyphens and dots.
    static func prefix(of mark: String) -> String {
        String(
            mark.map { character in
                character.isASCII && (character.isLetter || character.isNumber) ? character : "-"
            }
        )
    }

    /// The launch as it has to be to begin in the group.
    func wrap(_ launch: Launch) -> Launch {
        var wrapped = launch
        wrapped.program = "/bin/sh"
        wrapped.arguments =
            ["-c", Self.script, group.processesFile.string, launch.program] + launch.arguments
        return wrapped
    }

    /// Waits for the word of the shell. False when it could not get in: it runs all the same.
    static func hasEntered(_ info: borrowing Descriptor) -> Bool {
        let patience = MonotonicInstant.now + .seconds(5)
        var chunk = [UInt8](repeating: 0, count: 16)
        var said: [UInt8] = []
        while true {
            var polled = pollfd(fd: info.raw, events: Int16(POLLIN), revents: 0)
            guard poll(&polled, 1, patience.millisecondsFromNow) > 0 else { return false }
            switch info.read(into: &chunk) {
            case .bytes(let count): said += chunk[..<count]
            case .nothingYet: continue
            case .end: return said.starts(with: "in".utf8)
            }
        }
    }
}
