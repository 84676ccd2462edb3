internal import RalphCore

package import struct Foundation.Date

/// An agent with all that is known of it: what `ralphctl agents` lists.
package typealias AgentDetailView = Joined<AgentView, AgentParticulars>

/// What the list of agents shows beside the state.
package struct AgentParticulars: Codable, Equatable, Sendable {
    /// The command it is started by; nil where nobody knows the name any more.
    @OrNull package var program: String?
    /// Where that is found; nil: nowhere on the agents' `PATH`.
    @OrNull package var path: String?
    @OrNull package var version: String?
    /// Ended iterations, on any model.
    package var iterations: Int
    package var landed: Int
    package var strikes: Int
    /// Landed, of all that landed or cost a strike; nil before there is one. Limits and outages are nobody's failure.
    @OrNull package var successRate: Double?

    package init(iterations: Int = 0, landed: Int = 0, strikes: Int = 0) {
        self.iterations = iterations
        self.landed = landed
        self.strikes = strikes
        program = nil
        path = nil
        version = nil
        successRate = landed + strikes > 0 ? Double(landed) / Double(landed + strikes) : nil
    }

    private enum CodingKeys: String, CodingKey {
        case program, path, version, iterations, landed, strikes
        case successRate = "success_rate"
    }
}

/// What one tiny run of an agent, outside of any item, came to.
package struct AgentTestView: Codable, Equatable, Sendable {
    package var name: String
    package var program: String
    @OrNull package var path: String?
    @OrNull package var version: String?
    /// The login that was found before the run; nil: none is to be seen from outside.
    @OrNull package var login: String?
    /// Whether that login is paid by use; nil when it cannot be told.
    @OrNull package var bills: Bool?
    package var isGood: Bool
    /// `finished`, or the outcome that an iteration would have had.
    package var outcome: String
    @OrNull package var model: String?
    @OrNull package var tokens: TokensView?
    @OrNull package var costUSD: Double?
    package var costKind: String
    package var durationMS: Int64
    /// What it answered.
    @OrNull package var text: String?
    /// What it, or its provider, said went wrong.
    @OrNull package var error: String?
    /// When a stated limit ends.
    @OrNull package var until: Date?
    /// The next step for a person; nil when there is none.
    @OrNull package var action: String?

    package init(name: String, program: String) {
        self.name = name
        self.program = program
        path = nil
        version = nil
        login = nil
        bills = nil
        isGood = false
        outcome = ""
        model = nil
        tokens = nil
        costUSD = nil
        costKind = Cost.unknown.kind
        durationMS = 0
        text = nil
        error = nil
        until = nil
        action = nil
    }

    private enum CodingKeys: String, CodingKey {
        case name, program, path, version, login, bills, outcome, model, tokens, text, error, until
        case isGood = "ok"
        case costUSD = "cost_usd"
        case costKind = "cost_kind"
        case durationMS = "duration_ms"
        case action = "do"
    }
}
