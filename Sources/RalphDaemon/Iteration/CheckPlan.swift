import RalphCore

/// The checks of one iteration: the project's, given or inferred, and the item's own.
struct CheckPlan: Sendable {
    var project: [Check]
    var items: [Check]
    /// Shell that runs them.
    var shell: String

    var all: [Check] { project + items }

    init(project: [Check], item: Item?, shell: String) {
        self.project = project
        self.shell = shell
        let commands = item?.attributes.checks ?? []
        items = commands.enumerated().map { index, command in
            var check = Check(
                name: commands.count == 1 ? Check.itemName : "\(Check.itemName)-\(index + 1)",
                run: command
            )
            check.line = item?.line
            return check
        }
    }

    /// Whether a check comes from the item's `check=`.
    func isItems(_ name: String) -> Bool { items.contains { $0.name == name } }

    /// Hash of all that decides a check's result beside the tree: a receipt is good for the same key only.
    static func key(of checks: [Check], shell: String, setup: [String], variables: [String]) -> String {
        var hash = FNV1a()
        for part in [shell] + setup + variables.sorted() {
            hash.add(part.utf8)
            hash.add([0])
        }
        for check in checks {
            hash.add(check.name.utf8)
            hash.add([1])
            hash.add(check.run.utf8)
            hash.add([2])
            hash.add(String(check.timeout.components.seconds).utf8)
        }
        return hash.hexadecimal
    }
}
