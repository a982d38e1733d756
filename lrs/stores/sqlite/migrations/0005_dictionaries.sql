-- The JSON of statements, compressed. Units are those of 0001_store.sql.

-- What statements have in common, so that each can be compressed alone and read alone. Nothing is ever changed or
-- deleted here: what was compressed by a dictionary can be read by it and by no other.
CREATE TABLE dictionary (
    number     INTEGER PRIMARY KEY,               -- 1, 2, …: the last is the one that new statements are compressed by
    statements INTEGER NOT NULL,                  -- how many were stored when it was made
    content    BLOB    NOT NULL                   -- a dictionary of Zstandard (RFC 8878), as `zstd -D` takes it
);

ALTER TABLE statement ADD COLUMN dictionary INTEGER; -- dictionary.number: `raw` is a frame of Zstandard that this one
                                                  --   decompresses to the exact bytes that leave; NULL: it is those
