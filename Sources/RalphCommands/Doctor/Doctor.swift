import RalphCore
import RalphPRD
import SystemPackage

/// Looks at every part that a project needs, whether or not its daemon runs, and says how to mend what is wrong. Changes
/// nothing.
struct Doctor: Sendable {
    var patient: Patient
    var doors: Doors
    var now: LocalTime

    /// In the order in which a person would mend them.
    func examine() async -> [Finding] {
        let document = readPRD()
        var findings = configuration() + machine() + repository()
        findings += prdFindings(document)
        let settings = settings(document)
        findings += agents(settings) + checks(settings)
        findings += state()
        findings += await daemon()
        return findings + unit()
    }

    /// The project's settings as far as they can be read.
    private func settings(_ document: Result<Document, Rejection>?) -> ProjectSettings {
        guard case .success(let document)? = document else { return patient.host.project }
        return document.settings
    }

    private func readPRD() -> Result<Document, Rejection>? {
        guard let prd = patient.prd, let bytes = try? PRDFile.read(prd) else { return nil }
        return Result { () throws(Rejection) in try PRD.parse(bytes, defaults: patient.host.project) }
    }

    private func configuration() -> [Finding] {
        let part = "configuration"
        if let trouble = patient.hostTrouble {
            return [.bad(part, trouble.message, mend: "mend that line; docs/configuration.md has all keys")]
        }
        guard let file = patient.hostFile else {
            return [
                .warn(
                    part,
                    "\(patient.name) has no file of its own; a unit would not find your PATH",
                    mend: "ralphctl init"
                )
            ]
        }
        if patient.host.path == nil {
            return [
                .warn(
                    part,
                    "\(file) sets no path; a unit finds no agent",
                    mend: "add `path: \(patient.path)` to it"
                )
            ]
        }
        return [.ok(part, file.string)]
    }

    private func prdFindings(_ document: Result<Document, Rejection>?) -> [Finding] {
        guard let prd = patient.prd else {
            return [.bad("PRD", "none in \(patient.repository)", mend: "ralphctl init writes an example")]
        }
        guard let document else {
            return [
                .bad("PRD", "\(prd) cannot be read", mend: "put it back, or name another in the host's file")
            ]
        }
        switch document {
        case .failure(let rejection):
            let first = rejection.problems.first
            return [
                .bad(
                    "PRD",
                    "\(prd):\(first?.line ?? 1): \(first?.message ?? "cannot be read")",
                    mend: "ralphctl prd check"
                )
            ]
        case .success(let document):
            let open = document.items.count { !$0.isTicked && $0.attributes.mode == .run && $0.error == nil }
            let words = "\(prd), \(Wording.plural(document.items.count, "item")), \(open) to do"
            let errors = document.problems.count { $0.severity == .error }
            let warnings = document.problems.count - errors
            if errors + warnings == 0 { return [.ok("PRD", words)] }
            let trouble =
                "\(words); \(Wording.plural(errors, "error")), \(Wording.plural(warnings, "warning"))"
            return [.warn("PRD", trouble, mend: "ralphctl prd check")]
        }
    }
}
