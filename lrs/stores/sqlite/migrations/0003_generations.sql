-- Generations of evidence, which of them counts since when, the work of making new ones; and the roster. Units are
-- those of 0001_store.sql.

-- What finds evidence: a plugin in one version, configured in one way. Nothing is ever changed or deleted here.
CREATE TABLE source (
    number  INTEGER PRIMARY KEY,                  -- 1, 2, …
    plugin  TEXT    NOT NULL,                     -- name of the plugin
    version TEXT    NOT NULL,                     -- its version
    digest  TEXT    NOT NULL UNIQUE,              -- lower-case hex: SHA-256 over all that its evidence hangs on, its
                                                  --   name included. Of what was found under schema 1 or 2, when
                                                  --   that was not known: before-generations:PLUGIN:VERSION
    rubrics TEXT    NOT NULL                      -- JSON array: its rubrics; [] under schema 1 and 2: not known
);

-- The evidence that one source found in one way. AUTOINCREMENT: a number stays taken when its row is deleted.
CREATE TABLE generation (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,   -- 1, 2, …
    source   INTEGER NOT NULL,                    -- source.number
    kind     TEXT    NOT NULL,                    -- a lrs.stores.base.Kind: live, rebuilt or mended
    begun    INTEGER NOT NULL,                    -- instant: when it was begun
    through  INTEGER,                             -- instant: if rebuilt: every statement stored at or before it was
                                                  --   looked at; NULL: not complete, or not rebuilt
    dirty    INTEGER NOT NULL DEFAULT 0,          -- 0 or 1: it may have rows later than `through` (any, when that
                                                  --   is NULL) of a rebuild that was dropped. They never count, and
                                                  --   are deleted before anything is rebuilt
    evidence INTEGER NOT NULL,                    -- rows of evidence
    failures INTEGER NOT NULL,                    -- rows of quarantine, those that were mended too
    UNIQUE (source, kind)
);

-- Which generation of a plugin counts since when; see lrs.stores.base.Activation.
CREATE TABLE activation (
    plugin     TEXT    NOT NULL,                  -- source.plugin
    at         INTEGER NOT NULL,                  -- instant: `as_of` from which on; 0 for the first live one
    generation INTEGER NOT NULL,                  -- generation.number
    through    INTEGER NOT NULL,                  -- instant: generation.through at that time; -1 for a live one
    PRIMARY KEY (plugin, at)
) WITHOUT ROWID;

-- Work: some sources look at every statement of an interval again. Deleted only when it is dropped.
CREATE TABLE rebuild (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,    -- 1, 2, …
    after   INTEGER NOT NULL,                     -- instant: of statements stored later than this …
    through INTEGER NOT NULL                      -- instant: … up to and with this
);

CREATE TABLE rebuild_generation (
    rebuild    INTEGER NOT NULL,                  -- rebuild.number
    generation INTEGER NOT NULL,                  -- generation.number: a rebuilt one, that findings become part of
    PRIMARY KEY (rebuild, generation)
) WITHOUT ROWID;

-- What one worker does of a rebuild at a time. The parts of a rebuild follow on each other without a gap.
CREATE TABLE part (
    rebuild     INTEGER NOT NULL,                 -- rebuild.number
    number      INTEGER NOT NULL,                 -- 0, 1, …: in order of `stored`
    after       INTEGER NOT NULL,                 -- instant: statements stored later than this …
    through     INTEGER NOT NULL,                 -- instant: … up to and with this
    statements  INTEGER NOT NULL,                 -- how many those are
    worker      TEXT,                             -- who took it last; NULL: nobody has
    lease_until INTEGER,                          -- instant: from then on another may take it; NULL: nobody has it
    done        INTEGER NOT NULL DEFAULT 0,       -- 0 or 1: finished
    PRIMARY KEY (rebuild, number)
) WITHOUT ROWID;

DROP INDEX evidence_by_subject;
DROP INDEX evidence_by_statement;
ALTER TABLE evidence RENAME TO evidence_before;
ALTER TABLE quarantine RENAME TO quarantine_before;

-- Evidence says of which generation it is, and whether a plugin had failed where it was found. Beside that it is as
-- it was.
CREATE TABLE evidence (
    number           INTEGER PRIMARY KEY,         -- 1, 2, …; within a statement, what one generation has is in order
                                                  --   of rule, then indicator
    stored           INTEGER NOT NULL,            -- instant: statement.stored
    voided           INTEGER,                     -- instant: statement.voided
    mended           INTEGER,                     -- instant: since when it stands in the place of a failure; NULL:
                                                  --   there was none
    mends            INTEGER,                     -- generation.number: of that failure; NULL: there was none
    statement_id     BLOB    NOT NULL,            -- 16 bytes: statement.id
    statement_sha256 BLOB    NOT NULL,            -- 32 bytes: statement.sha256
    authority        INTEGER,                     -- term.id: statement.authority
    generation       INTEGER NOT NULL,            -- generation.number: what found it, and how
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
    rule             TEXT    NOT NULL             -- id of the alignment rule that found it
);

CREATE TABLE quarantine (
    stored         INTEGER NOT NULL,              -- statement.stored
    place          INTEGER NOT NULL,              -- 0, 1, …: place among the failures on this statement in one way of
                                                  --   looking at it: live, or one rebuild
    generation     INTEGER NOT NULL,              -- generation.number: who failed, live or rebuilt
    statement_id   BLOB    NOT NULL,              -- 16 bytes: statement.id
    mended         INTEGER,                       -- instant: since when evidence, or that there is none, stands in its
                                                  --   place; NULL: it was not mended
    reason         TEXT    NOT NULL,              -- what the plugin said
    PRIMARY KEY (stored, place, generation)
) WITHOUT ROWID;

-- All that was found until now was found live. In order of first sight.
INSERT INTO source (plugin, version, digest, rubrics)
SELECT plugin, plugin_version, 'before-generations:' || plugin || ':' || plugin_version, '[]'
FROM (
    SELECT plugin, plugin_version, stored FROM evidence_before UNION ALL
    SELECT plugin, plugin_version, stored FROM quarantine_before
)
GROUP BY plugin, plugin_version ORDER BY min(stored), plugin, plugin_version;

INSERT INTO generation (source, kind, begun, evidence, failures)
SELECT source.number, 'live', min(found.stored), sum(found.evidence), sum(1 - found.evidence)
FROM (
    SELECT plugin, plugin_version, stored, 1 AS evidence FROM evidence_before UNION ALL
    SELECT plugin, plugin_version, stored, 0 FROM quarantine_before
) AS found
CROSS JOIN source ON source.plugin = found.plugin AND source.version = found.plugin_version
GROUP BY source.number ORDER BY source.number;

INSERT INTO activation (plugin, at, generation, through)
SELECT source.plugin, 0, min(generation.number), -1
FROM generation CROSS JOIN source ON source.number = generation.source
GROUP BY source.plugin;

INSERT INTO evidence
SELECT found.number, stored, voided, NULL, NULL, statement_id, statement_sha256, authority, generation.number,
    subject, competency, indicator, rating, scale, tier, rater, encounter, observed, flags, rule
FROM evidence_before AS found
CROSS JOIN source ON source.plugin = found.plugin AND source.version = found.plugin_version
CROSS JOIN generation ON generation.source = source.number
ORDER BY found.number;

INSERT INTO quarantine
SELECT stored, place, generation.number, statement_id, NULL, reason
FROM quarantine_before AS failed
CROSS JOIN source ON source.plugin = failed.plugin AND source.version = failed.plugin_version
CROSS JOIN generation ON generation.source = source.number
ORDER BY stored, place;

DROP TABLE evidence_before;
DROP TABLE quarantine_before;

-- A profile is one walk along this. The generation stands in it so that what does not count is passed over without
-- a look at its row.
CREATE INDEX evidence_by_subject ON evidence (subject, competency, stored, generation);
CREATE INDEX evidence_by_statement ON evidence (stored, generation);

-- `evidence` and `quarantine` are from now on rows of live generations, those that were mended left out of the latter.
-- What was mended or rebuilt is counted in `generation` alone.
ALTER TABLE tally ADD COLUMN dated INTEGER NOT NULL DEFAULT 0; -- instant: last one given out that is no `stored`, to
                                                  --   an activation or a mend; every later `stored` is later

-- Who is in training.
CREATE TABLE member (
    officer TEXT NOT NULL PRIMARY KEY,            -- agent key
    name    TEXT NOT NULL,                        -- what people call them; empty: not said, here and below
    unit    TEXT NOT NULL,                        -- name of the unit
    phase   TEXT NOT NULL,                        -- phase of training, in the agency's own words
    trainer TEXT NOT NULL,                        -- agent key of the training officer
    start   TEXT                                  -- YYYY-MM-DD: first day of training; NULL: not said
) WITHOUT ROWID;
