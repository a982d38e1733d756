-- People who sign in, what they contest, the audit log of what was done; and how often what vendors sent was refused.
-- Units are those of 0001_store.sql.

-- People who may sign in. Never deleted: the audit log names them.
CREATE TABLE user (
    id          TEXT    NOT NULL PRIMARY KEY,     -- 16 hex digits
    name        TEXT    NOT NULL UNIQUE,          -- what they sign in with, in lower case
    role        TEXT    NOT NULL,                 -- a lrs.stores.users.Role
    agent       TEXT    NOT NULL,                 -- agent key that statements and the roster have; empty: none
    units       TEXT    NOT NULL,                 -- JSON array: of a supervisor, units in order; ["*"]: every unit
    password    TEXT    NOT NULL,                 -- Argon2 hash in PHC form; empty: none
    issuer      TEXT    NOT NULL,                 -- `iss` of the agency's own sign-on; empty: none
    subject     TEXT    NOT NULL,                 -- `sub` at that issuer; empty: none
    must_change INTEGER NOT NULL,                 -- 0 or 1: a new password is asked for at the next sign-in
    created     INTEGER NOT NULL,                 -- instant
    disabled    INTEGER,                          -- instant: since when they may not sign in; NULL: they may
    failures    INTEGER NOT NULL,                 -- wrong passwords in a row
    locked      INTEGER,                          -- instant: until then no password is looked at; NULL: not locked
    revision    INTEGER NOT NULL                  -- 0, 1, …: goes up with each change
) WITHOUT ROWID;

-- Only of those who have a sign-on.
CREATE UNIQUE INDEX user_by_sign_on ON user (issuer, subject) WHERE issuer <> '' AND subject <> '';

-- Who is signed in. The token itself is not kept.
CREATE TABLE session (
    token_sha256 BLOB    NOT NULL PRIMARY KEY,    -- 32 bytes: SHA-256 of the token
    user         TEXT    NOT NULL,                -- user.id
    created      INTEGER NOT NULL,                -- instant
    seen         INTEGER NOT NULL,                -- instant: about when it was last used
    ends         INTEGER NOT NULL                 -- instant: when it ends, used or not
) WITHOUT ROWID;

CREATE INDEX session_by_user ON session (user);
CREATE INDEX session_by_end ON session (ends);

-- The audit log: a chain, in which each entry holds the hash of the one before; see lrs.stores.audit.
CREATE TABLE audit_log (
    number   INTEGER PRIMARY KEY,                 -- 1, 2, …: without a gap
    at       INTEGER NOT NULL,                    -- instant: when it happened, by the clock of who wrote it down
    actor    TEXT    NOT NULL,                    -- who: user:ID, key:ID or system
    action   TEXT    NOT NULL,                    -- what was done
    subjects TEXT    NOT NULL,                    -- JSON array of agent keys: of whom it is about, in order
    detail   TEXT    NOT NULL,                    -- JSON object: what else belongs to it
    previous TEXT    NOT NULL,                    -- 64 hex digits: `sha256` of the entry before; zeros of the first
    sha256   TEXT    NOT NULL                     -- 64 hex digits: SHA-256 over all of the above, see
                                                  --   lrs.stores.audit.seal
);

-- Each ends with `number`, as every index does: newest first is a walk backwards.
CREATE INDEX audit_by_instant ON audit_log (at);
CREATE INDEX audit_by_actor ON audit_log (actor);
CREATE INDEX audit_by_action ON audit_log (action);

-- The index from a person to the entries about them; what is sealed is audit_log.subjects.
CREATE TABLE audit_subjects (
    subject TEXT    NOT NULL,                     -- agent key
    number  INTEGER NOT NULL,                     -- audit_log.number
    PRIMARY KEY (subject, number)
) WITHOUT ROWID;

-- Nothing is changed or deleted, and nothing comes but at the end. The last is for INSERT OR REPLACE as well, which
-- deletes without a trigger for it.
CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_log_has_no_gap BEFORE INSERT ON audit_log
WHEN NEW.number IS NOT (SELECT ifnull(max(number), 0) + 1 FROM audit_log)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only: an entry comes after the newest');
END;

CREATE TRIGGER audit_subjects_are_not_changed BEFORE UPDATE ON audit_subjects
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_subjects_are_not_deleted BEFORE DELETE ON audit_subjects
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- What an officer challenges. Nothing is deleted.
CREATE TABLE contest (
    id           BLOB    NOT NULL PRIMARY KEY,    -- 16 bytes: a UUID
    statement_id BLOB    NOT NULL,                -- 16 bytes: statement.id
    officer      TEXT    NOT NULL,                -- agent key
    raised_by    TEXT    NOT NULL,                -- user.id
    raised       INTEGER NOT NULL,                -- instant
    due          INTEGER NOT NULL,                -- instant: by when it is to be decided
    reason       TEXT    NOT NULL,                -- what the officer says
    state        TEXT    NOT NULL,                -- a lrs.stores.contests.ContestState
    decided_by   TEXT    NOT NULL,                -- user.id; empty while it is open
    decided      INTEGER,                         -- instant; NULL while it is open
    reasons      TEXT    NOT NULL,                -- why it was decided so
    voiding_id   BLOB,                            -- 16 bytes: of the statement that voids the item; NULL: none
    reissued_id  BLOB,                            -- 16 bytes: of the corrected statement; NULL: none
    settled      INTEGER NOT NULL,                -- 0 or 1: granted, and both of these are stored
    revision     INTEGER NOT NULL                 -- 0, 1, …: goes up with each change
) WITHOUT ROWID;

CREATE INDEX contest_by_statement ON contest (statement_id);
CREATE INDEX contest_by_officer ON contest (officer);
CREATE INDEX contest_by_state ON contest (state);
CREATE UNIQUE INDEX contest_open ON contest (statement_id, officer) WHERE state = 'open';

-- What an officer has to say to an item. Nothing is changed or deleted.
CREATE TABLE rejoinder (
    id           BLOB    NOT NULL PRIMARY KEY,    -- 16 bytes: a UUID
    statement_id BLOB    NOT NULL,                -- 16 bytes: statement.id
    officer      TEXT    NOT NULL,                -- agent key
    written_by   TEXT    NOT NULL,                -- user.id
    written      INTEGER NOT NULL,                -- instant
    text         TEXT    NOT NULL                 -- what they say
) WITHOUT ROWID;

CREATE INDEX rejoinder_by_statement ON rejoinder (statement_id);
CREATE INDEX rejoinder_by_officer ON rejoinder (officer);

-- How often what vendors sent was refused: a tally, in which nothing is that they sent; see lrs.stores.refusals.
CREATE TABLE refusal (
    day        TEXT    NOT NULL,                  -- ISO date in UTC
    authority  TEXT    NOT NULL,                  -- agent key of the key that posted; empty: none was recognised
    code       TEXT    NOT NULL,                  -- of the error
    path       TEXT    NOT NULL,                  -- where: a JSON Pointer with * for what the sender chose, or a header
    expected   TEXT    NOT NULL,                  -- what would be right, as it was said last
    requests   INTEGER NOT NULL,                  -- how many were refused
    statements INTEGER NOT NULL,                  -- how many those had, as far as is known
    last       INTEGER NOT NULL,                  -- instant of the last of them
    PRIMARY KEY (day, authority, code, path)
) WITHOUT ROWID;
