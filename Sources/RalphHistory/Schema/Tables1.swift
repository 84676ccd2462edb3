extension Schema {
    /// Version 1. Times are milliseconds since 1970 in UTC; columns that say JSON hold nested data that nobody queries.
    static let tables1 = """
        CREATE TABLE project (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            name TEXT NOT NULL,
            repository TEXT NOT NULL,
            prd_path TEXT NOT NULL,
            target TEXT,
            target_tip TEXT,
            state TEXT NOT NULL
                CHECK (state IN ('running', 'waiting', 'idle', 'paused', 'held', 'stopped')),
            reason TEXT,
            until INTEGER,
            is_paused INTEGER NOT NULL DEFAULT 0 CHECK (is_paused IN (0, 1)),
            hold_kind TEXT CHECK (hold_kind IN
                ('check_broken', 'no_checks', 'base_red', 'environment', 'repository', 'storage')),
            hold_message TEXT,
            hold_since INTEGER,
            hold_tries INTEGER,
            hold_next_probe INTEGER,
            prd_problems TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(prd_problems)),
            prd_read_at INTEGER,
            checks_note TEXT,
            daemon_pid INTEGER,
            started_at INTEGER,
            CHECK ((hold_kind IS NULL) = (hold_message IS NULL)),
            CHECK ((hold_kind IS NULL) = (hold_since IS NULL)),
            CHECK ((hold_kind IS NULL) = (hold_tries IS NULL)),
            CHECK ((hold_kind IS NULL) = (hold_next_probe IS NULL))
        ) STRICT;

        CREATE TABLE item (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL,
            explicit_id TEXT,
            title TEXT NOT NULL,
            section TEXT NOT NULL CHECK (json_valid(section)),
            line INTEGER NOT NULL,
            box_offset INTEGER,
            is_ticked INTEGER NOT NULL CHECK (is_ticked IN (0, 1)),
            criteria TEXT CHECK (criteria IS NULL OR json_valid(criteria)),
            details TEXT NOT NULL,
            attributes TEXT CHECK (attributes IS NULL OR json_valid(attributes)),
            error TEXT,
            position INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN
                ('open', 'running', 'waiting', 'blocked', 'done', 'withdrawn', 'manual', 'later')),
            reason TEXT,
            wait_until INTEGER,
            strikes INTEGER NOT NULL DEFAULT 0 CHECK (strikes >= 0),
            iterations INTEGER NOT NULL DEFAULT 0 CHECK (iterations >= 0),
            backoffs INTEGER NOT NULL DEFAULT 0 CHECK (backoffs >= 0),
            same_failure TEXT CHECK (same_failure IS NULL OR json_valid(same_failure)),
            unpaid TEXT CHECK (unpaid IS NULL OR json_valid(unpaid)),
            block_kind TEXT CHECK (block_kind IN
                ('blocked', 'confirm', 'question', 'skipped', 'undone', 'in_the_way')),
            block_message TEXT,
            block_since INTEGER,
            kept_commit TEXT,
            kept_base TEXT,
            kept_files INTEGER,
            kept_insertions INTEGER,
            kept_deletions INTEGER,
            last_try TEXT CHECK (last_try IS NULL OR json_valid(last_try)),
            note TEXT,
            answer_question TEXT,
            answer TEXT,
            landed_commit TEXT,
            is_tick_owed INTEGER NOT NULL DEFAULT 0 CHECK (is_tick_owed IN (0, 1)),
            created_at INTEGER NOT NULL,
            done_at INTEGER,
            CHECK ((block_kind IS NULL) = (block_message IS NULL)),
            CHECK ((block_kind IS NULL) = (block_since IS NULL)),
            CHECK ((kept_commit IS NULL) = (kept_base IS NULL)),
            CHECK ((answer IS NULL) = (answer_question IS NULL))
        ) STRICT;
        CREATE INDEX item_by_state ON item (state, position);
        CREATE INDEX item_by_position ON item (position);
        CREATE INDEX item_by_key ON item (key);

        CREATE TABLE iteration (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            uuid TEXT NOT NULL UNIQUE,
            item INTEGER NOT NULL REFERENCES item (id),
            ordinal INTEGER NOT NULL CHECK (ordinal >= 1),
            agent TEXT NOT NULL,
            model_requested TEXT,
            model TEXT,
            stage TEXT NOT NULL
                CHECK (stage IN ('preparing', 'agent', 'snapshot', 'checks', 'review', 'landing')),
            outcome TEXT CHECK (outcome IN
                ('landed', 'already_done', 'incomplete', 'checks_failed', 'review_rejected', 'no_change',
                 'protected_path', 'agent_failed', 'timed_out', 'stalled', 'turns_exhausted',
                 'context_overflow', 'budget_exhausted', 'question', 'rate_limited', 'unavailable',
                 'auth_failed', 'billing', 'agent_missing', 'conflict', 'check_broken', 'cancelled',
                 'interrupted', 'internal_error')),
            is_strike INTEGER NOT NULL DEFAULT 0 CHECK (is_strike IN (0, 1)),
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            exit_code INTEGER,
            signal INTEGER,
            session_id TEXT,
            turns INTEGER,
            tool_calls INTEGER,
            tokens_input INTEGER,
            tokens_output INTEGER,
            tokens_cache_read INTEGER,
            tokens_cache_write INTEGER,
            cost_usd REAL,
            cost_kind TEXT NOT NULL DEFAULT 'unknown'
                CHECK (cost_kind IN ('quoted', 'plan', 'derived', 'unknown')),
            limit_reset INTEGER,
            target TEXT NOT NULL,
            base TEXT NOT NULL,
            tree TEXT,
            candidate TEXT,
            landed_commit TEXT,
            kept_commit TEXT,
            kept_base TEXT,
            kept_files INTEGER,
            kept_insertions INTEGER,
            kept_deletions INTEGER,
            signature TEXT,
            error TEXT,
            summary TEXT,
            log_directory TEXT NOT NULL,
            process_id INTEGER,
            process_start INTEGER,
            UNIQUE (item, ordinal),
            CHECK ((outcome IS NULL) = (ended_at IS NULL)),
            CHECK ((cost_kind = 'unknown') = (cost_usd IS NULL)),
            CHECK ((kept_commit IS NULL) = (kept_base IS NULL)),
            CHECK (is_strike = 0 OR outcome IS NOT NULL)
        ) STRICT;
        CREATE INDEX iteration_by_item ON iteration (item);
        CREATE INDEX iteration_running ON iteration (id) WHERE outcome IS NULL;
        CREATE INDEX iteration_landed ON iteration (id) WHERE outcome = 'landed';
        CREATE INDEX iteration_by_end ON iteration (ended_at) WHERE ended_at IS NOT NULL;

        CREATE TABLE check_run (
            id INTEGER PRIMARY KEY,
            iteration INTEGER NOT NULL REFERENCES iteration (id),
            subject TEXT NOT NULL CHECK (subject IN ('base', 'candidate')),
            name TEXT NOT NULL,
            verdict TEXT NOT NULL CHECK (verdict IN ('passed', 'failed', 'flaky', 'broken')),
            exit_code INTEGER,
            duration_ms INTEGER NOT NULL,
            summary TEXT NOT NULL,
            head TEXT NOT NULL,
            tail TEXT NOT NULL,
            line_count INTEGER NOT NULL,
            ended_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX check_run_by_iteration ON check_run (iteration);
        CREATE INDEX check_run_with_output ON check_run (ended_at) WHERE head <> '' OR tail <> '';

        CREATE TABLE landing (
            id INTEGER PRIMARY KEY,
            iteration INTEGER NOT NULL REFERENCES iteration (id),
            uuid TEXT NOT NULL,
            target TEXT NOT NULL,
            expected_tip TEXT NOT NULL,
            candidate TEXT NOT NULL,
            tick TEXT NOT NULL CHECK (tick IN ('in_commit', 'beside')),
            worktree TEXT,
            git_directory TEXT,
            prd_path BLOB,
            opened_at INTEGER NOT NULL,
            closed_at INTEGER,
            landed_commit TEXT
        ) STRICT;
        CREATE UNIQUE INDEX landing_open ON landing (target) WHERE closed_at IS NULL;
        CREATE INDEX landing_by_iteration ON landing (iteration);
        CREATE TABLE landing_path (
            landing INTEGER NOT NULL REFERENCES landing (id) ON DELETE CASCADE,
            path BLOB NOT NULL,
            inode INTEGER,
            change_time_ns INTEGER,
            size INTEGER
        ) STRICT;
        CREATE INDEX landing_path_by_landing ON landing_path (landing);

        CREATE TABLE agent (
            name TEXT PRIMARY KEY NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('ready', 'asleep', 'backing_off', 'set_aside')),
            until INTEGER,
            message TEXT,
            refusals INTEGER NOT NULL DEFAULT 0 CHECK (refusals >= 0)
        ) STRICT;

        CREATE TABLE question (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            item INTEGER NOT NULL REFERENCES item (id),
            iteration INTEGER NOT NULL REFERENCES iteration (id),
            state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
            question TEXT NOT NULL,
            answer TEXT,
            asked_at INTEGER NOT NULL,
            ended_at INTEGER,
            CHECK ((state = 'open') = (ended_at IS NULL)),
            CHECK ((state = 'answered') = (answer IS NOT NULL))
        ) STRICT;
        CREATE INDEX question_by_state ON question (state, id);
        CREATE INDEX question_by_item ON question (item);

        CREATE TABLE learning (
            id INTEGER PRIMARY KEY,
            item INTEGER NOT NULL REFERENCES item (id),
            iteration INTEGER NOT NULL REFERENCES iteration (id),
            text TEXT NOT NULL,
            at INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE receipt (
            tree TEXT NOT NULL,
            checks_hash TEXT NOT NULL,
            results TEXT NOT NULL CHECK (json_valid(results)),
            at INTEGER NOT NULL,
            PRIMARY KEY (tree, checks_hash)
        ) STRICT;
        CREATE INDEX receipt_by_time ON receipt (at);

        CREATE TABLE event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN
                ('project_changed', 'prd_read', 'item_added', 'item_changed', 'items_changed',
                 'iteration_started', 'stage_changed', 'check_finished', 'landing_opened', 'landing_closed',
                 'iteration_ended', 'agent_changed', 'question_asked', 'question_answered', 'learned', 'note')),
            item INTEGER,
            iteration INTEGER,
            details TEXT NOT NULL CHECK (json_valid(details))
        ) STRICT;
        """
}
