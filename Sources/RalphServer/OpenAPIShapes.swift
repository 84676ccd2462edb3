internal import RalphAPI
internal import RalphCore

/// A JSON value in OpenAPI's words.
indirect enum ValueType: Sendable {
    case text, flag, number, real, time
    /// A text that is not empty.
    case name
    /// A text with something to read in it.
    case notBlank
    /// A whole number within bounds; without an upper one, what 64 bits hold.
    case numberIn(Int64, Int64)
    case words([String])
    case optional(ValueType)
    case list(ValueType)
    /// A list with at least one entry.
    case listed(ValueType)
    /// Any key, one type.
    case map(ValueType)
    case shape(String)

    static func number(from low: Int64, to high: Int64 = .max) -> ValueType { .numberIn(low, high) }

    static var itemState: ValueType { .words(ItemState.allCases.map(\.rawValue)) }

    /// As a YAML flow mapping.
    var text: String {
        switch self {
        case .text: "{type: string}"
        case .flag: "{type: boolean}"
        case .number: "{type: integer}"
        case .real: "{type: number}"
        case .time: "{type: string, format: date-time}"
        case .name: "{type: string, minLength: 1}"
        case .notBlank: "{type: string, minLength: 1, pattern: '\\S'}"
        case .numberIn(let low, let high): "{type: integer, minimum: \(low), maximum: \(high)}"
        case .words(let words): "{enum: [\(words.map { "'\($0)'" }.joined(separator: ", "))]}"
        case .optional(let type): "{anyOf: [\(type.text), {type: 'null'}]}"
        case .list(let type): "{type: array, items: \(type.text)}"
        case .listed(let type): "{type: array, minItems: 1, items: \(type.text)}"
        case .map(let type): "{type: object, additionalProperties: \(type.text)}"
        case .shape(let name): "{$ref: '#/components/schemas/\(name)'}"
        }
    }
}

/// A JSON object of ours: every key is always there.
struct Shape: Sendable {
    var keys: [(name: String, type: ValueType)]

    init(_ keys: KeyValuePairs<String, ValueType>) { self.keys = keys.map { ($0.key, $0.value) } }

    init(_ base: Shape, and keys: KeyValuePairs<String, ValueType>) {
        self.keys = base.keys + keys.map { ($0.key, $0.value) }
    }

    func lines(named name: String) -> [String] {
        [
            "    \(name):", "      type: object",
            "      required: [\(keys.map(\.name).joined(separator: ", "))]", "      properties:",
        ] + keys.map { "        \($0.name): \($0.type.text)" }
    }
}

extension Shape {
    /// In the order in which they are written.
    static let all: [(String, Shape)] = [
        ("Error", Shape(["error": .shape("ErrorBody")])),
        ("ErrorBody", Shape(["code": .text, "message": .text])),
        ("Health", Shape(["status": .text, "project": .text])),
        ("Action", Shape(["message": .text, "item": .optional(.number)])),
        ("Status", status), ("Hold", hold), ("Running", running),
        ("Next", Shape(["item": .number, "key": .text, "title": .text])),
        (
            "Since",
            Shape([
                "at": .time, "landed": .number, "iterations": .number, "last": .optional(.shape("Landing")),
                "slept_ms": .number,
            ])
        ),
        (
            "Landing",
            // The error is what went wrong in the host's after-landing.
            Shape([
                "item": .number, "key": .text, "commit": .optional(.text), "at": .time,
                "error": .optional(.text),
            ])
        ),
        ("Need", need),
        (
            "Agent",
            Shape([
                "name": .text, "state": agentState, "until": .optional(.time), "message": .optional(.text),
            ])
        ),
        ("AgentDetail", agentDetail), ("AgentTest", agentTest),
        ("Spend", Shape(["today_usd": .real, "total_usd": .real, "unknown_iterations": .number])),
        ("PRD", Shape(["path": .text, "problems": .list(.shape("Problem")), "read_at": .optional(.time)])),
        (
            "Problem",
            Shape([
                "line": .number, "column": .number, "severity": .words(["error", "warning"]),
                "message": .text,
            ])
        ),
        ("Item", item), ("ItemDetail", itemDetail),
        ("Criterion", Shape(["line": .number, "checked": .flag, "text": .text])),
        ("Block", Shape(["kind": .text, "message": .text, "since": .time])),
        ("Kept", kept), ("LastTry", lastTry), ("Answer", Shape(["question": .text, "answer": .text])),
        ("Iteration", iteration), ("IterationDetail", iterationDetail),
        (
            "Tokens",
            Shape(["input": .number, "output": .number, "cache_read": .number, "cache_write": .number])
        ),
        ("Check", check),
        (
            "CheckProgress",
            Shape([
                "name": .text, "verdict": .optional(verdict), "started_at": .optional(.time),
                "usual_ms": .optional(.number),
            ])
        ),
        (
            "CheckRun",
            Shape(
                check,
                and: [
                    "on": .words(["base", "candidate"]), "summary": .text, "tail": .text, "lines": .number,
                ]
            )
        ),
        ("Question", question), ("Stats", stats), ("AgentStats", agentStats),
        ("Report", report), ("Landed", landed),
        ("Slept", Shape(["agent": .text, "state": agentState, "from": .time, "until": .optional(.time)])),
        (
            "Spent",
            Shape([
                "usd": .real, "plan_usd": .real, "unknown_iterations": .number, "tokens": .shape("Tokens"),
            ])
        ),
        // As it stands in the stream: the data is an `Event` in JSON.
        ("StreamedEvent", Shape(["id": .text, "event": .text, "data": .text])),
        ("Event", event),
    ]

    private static let agentDetail = Shape([
        "name": .text, "state": agentState, "until": .optional(.time), "message": .optional(.text),
        "program": .optional(.text), "path": .optional(.text), "version": .optional(.text),
        "iterations": .number, "landed": .number, "strikes": .number, "success_rate": .optional(.real),
    ])
    private static let agentTest = Shape([
        "name": .text, "program": .text, "path": .optional(.text), "version": .optional(.text),
        "login": .optional(.text), "bills": .optional(.flag), "ok": .flag, "outcome": .text,
        "model": .optional(.text), "tokens": .optional(.shape("Tokens")), "cost_usd": .optional(.real),
        "cost_kind": .text, "duration_ms": .number, "text": .optional(.text), "error": .optional(.text),
        "until": .optional(.time), "do": .optional(.text),
    ])
    private static let agentState = ValueType.words(["ready", "asleep", "backing_off", "set_aside"])
    private static let outcome = ValueType.words(Outcome.allCases.map(\.rawValue))
    private static let stage = ValueType.words(Stage.allCases.map(\.rawValue))
    private static let state = ValueType.words(ProjectState.allCases.map(\.rawValue))

    private static let status = Shape([
        "project": .text, "repository": .text, "state": state, "until": .optional(.time),
        "reason": .optional(.text),
        "target": .optional(.text), "tip": .optional(.text), "pid": .optional(.number),
        "started_at": .optional(.time),
        "paused": .flag, "hold": .optional(.shape("Hold")), "items": .map(.number),
        "running": .list(.shape("Running")),
        "next": .list(.shape("Next")), "since": .shape("Since"), "needs_you": .list(.shape("Need")),
        "agents": .list(.shape("Agent")), "spend": .shape("Spend"), "checks": .optional(.text),
        "base_checks": .list(.shape("Check")), "prd": .shape("PRD"),
    ])
    private static let hold = Shape([
        "kind": .text, "message": .text, "since": .time, "tries": .number, "next_probe": .time,
    ])
    private static let running = Shape([
        "item": .number, "key": .text, "title": .text, "iteration": .number, "ordinal": .number,
        "strikes": .number, "agent_ms": .optional(.number), "checks": .list(.shape("CheckProgress")),
        "max_strikes": .number, "stage": stage, "agent": .text, "model": .optional(.text),
        "started_at": .time,
        "last_output_at": .optional(.time),
    ])
    private static let need = Shape([
        "kind": .words(NeedView.Kind.allCases.map(\.rawValue)), "item": .optional(.number),
        "key": .optional(.text),
        "title": .optional(.text), "line": .optional(.number), "question": .optional(.number),
        "message": .text, "since": .optional(.time), "do": .text,
    ])
    private static let item = Shape([
        "id": .number, "key": .text, "title": .text, "section": .list(.text), "line": .number,
        "state": .itemState,
        "reason": .optional(.text), "strikes": .number, "max_strikes": .number, "iterations": .number,
        "commit": .optional(.text),
    ])
    private static let itemDetail = Shape(
        item,
        and: [
            "details": .text, "criteria": .list(.shape("Criterion")), "after": .list(.text),
            "priority": .number,
            "agent": .optional(.text), "model": .optional(.text), "checks": .list(.text),
            "wait_until": .optional(.time),
            "block": .optional(.shape("Block")), "kept": .optional(.shape("Kept")),
            "last_try": .optional(.shape("LastTry")), "note": .optional(.text),
            "answer": .optional(.shape("Answer")), "do": .optional(.text),
            "created_at": .time, "done_at": .optional(.time), "history": .list(.shape("Iteration")),
        ]
    )
    private static let kept = Shape([
        "commit": .text, "base": .text, "files_changed": .number, "insertions": .number, "deletions": .number,
    ])
    private static let lastTry = Shape([
        "outcome": outcome, "detail": .optional(.text), "checks": .list(.shape("Check")),
        "failing_on_base": .list(.text),
        "repeats": .number,
    ])
    private static let iteration = Shape([
        "id": .number, "item": .number, "key": .text, "ordinal": .number, "agent": .text,
        "model": .optional(.text),
        "outcome": .optional(outcome), "stage": stage, "strike": .flag, "started_at": .time,
        "ended_at": .optional(.time),
        "duration_ms": .optional(.number), "exit_code": .optional(.number),
        "tokens": .optional(.shape("Tokens")),
        "cost_usd": .optional(.real), "cost_kind": .words(["quoted", "plan", "derived", "unknown"]),
        "commit": .optional(.text), "checks": .list(.shape("Check")), "error": .optional(.text),
    ])
    private static let iterationDetail = Shape(
        iteration,
        and: [
            "uuid": .text, "title": .text, "model_requested": .optional(.text), "signal": .optional(.number),
            "session_id": .optional(.text), "turns": .optional(.number), "tool_calls": .optional(.number),
            "limit_reset": .optional(.time), "target": .text, "base": .text, "candidate": .optional(.text),
            "kept": .optional(.shape("Kept")), "summary": .optional(.text), "log_directory": .text,
            "check_runs": .list(.shape("CheckRun")),
        ]
    )
    private static let verdict = ValueType.words(["passed", "failed", "flaky", "broken"])
    private static let check = Shape([
        "name": .text, "verdict": verdict,
        "exit_code": .optional(.number),
        "duration_ms": .number,
    ])
    private static let question = Shape([
        "id": .number, "item": .number, "key": .text, "title": .text, "iteration": .optional(.number),
        "text": .text,
        "asked_at": .time, "answer": .optional(.text), "answered_at": .optional(.time),
    ])
    private static let stats = Shape([
        "iterations": .number, "landed": .number, "strikes": .number, "outcomes": .map(.number),
        "items": .map(.number),
        "agents": .list(.shape("AgentStats")), "spend": .shape("Spend"),
    ])
    private static let agentStats = Shape([
        "agent": .text, "model": .optional(.text), "iterations": .number, "landed": .number,
        "strikes": .number,
        "cost_usd": .optional(.real), "unknown_iterations": .number, "tokens": .shape("Tokens"),
        "duration_ms": .number,
    ])
    private static let report = Shape([
        "project": .text, "state": state, "until": .optional(.time), "reason": .optional(.text),
        "since": .time, "at": .time,
        "landed": .list(.shape("Landed")), "landed_count": .number, "stuck": .list(.shape("Need")),
        "asked": .list(.shape("Question")), "slept": .list(.shape("Slept")), "slept_ms": .number,
        "iterations": .number,
        "strikes": .number, "outcomes": .map(.number), "spent": .shape("Spent"),
    ])
    private static let landed = Shape([
        "item": .number, "key": .text, "title": .text, "commit": .optional(.text), "at": .time,
        "iterations": .number,
        "undone": .flag, "error": .optional(.text),
    ])
    private static let event = Shape([
        "id": .number, "at": .time, "kind": .words(EventKind.allCases.map(\.rawValue)),
        "item": .optional(.number),
        "iteration": .optional(.number), "details": .map(.text),
    ])
}
