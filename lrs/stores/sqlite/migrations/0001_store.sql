-- Everything that Rapport keeps in one file.
--
-- Units: an instant is an INTEGER, microseconds since 1970-01-01T00:00:00Z. A statement id is a BLOB, the 16 bytes
-- of its UUID. `stored` of a statement is its key everywhere, for it is unique and grows with every commit.

CREATE TABLE statement (
    stored          INTEGER PRIMARY KEY,          -- instant: when it was stored; strictly increasing
    id              BLOB    NOT NULL UNIQUE,      -- 16 bytes: its UUID
    refers_to       BLOB,                         -- 16 bytes: the statement its object, a StatementRef, points at
    authority       INTEGER,                      -- term.id, of kind authority: who supplied it; NULL: nobody named
    voiding         INTEGER NOT NULL,             -- 0 or 1: its verb is `voided`, so nothing can void it
    voids_others    INTEGER NOT NULL,             -- 0 or 1: if voiding: whatever the authority of its target;
                                                  --   0: only what has its own. As it was when this was stored
    voided          INTEGER,                      -- instant: since when it is void; its own `stored` when the
                                                  --   voiding statement came first; NULL: not voided by any that
                                                  --   had the right to
    timestamp_given INTEGER NOT NULL,             -- 0 or 1: the sender gave `timestamp`; it is part of the meaning
    sha256          BLOB    NOT NULL,             -- 32 bytes: SHA-256 of `raw`
    terms           TEXT    NOT NULL,             -- JSON array of term.id: its own terms, none of a reference
    raw             BLOB    NOT NULL              -- UTF-8 JSON: the exact bytes that leave, `stored` included
);

-- Who points at a statement. Most point at none, so it is small.
CREATE INDEX statement_by_reference ON statement (refers_to) WHERE refers_to IS NOT NULL;

-- Texts that are looked for, by a short name: terms of statements, and subjects of evidence.
CREATE TABLE term (
    id   INTEGER PRIMARY KEY,                     -- short name of (kind, text); never reused
    kind TEXT    NOT NULL,                        -- a lrs.xapi.statement.TermKind (verb, agent, activity …) or a
                                                  --   lrs.competency.evidence.SubjectType (officer, unit)
    text TEXT    NOT NULL,                        -- an IRI, an agent key or a lower-case UUID
    UNIQUE (kind, text)
);

-- The index behind the filters of GET /statements: one row per statement and term, its own and, but for
-- `authority`, those of the statements that it refers to, at any depth. Who may read only the statements of one
-- authority is answered from own terms alone.
CREATE TABLE posting (
    term   INTEGER NOT NULL,                      -- term.id
    stored INTEGER NOT NULL,                      -- statement.stored
    own    INTEGER NOT NULL,                      -- 1: a term of the statement itself (also when a reference leads to
                                                  --   it as well); 0: only of one that it refers to
    PRIMARY KEY (term, stored)
) WITHOUT ROWID;

CREATE TABLE attachment (
    sha2         TEXT NOT NULL UNIQUE,            -- lower-case hex: the SHA-2 that its statement declares
    content_type TEXT NOT NULL,                   -- media type, as first sent
    content      BLOB NOT NULL                    -- the raw data
);

-- What plugins found, in the order in which it was stored and, within a statement, of rule, then indicator.
-- What a profile needs to know of the statement is copied here: statements are immutable, and of the copies only
-- `voided` ever changes, once.
CREATE TABLE evidence (
    number           INTEGER PRIMARY KEY,         -- 1, 2, …
    stored           INTEGER NOT NULL,            -- instant: statement.stored
    voided           INTEGER,                     -- instant: statement.voided
    statement_id     BLOB    NOT NULL,            -- 16 bytes: statement.id
    statement_sha256 BLOB    NOT NULL,            -- 32 bytes: statement.sha256
    authority        INTEGER,                     -- term.id: statement.authority
    subject          INTEGER NOT NULL,            -- term.id, of kind officer or unit: whom it is about
    competency       TEXT    NOT NULL,            -- id of a competency
    indicator        TEXT,                        -- id of an indicator; NULL: the competency as a whole
    rating           REAL,                        -- number on `scale`; NULL: none (not observed, a flag alone)
    scale            TEXT    NOT NULL,            -- name of the anchor table, e.g. fto-7
    tier             TEXT    NOT NULL,            -- a lrs.competency.evidence.Tier
    rater            TEXT    NOT NULL,            -- agent key, or system:…
    encounter        TEXT    NOT NULL,            -- what it was seen in
    observed         INTEGER NOT NULL,            -- instant: when it was observed
    flags            TEXT    NOT NULL,            -- lrs.competency.evidence.Flag values, joined by commas
    rule             TEXT    NOT NULL,            -- id of the alignment rule that found it
    plugin           TEXT    NOT NULL,            -- who found it
    plugin_version   TEXT    NOT NULL             -- and in which version
);

-- A profile is one walk along this; it ends with `number`, as every index does.
CREATE INDEX evidence_by_subject ON evidence (subject, competency, stored);
CREATE INDEX evidence_by_statement ON evidence (stored);

-- Plugins that failed, on which statement, and why.
CREATE TABLE quarantine (
    stored         INTEGER NOT NULL,              -- statement.stored
    place          INTEGER NOT NULL,              -- 0, 1, …: place among the failures on this statement
    statement_id   BLOB    NOT NULL,              -- 16 bytes: statement.id
    plugin         TEXT    NOT NULL,              -- who failed
    plugin_version TEXT    NOT NULL,              -- and in which version
    reason         TEXT    NOT NULL,              -- what it said
    PRIMARY KEY (stored, place)
) WITHOUT ROWID;

-- How many there are, kept with every commit: counting rows would read whole tables.
CREATE TABLE tally (
    one        INTEGER PRIMARY KEY CHECK (one = 1), -- there is one row
    statements INTEGER NOT NULL,                  -- rows of statement
    evidence   INTEGER NOT NULL,                  -- rows of evidence
    quarantine INTEGER NOT NULL                   -- rows of quarantine
);
INSERT INTO tally VALUES (1, 0, 0, 0);

CREATE TABLE key (
    id            TEXT    NOT NULL PRIMARY KEY,   -- the user name of a credential
    name          TEXT    NOT NULL,               -- what people call it
    secret_sha256 BLOB    NOT NULL,               -- 32 bytes: SHA-256 of the secret, which is not kept
    scopes        TEXT    NOT NULL,               -- scopes in order, joined by spaces
    created       INTEGER NOT NULL,               -- instant
    revoked       INTEGER                         -- instant; NULL: in force
) WITHOUT ROWID;

CREATE UNIQUE INDEX key_in_force_by_name ON key (name) WHERE revoked IS NULL;

CREATE TABLE secret (
    name  TEXT NOT NULL PRIMARY KEY,              -- what it is for
    value BLOB NOT NULL                           -- 32 random bytes
) WITHOUT ROWID;
