import CRalph
import Foundation
import RalphAPI
import RalphCore
import RalphProcess
import SystemPackage

/// The system's unit for a project: root writes the drop-in that makes it run as the repository's owner; all else is found
/// and written by that owner, never with root's rights.
struct SystemUnit {
    var environment: [String: String]
    var directory: FilePath
    /// What the owner's own call is given.
    var arguments: [String]
    /// Where `/etc` is, for tests.
    var root: FilePath = "/"

    private static let mode: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
    private static let patience: Duration = .seconds(120)

    func run() throws(Failure) -> InitView {
        guard geteuid() == 0 else {
            throw Failure(
                .configuration,
                "a system unit is root's to set up: run sudo ralphctl init --system here, or ralphctl init for a unit of "
                    + "your own"
            )
        }
        let owner = try owner()
        var view = owner == 0 ? try asRoot() : try asOwner(owner)
        let config = root.appending("etc").appending("ralphd").appending("\(view.name).yaml")
        view.config = try write(HostFileProposal(view).text, to: config, about: view.prd.path)
        let units = root.appending("etc").appending("systemd").appending("system")
        let dropIn = units.appending("ralphd@\(view.name).service.d").appending("owner.conf")
        view.dropIn = try write(Self.text(user: Rights.userName(owner)), to: dropIn, about: nil)
        view.next =
            InitAdvice(
                view: view,
                settings: ProjectSettings(),
                environment: environment,
                directory: directory
            ).next
        return view
    }

    /// - Parameter prd: what a file of ours that is there has to be about.
    private func write(_ text: String, to file: FilePath, about prd: String?) throws(Failure) -> InitView.File
    {
        guard NewFile.exists(file) else {
            try NewFile.write(text, to: file, mode: Self.mode)
            return InitView.File(path: file.string, isNew: true)
        }
        if let prd, let other = try HostSettingsFile.read(file).prd, other != prd {
            throw Failure(.conflict, "\(file) is for \(other), not for \(prd): pass another name with --name")
        }
        return InitView.File(path: file.string, isNew: false)
    }

    private func asRoot() throws(Failure) -> InitView {
        var own = Initialization(environment: environment, directory: directory)
        own.writesConfig = false
        return try own.run()
    }

    static func text(user: String) -> String {
        """
        # Written by ralphctl init --system: the daemon runs as the owner of the repository.
        [Service]
        User=\(user)

        """
    }

    /// Of the repository around the directory, without asking git, which would read its configuration with root's rights.
    private func owner() throws(Failure) -> uid_t {
        guard let owner = Self.owner(around: directory) else {
            throw Failure(.configuration, "\(directory) is not in a git repository: run this in one")
        }
        return owner
    }

    /// Nil where no repository is.
    static func owner(around directory: FilePath) -> uid_t? {
        var place = directory
        while true {
            var facts = ralph_file()
            if ralph_look(place.appending(".git").string, 1, &facts) == 0 { return facts.user }
            guard !place.components.isEmpty else { return nil }
            place.removeLastComponent()
        }
    }

    /// Root gets to hear which of the two ways is meant for another's repository.
    static func assertOwn(_ directory: FilePath) throws(Failure) {
        guard geteuid() == 0, let owner = owner(around: directory), owner != 0 else { return }
        let name = Rights.userName(owner)
        throw Failure(
            .configuration,
            "the repository belongs to \(name), and this is root: run ralphctl init as \(name), or ralphctl init --system "
                + "for a unit of the system that runs as \(name)"
        )
    }

    /// The owner's login shell has the owner's `PATH`.
    private func asOwner(_ owner: uid_t) throws(Failure) -> InitView {
        let program =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "ralphctl"
        let words = [program, "init", "--json", "--only-look"] + arguments
        let line =
            "cd \(Self.quoted(directory.string)) && exec " + words.map(Self.quoted).joined(separator: " ")
        let command = CapturedCommand(
            "runuser",
            ["-l", Rights.userName(owner), "-c", line],
            environment: environment,
            directory: "/",
            deadline: Self.patience
        )
        let result = try command.run()
        // A profile may speak before.
        let start = result.output.firstIndex(of: UInt8(ascii: "{")) ?? result.output.endIndex
        guard result.isSuccess,
            let view = try? WireJSON.decode(InitView.self, from: Data(result.output[start...]))
        else {
            let said = String(decoding: result.errors, as: UTF8.self).split(separator: "\n").last.map(
                String.init
            )
            let reason =
                said.map { $0.hasPrefix("ralphctl: ") ? String($0.dropFirst(10)) : $0 } ?? "\(result.ending)"
            throw Failure(.configuration, "as \(Rights.userName(owner)), who owns the repository: \(reason)")
        }
        return view
    }

    private static func quoted(_ word: String) -> String { "'" + word.replacing("'", with: "'\\''") + "'" }
}
