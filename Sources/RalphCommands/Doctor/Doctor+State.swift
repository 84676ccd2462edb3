import CRalph
import Foundation
import RalphAPI
import RalphAgents
import RalphCore
import RalphHistory
import RalphProcess
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What a daemon keeps, and whether it answers.
extension Doctor {
    private static let scarce: UInt64 = 1 << 30
    private static let tooScarce: UInt64 = 200 << 20

    func state() -> [Finding] {
        guard let state = patient.stateDirectory else {
            return [
                .bad("state", "neither HOME nor XDG_STATE_HOME is set", mend: "set HOME, or pass --state-dir")
            ]
        }
        var facts = ralph_file()
        guard ralph_look(state.string, 1, &facts) == 0 else {
            return [disk(state.removingLastComponent()), .ok("state", "\(state) is made at the first start")]
        }
        return [disk(state), directory(state, facts)] + database(in: state)
    }

    private func disk(_ place: FilePath) -> Finding {
        var place = place
        var facts = statvfs()
        while statvfs(place.string, &facts) != 0, !place.components.isEmpty { place.removeLastComponent() }
        let free = UInt64(facts.f_bavail) * UInt64(facts.f_frsize)
        let words = "\(Wording.bytes(free)) free at \(place)"
        let mend = "make room, or move the state with state-dir: in the host's file"
        if facts.f_files > 0, facts.f_favail == 0 {
            return .bad("disk", "no file can be made at \(place)", mend: mend)
        }
        if free < Self.tooScarce { return .bad("disk", words, mend: mend) }
        return free < Self.scarce ? .warn("disk", words, mend: mend) : .ok("disk", words)
    }

    private func directory(_ state: FilePath, _ facts: ralph_file) -> Finding {
        if facts.user != geteuid() {
            let owner = Rights.userName(facts.user)
            return .bad("state", "\(state) belongs to \(owner)", mend: "run ralphd and ralphctl as \(owner)")
        }
        if facts.mode & 0o077 != 0 {
            return .warn(
                "state",
                "others can read \(state)",
                mend: "chmod 700 \(ShellWord.quoted(state.string))"
            )
        }
        if access(state.string, W_OK) != 0 {
            return .bad(
                "state",
                "\(state) cannot be written",
                mend: "chmod u+rwx \(ShellWord.quoted(state.string))"
            )
        }
        return .ok("state", state.string)
    }

    private func database(in state: FilePath) -> [Finding] {
        let file = state.appending("history.sqlite")
        guard NewFile.exists(file) else { return [.ok("database", "made at the first start")] }
        let mend = "stop ralphd, move \(file) aside and put your last backup in its place"
        do throws(Failure) {
            let history = try SQLiteHistory.openReadOnly(directory: state)
            defer { history.close() }
            let problems = try history.integrityProblems()
            if let first = problems.first {
                return [
                    .bad("database", "\(file): \(first)\(problems.count > 1 ? " and more" : "")", mend: mend)
                ]
            }
            let size =
                (try? FileManager.default.attributesOfItem(atPath: file.string))?[.size] as? UInt64 ?? 0
            return [.ok("database", "whole, \(Wording.bytes(size)), schema up to date")]
        } catch {
            return [
                .bad("database", error.message, mend: error.storage == .damaged ? mend : "see the message")
            ]
        }
    }

    func daemon() async -> [Finding] {
        guard let socket = patient.socket else { return [] }
        let start = patient.start
        do {
            let status = try await doors.hasty(socket).status()
            let state = "\(status.state.rawValue)\(status.reason.map { ": \($0)" } ?? "")"
            if status.state == .held { return [.bad("daemon", state, mend: "ralphctl status")] }
            return [.ok("daemon", "answers on \(socket), \(state)")]
        } catch let failure as Failure where failure.code == .noAnswer {
            let mend = start?.commandInsteadOf(process: patient.pid) ?? "see its log; then restart it"
            return [.bad("daemon", failure.message, mend: mend)]
        } catch let failure as Failure where failure.code == .noDaemon {
            if let pid = patient.pid, Instance.isAlive(pid) {
                return [
                    .bad(
                        "daemon",
                        "process \(pid) runs, but \(failure.message)",
                        mend: "see its log; then restart it"
                    )
                ]
            }
            return [
                .warn(
                    "daemon",
                    "does not run",
                    mend: start?.command ?? "cd \(ShellWord.quoted(patient.repository.string)) && ralphd"
                )
            ]
        } catch {
            return [.bad("daemon", "\(error)", mend: "see its log; then restart it")]
        }
    }

    /// What systemd knows of it, where there is one.
    func unit() -> [Finding] {
        guard NewFile.exists("/run/systemd/system"),
            let systemctl = ProgramLookup.find("systemctl", path: patient.path)
        else { return [] }
        let name = "ralphd@\(patient.name).service"
        for scope in ["--user", "--system"] {
            let facts = show(systemctl, scope, name)
            guard facts["LoadState"] == "loaded",
                facts["ActiveState"] != "inactive" || facts["UnitFileState"] == "enabled"
            else { continue }
            return [judge(facts, scope, name)]
        }
        guard UserUnit.isInstalled(patient.environment) else { return [] }
        return [.warn("unit", "\(name) is not enabled", mend: "systemctl --user enable --now \(name)")]
    }

    private func show(_ systemctl: String, _ scope: String, _ name: String) -> [String: String] {
        let command = CapturedCommand(
            systemctl,
            [scope, "show", name, "--property=LoadState,ActiveState,SubState,UnitFileState,Result"],
            environment: patient.environment,
            directory: "/",
            deadline: .seconds(5)
        )
        guard let result = try? command.run(), result.isSuccess else { return [:] }
        let lines = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        let pairs = lines.map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        return Dictionary(
            pairs.filter { $0.count == 2 }.map { ($0[0], $0[1]) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    private func judge(_ facts: [String: String], _ scope: String, _ name: String) -> Finding {
        let state =
            "\(name) is \(facts["ActiveState"] ?? "?") (\(facts["SubState"] ?? "?")), \(facts["UnitFileState"] ?? "?")"
        let flag = scope == "--user" ? "--user " : ""
        if facts["ActiveState"] == "failed" {
            return .bad(
                "unit",
                "\(state): \(facts["Result"] ?? "")",
                mend: "journalctl \(flag)-u \(name) -n 50"
            )
        }
        let user = Rights.userName(geteuid())
        if scope == "--user", !NewFile.exists(FilePath("/var/lib/systemd/linger/\(user)")) {
            return .warn("unit", "\(state); it stops when you log out", mend: "loginctl enable-linger")
        }
        return .ok("unit", state)
    }
}
