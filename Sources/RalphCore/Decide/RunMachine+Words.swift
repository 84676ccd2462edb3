package import struct Foundation.Date

extension RunMachine {
    /// What can happen to a project.
    package enum Event: Sendable {
        /// Start-up, after recovery and before the first reading.
        case loaded([ItemRecord], [AgentRecord], ProjectMood, Ledger = Ledger())
        case read(Reading)
        /// An instant that was asked for by `wake` has come.
        case woke
        case ended(IterationResult)
        /// The iteration could not begin, through no fault of the item; with the reason for a hold, if there is one.
        case notStarted(ItemID, Trouble?)
        /// The candidate is green, but the target cannot be moved yet; the reason names what is in the way.
        case landingObstructed(ItemID, Obstacle)
        case steer(Command)
        /// An undo is over, however it ended.
        case undoEnded(ItemID)
        /// An undo cannot go on yet; it is tried again.
        case undoObstructed(ItemID)
        case held(Hold.Kind, message: String)
        /// The answer to `probe`; nil when the cause is gone.
        case probed(Trouble?)
        case rulesChanged(Rules)
        /// What an agent was set aside for may be mended: its program, its login or its credential has changed.
        case agentMended(String)
        /// The kept work of these finished or withdrawn items is let go.
        case workLapsed([ItemID])
        /// What could not be kept when its iteration ended is kept now.
        case workRescued(ItemID, KeptWork)
        /// Claim nothing more and end what runs.
        case stop
    }

    /// What the run service is to do.
    package enum Action: Equatable, Sendable {
        case saveItems([ItemRecord])
        /// Write where these items stand in the PRD; what else is known of them has not changed.
        case placeItems([ItemRecord])
        case saveAgents([AgentRecord])
        case showProject(ProjectMood)
        case start(ItemID, AgentChoice, Allowance)
        /// Something that the history is to remember of an item.
        case note(ItemID, String)
        case cancel(ItemID, reason: String)
        /// Try the landing of a parked item again.
        case landAgain(ItemID)
        /// Close the iteration of a parked item, whose landing is wanted no more. It comes back as `ended` or, where what
        /// became of it cannot be told yet, as `landingObstructed`.
        case dropLanding(ItemID, reason: String)
        /// Tick the boxes of these items in the PRD: finished here, but open there.
        case tick([ItemID])
        /// Open the boxes of these items again: they are to be redone.
        case untick([ItemID])
        /// Take the landing of a finished item back.
        case undo(ItemID)
        case probe(Hold.Kind)
        case wake(at: Date)
        case finish(exitCode: Int32)
    }

    /// What a person asks for.
    package enum Command: Sendable {
        case pause(now: Bool)
        case resume
        case retry(ItemID, note: String?, fresh: Bool)
        case skip(ItemID)
        case accept(ItemID)
        case answer(ItemID, String)
        case retryAgent(String)
        case undo(ItemID)
    }

    /// Why a green candidate cannot be landed yet.
    package struct Obstacle: Equatable, Sendable {
        /// Names the files, or the operation in progress.
        package var reason: String
        /// Files of the author's are in the way, as opposed to a lock or an operation that ends by itself.
        package var needsPerson: Bool
        /// Set where all landings would fail alike: the project holds.
        package var trouble: Trouble?
        /// It is a reviewer who gave no verdict: asked again not before the instant, if there is one, else after a backoff.
        package var reviewer: Reviewer?
        /// What the iteration came to so far. Nil: as before.
        package var bill: Bill?

        package struct Reviewer: Equatable, Sendable {
            /// Why there is no verdict.
            package enum Lack: Equatable, Sendable {
                /// It was asked in vain.
                case verdict
                /// Its limit is known: it was not asked.
                case rest
                /// It cannot work before somebody mends it: no program, no login, no credit.
                case mending
                /// Nothing is left of a ceiling: it was not asked.
                case money
            }

            package var name: String
            package var until: Date?
            package var lack = Lack.verdict
            /// Who sleeps for the limit that it met just now: the agent, or one model of it.
            package var sleeper: String?

            package init(_ name: String, until: Date? = nil, lack: Lack = .verdict, sleeper: String? = nil) {
                (self.name, self.until, self.lack, self.sleeper) = (name, until, lack, sleeper)
            }
        }

        package init(reason: String, needsPerson: Bool, trouble: Trouble? = nil) {
            self.reason = reason
            self.needsPerson = needsPerson
            self.trouble = trouble
        }

        /// - Parameter why: what the reviewer's CLI said.
        package static func review(
            by agent: AgentChoice,
            _ why: String,
            until: Date?,
            lack: Reviewer.Lack = .verdict,
            sleeper: String? = nil
        ) -> Obstacle {
            var obstacle = Obstacle(reason: "no review yet: \(agent): \(why)", needsPerson: false)
            obstacle.reviewer = Reviewer(agent.name, until: until, lack: lack, sleeper: sleeper)
            return obstacle
        }

        /// - Parameter scope: the ceiling of which nothing is left.
        package static func noMoney(for agent: AgentChoice, of scope: Budget.Scope) -> Obstacle {
            let whose =
                switch scope {
                case .iteration, .item: "the item's"
                case .day: "today's"
                case .total: "the project's"
                }
            let reason = "no review yet: nothing is left of \(whose) budget for \(agent)"
            var obstacle = Obstacle(reason: reason, needsPerson: false)
            obstacle.reviewer = Reviewer(agent.name, lack: .money)
            return obstacle
        }
    }

    /// A landing that waits.
    struct Parked: Sendable {
        var next: Date
        var since: Date
        var needsPerson: Bool
        /// It waits for this reviewer's verdict, and was asked for it in vain so often.
        var reviewer: Obstacle.Reviewer?
        var reviews = 0
        /// When it goes on, where that is known.
        var until: Date?
        /// An earlier life left it, and nothing of it was tried in this one.
        var isResumed = false

        /// Nothing is left of a ceiling for the review.
        var isShort: Bool { reviewer?.lack == .money }
    }

    /// A landing that waited and is wanted no more.
    struct Dropped: Sendable {
        var reason: String
        /// Not even its work is wanted.
        var isFresh = false
        /// The run service was told.
        var isAsked = false
    }

    /// Why the project cannot go on.
    package struct Trouble: Equatable, Sendable {
        package var kind: Hold.Kind
        package var message: String

        package init(_ kind: Hold.Kind, _ message: String) {
            self.kind = kind
            self.message = message
        }
    }
}

/// One good reading of the PRD, reconciled with the known items.
package struct Reading: Sendable {
    /// Every item of the document with its identity, in document order.
    package var present: [(id: ItemID, item: Item)]
    /// Known items that the document no longer has.
    package var absent: Set<ItemID>
    /// Items whose untick is an author's wish to do them again; all other lost ticks are put back.
    package var reopened: Set<ItemID>
    /// Items whose landing the author has reverted.
    package var undone: Set<ItemID>

    package init(
        present: [(id: ItemID, item: Item)],
        absent: Set<ItemID> = [],
        reopened: Set<ItemID> = [],
        undone: Set<ItemID> = []
    ) {
        self.present = present
        self.absent = absent
        self.reopened = reopened
        self.undone = undone
    }
}

/// How an iteration ended, with all that the next decision needs.
package struct IterationResult: Sendable {
    package var item: ItemID
    package var agent: AgentChoice
    /// The model that was served, as the agent reported it.
    package var model: String?
    package var outcome: Outcome
    /// One line for people: what went wrong, the note, the question.
    package var detail: String?
    package var checks: [CheckResult] = []
    package var failingOnBase: [String] = []
    package var hiddenFiles: [String] = []
    /// The files hold a credential.
    package var isLeak = false
    /// Hash of what failed; nil when nothing that repeats did.
    package var signature: String?
    package var kept: KeptWork?
    /// Died within 5 s without a byte of output.
    package var isSilentDeath = false
    /// Failed within 5 s, before the agent had begun to tell what it does.
    package var isInstantFailure = false
    /// Not the item's fault although the outcome is a strike: the day's or the project's money ran out under it.
    package var isExcused = false
    /// What it is charged with.
    package var bill = Bill()
    /// The daemon died under it.
    package var isCrash = false
    /// With `isCrash`: the stage in which something of the item's own ran then, and had brought nothing new. Nil: the item
    /// had no part in it.
    package var suspectStage: Stage?
    package var limitReset: Date?
    package var limitedModel: String?
    package var commit: ObjectID?
    package var isTickOwed = false
    /// With `already_done`: whether its own check or a reviewer proves it.
    package var isProved = false
    /// With `check_broken`: what the hold says.
    package var trouble: RunMachine.Trouble?

    package var isStrike: Bool { outcome.isStrike && !isExcused }

    package init(item: ItemID, agent: AgentChoice, outcome: Outcome, detail: String? = nil) {
        self.item = item
        self.agent = agent
        self.outcome = outcome
        self.detail = detail
    }
}
