-- Documents, and what statements say of activities. Units are those of 0001_store.sql.

-- State, agent profile and activity profile documents, each as it was last put.
CREATE TABLE document (
    number       INTEGER PRIMARY KEY,             -- means nothing: it keeps the contents out of the index
    kind         TEXT    NOT NULL,                -- a lrs.stores.base.DocumentKind
    activity     TEXT    NOT NULL,                -- IRI; empty: it is on no activity (agent profile)
    agent        TEXT    NOT NULL,                -- agent key; empty: it is of no agent (activity profile)
    id           TEXT    NOT NULL,                -- stateId or profileId, as sent
    registration BLOB    NOT NULL,                -- 16 bytes: a UUID; empty: none. Not NULL, of which a unique
                                                  --   index would take any number
    etag         TEXT    NOT NULL,                -- lower-case hex: SHA-1 of `content`, without quotes
    updated      INTEGER NOT NULL,                -- instant: when it was put
    content_type TEXT    NOT NULL,                -- the header, as sent
    content      BLOB    NOT NULL                 -- the bytes, as sent; last, so that a walk need not pass them
);

-- One document, the ids in a scope in their order, and all that is in a scope. `registration` stands behind `id`,
-- so that the ids of all registrations come in order, too; there are few of one agent on one activity.
CREATE UNIQUE INDEX document_by_place ON document (kind, activity, agent, id, registration);

-- Each distinct definition that statements gave an activity. Nothing is ever changed or deleted here.
CREATE TABLE definition (
    number   INTEGER PRIMARY KEY,                 -- 1, 2, …: in order of first sight
    activity INTEGER NOT NULL,                    -- term.id, of kind related_activity
    sha256   BLOB    NOT NULL,                    -- 32 bytes: SHA-256 of `text` in UTF-8
    stored   INTEGER NOT NULL,                    -- instant: `stored` of the first new statement of the submission
                                                  --   that brought it
    text     TEXT    NOT NULL,                    -- JSON object: the definition
    UNIQUE (activity, sha256)
);
