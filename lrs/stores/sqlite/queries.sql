-- Every statement that the store runs, by name; the schema is in migrations/. `{…}` is filled in by lrs/stores/sqlite.

-- name: insert_statement
INSERT INTO statement (
    stored, id, sha256, authority, refers_to, voiding, voids_others, timestamp_given, terms, raw
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: last_stored
SELECT max(stored) FROM statement

-- name: known_ids
SELECT id FROM statement WHERE id IN ({marks})

-- name: meaning_of
SELECT raw, timestamp_given FROM statement WHERE id = ?

-- name: insert_postings
-- The own terms of the statements stored after :before, in the order of the tree that takes them.
INSERT OR IGNORE INTO posting (term, stored, own)
SELECT own.value, statement.stored, 1
FROM statement CROSS JOIN json_each(statement.terms) AS own
WHERE statement.stored > :before
ORDER BY 1, 2

-- name: term_id
SELECT id FROM term WHERE kind = ? AND text = ?

-- name: last_term
SELECT max(id) FROM term

-- name: insert_term
INSERT INTO term (id, kind, text) VALUES (?, ?, ?)

-- name: new_references
-- References from or to a statement stored after :before, where both ends are stored; `voids` says whether the
-- source voids the target by it, which takes the right to (NULL, where an authority is missing, is none).
SELECT source.stored, source.id, source.refers_to, target.stored AS target,
    source.voiding AND NOT target.voiding
    AND (source.voids_others OR source.authority = target.authority) AS voids
FROM statement AS target CROSS JOIN statement AS source ON source.refers_to = target.id
WHERE target.stored > :before
UNION
SELECT source.stored, source.id, source.refers_to, target.stored,
    source.voiding AND NOT target.voiding
    AND (source.voids_others OR source.authority = target.authority)
FROM statement AS source CROSS JOIN statement AS target ON target.id = source.refers_to
WHERE source.stored > :before

-- name: sources_of
SELECT stored, id, refers_to FROM statement WHERE refers_to = ?

-- name: inherit
-- The statement :stored, which refers to :target, takes over the terms of all that it leads to. UNION, not
-- UNION ALL: a circle of references ends where it began. What it has as its own stays its own.
WITH RECURSIVE chain (id) AS (
    SELECT :target
    UNION
    SELECT statement.refers_to FROM chain CROSS JOIN statement ON statement.id = chain.id
    WHERE statement.refers_to IS NOT NULL
)
INSERT OR IGNORE INTO posting (term, stored, own)
SELECT own.value, :stored, 0
FROM chain CROSS JOIN statement ON statement.id = chain.id
CROSS JOIN json_each(statement.terms) AS own
CROSS JOIN term ON term.id = own.value
WHERE term.kind <> 'authority'

-- name: void_statement
UPDATE statement SET voided = :since WHERE stored = :stored AND voided IS NULL

-- name: void_evidence
UPDATE evidence SET voided = :since WHERE stored = :stored AND voided IS NULL

-- name: insert_attachment
INSERT OR IGNORE INTO attachment (sha2, content_type, content) VALUES (?, ?, ?)

-- name: insert_evidence
INSERT INTO evidence VALUES (NULL, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_quarantine
INSERT INTO quarantine VALUES (?, ?, ?, ?, ?, ?)

-- name: count_up
UPDATE tally SET statements = statements + ?, evidence = evidence + ?, quarantine = quarantine + ?

-- name: counts
SELECT statements, evidence, quarantine FROM tally

-- name: get
SELECT id, stored, raw, sha256, voided FROM statement WHERE id = ?

-- name: scan
SELECT id, stored, raw, sha256, voided FROM statement WHERE stored > ? ORDER BY stored LIMIT ?

-- name: find_all
SELECT id, stored, raw, sha256, voided FROM statement
WHERE stored > :low AND stored <= :high AND voided IS NULL
ORDER BY stored {direction} LIMIT :limit

-- name: find_by_terms
-- :term0 is walked; the others are looked up on the way, each by a find_probe. :own is 1 when only the terms of
-- the statement itself count, and 0 when those that it has by a reference do as well.
SELECT statement.id, statement.stored, statement.raw, statement.sha256, statement.voided
FROM posting CROSS JOIN statement ON statement.stored = posting.stored
WHERE posting.term = :term0 AND posting.stored > :low AND posting.stored <= :high
AND posting.own >= :own
{probes} AND statement.voided IS NULL
ORDER BY posting.stored {direction} LIMIT :limit

-- name: find_probe
AND EXISTS (
    SELECT 1 FROM posting AS other
    WHERE other.term = :term{number} AND other.stored = posting.stored AND other.own >= :own
)

-- name: how_many
-- How many statements have a term, counted no further than :most.
SELECT count(*) FROM (
    SELECT 1 FROM posting WHERE term = :term AND stored > :low AND stored <= :high LIMIT :most
)

-- name: attachments
SELECT sha2, content_type, content FROM attachment WHERE sha2 IN ({marks})

-- name: evidence_of
SELECT evidence.*, supplier.text
FROM evidence LEFT JOIN term AS supplier ON supplier.id = evidence.authority
WHERE subject = :subject AND competency = :competency AND stored <= :as_of AND (voided IS NULL OR voided > :as_of)
ORDER BY subject, competency, stored, number

-- name: evidence_of_subject
SELECT evidence.*, supplier.text
FROM evidence LEFT JOIN term AS supplier ON supplier.id = evidence.authority
WHERE subject = :subject AND stored <= :as_of AND (voided IS NULL OR voided > :as_of)
ORDER BY subject, competency, stored, number

-- name: evidence_in
SELECT term.kind, term.text, evidence.*, supplier.text
FROM statement CROSS JOIN evidence ON evidence.stored = statement.stored CROSS JOIN term ON term.id = evidence.subject
LEFT JOIN term AS supplier ON supplier.id = evidence.authority
WHERE statement.id = ?

-- name: subjects_of_kind
SELECT id, text FROM term WHERE kind = ? ORDER BY text

-- name: subjects
-- In order of text. A term of these kinds is made with the evidence that is about it, and evidence is never deleted.
SELECT text FROM term WHERE kind = 'officer' AND text >= :prefix AND text < :behind
UNION
SELECT text FROM term WHERE kind = 'unit' AND text >= :prefix AND text < :behind
ORDER BY text LIMIT :limit

-- name: officers
-- In order of text, from the later of :after (not itself) and :prefix on.
SELECT text FROM term
WHERE kind = 'officer' AND text > :after AND text >= :prefix AND text < :behind
AND EXISTS (
    SELECT 1 FROM evidence
    WHERE evidence.subject = term.id AND evidence.stored <= :as_of
    AND (evidence.voided IS NULL OR evidence.voided > :as_of)
)
ORDER BY text LIMIT :limit

-- name: quarantined
SELECT statement_id, stored, plugin, plugin_version, reason FROM quarantine
WHERE stored <= :as_of
ORDER BY stored DESC, place DESC LIMIT :limit

-- name: quarantined_with_term
-- Walks the failures: for when they are fewer than the statements with the term.
SELECT statement_id, stored, plugin, plugin_version, reason FROM quarantine
WHERE stored <= :as_of
AND EXISTS (SELECT 1 FROM posting WHERE posting.term = :term AND posting.stored = quarantine.stored)
ORDER BY stored DESC, place DESC LIMIT :limit

-- name: term_with_quarantined
-- Walks the statements with the term: for when they are fewer than the failures.
SELECT quarantine.statement_id, quarantine.stored, quarantine.plugin, quarantine.plugin_version, quarantine.reason
FROM posting CROSS JOIN quarantine ON quarantine.stored = posting.stored
WHERE posting.term = :term AND posting.stored <= :as_of
ORDER BY posting.stored DESC, quarantine.place DESC LIMIT :limit

-- name: insert_definition
INSERT INTO definition (activity, sha256, stored, text) VALUES (?, ?, ?, ?)
ON CONFLICT (activity, sha256) DO NOTHING

-- name: definitions
SELECT definition.number, definition.text
FROM term CROSS JOIN definition ON definition.activity = term.id
WHERE term.kind = 'related_activity' AND term.text = ?

-- name: document
SELECT content, content_type, etag, updated FROM document
WHERE kind = :kind AND activity = :activity AND agent = :agent AND id = :id AND registration = :registration

-- name: has_no_document
SELECT NOT EXISTS (
    SELECT 1 FROM document
    WHERE kind = :kind AND activity = :activity AND agent = :agent AND id = :id AND registration = :registration
)

-- name: insert_document
INSERT INTO document (kind, activity, agent, id, registration, etag, updated, content_type, content)
VALUES (:kind, :activity, :agent, :id, :registration, :etag, :updated, :content_type, :content)
ON CONFLICT (kind, activity, agent, id, registration) DO NOTHING

-- name: replace_document
UPDATE document SET etag = :etag, updated = :updated, content_type = :content_type, content = :content
WHERE kind = :kind AND activity = :activity AND agent = :agent AND id = :id AND registration = :registration
AND etag = :expected

-- name: delete_document
DELETE FROM document
WHERE kind = :kind AND activity = :activity AND agent = :agent AND id = :id AND registration = :registration
AND etag = :expected

-- name: document_ids
SELECT DISTINCT id FROM document
WHERE kind = :kind AND activity = :activity AND agent = :agent
AND (:registration IS NULL OR registration = :registration) AND (:since IS NULL OR updated > :since)
ORDER BY id

-- name: delete_documents
DELETE FROM document
WHERE kind = :kind AND activity = :activity AND agent = :agent
AND (:registration IS NULL OR registration = :registration)

-- name: insert_key
INSERT INTO key (id, name, secret_sha256, scopes, created, revoked) VALUES (?, ?, ?, ?, ?, ?)

-- name: key_taken
SELECT id = :id FROM key WHERE id = :id UNION ALL SELECT 0 FROM key WHERE name = :name AND revoked IS NULL

-- name: key
SELECT id, name, secret_sha256, scopes, created, revoked FROM key WHERE id = ?

-- name: keys
SELECT id, name, secret_sha256, scopes, created, revoked FROM key

-- name: revoke_key
UPDATE key SET revoked = :at WHERE id = :id AND revoked IS NULL

-- name: secret
SELECT value FROM secret WHERE name = ?

-- name: insert_secret
INSERT OR IGNORE INTO secret (name, value) VALUES (?, ?)

-- name: would_write
UPDATE tally SET statements = statements
