-- Every statement that the store runs, by name; the schema is in migrations/. `{…}` is filled in by lrs/stores/sqlite.

-- name: insert_statement
INSERT INTO statement (
    stored, id, sha256, authority, refers_to, voiding, voids_others, timestamp_given, terms, raw, dictionary
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: last_stored
SELECT max(stored) FROM statement

-- name: last_instant
-- The newest given out: `stored` of a statement, or to an activation or a mend.
SELECT max(dated, ifnull((SELECT max(stored) FROM statement), 0)) FROM tally

-- name: before_adding
-- The same, how many statements there are, and the newest dictionary.
SELECT max(dated, ifnull((SELECT max(stored) FROM statement), 0)), statements, (SELECT max(number) FROM dictionary)
FROM tally

-- name: dictionary
SELECT content, statements FROM dictionary WHERE number = ?

-- name: insert_dictionary
INSERT INTO dictionary (number, statements, content) VALUES (?, ?, ?)

-- name: first_and_last
SELECT (SELECT min(stored) FROM statement), (SELECT max(stored) FROM statement)

-- name: statement_from
SELECT stored, raw, dictionary FROM statement WHERE stored >= ? ORDER BY stored LIMIT 1

-- name: note_instant
UPDATE tally SET dated = ?

-- name: known_ids
SELECT id FROM statement WHERE id IN ({marks})

-- name: meaning_of
SELECT raw, dictionary, timestamp_given FROM statement WHERE id = ?

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
-- What was found live: its generation, then the statement that is stored with it, then what was found.
INSERT INTO evidence VALUES (
    NULL, ?2, NULL, NULL, NULL, ?3, ?4, ?5, ?1, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16
)

-- name: insert_evidence_later
-- What was found in a statement that is there: its generation; `stored` of the statement, `mended` and `mends`, id and
-- SHA-256 of the statement; then what was found. The rest is copied as it is now: it may have been voided a moment ago.
-- Not by INSERT … SELECT: for each that takes many rows, SQLite keeps a copy of every page it touches.
INSERT INTO evidence VALUES (
    NULL, ?2, (SELECT voided FROM statement WHERE stored = ?2), ?3, ?4, ?5, ?6,
    (SELECT authority FROM statement WHERE stored = ?2), ?1, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17
)

-- name: insert_quarantine
INSERT INTO quarantine (generation, stored, place, statement_id, reason) VALUES (?, ?, ?, ?, ?)

-- name: count_up
UPDATE tally SET statements = statements + ?, evidence = evidence + ?, quarantine = quarantine + ?

-- name: source
SELECT number FROM source WHERE digest = ?

-- name: insert_source
INSERT INTO source (plugin, version, digest, rubrics) VALUES (?, ?, ?, ?)

-- name: generation_of
SELECT number FROM generation WHERE source = ? AND kind = ?

-- name: insert_generation
INSERT INTO generation (source, kind, begun, evidence, failures) VALUES (?, ?, ?, 0, 0)

-- name: activate_first
-- A plugin that has a generation in force already keeps it: what was so at an instant stays so.
INSERT INTO activation (plugin, at, generation, through)
SELECT :plugin, 0, :generation, -1 WHERE NOT EXISTS (SELECT 1 FROM activation WHERE plugin = :plugin)

-- name: count_found
UPDATE generation SET evidence = evidence + :evidence, failures = failures + :failures WHERE number = :generation

-- name: generations
SELECT generation.number, source.plugin, source.version, source.digest, source.rubrics, generation.kind,
    generation.begun, generation.through, generation.evidence, generation.failures
FROM generation CROSS JOIN source ON source.number = generation.source
ORDER BY generation.number

-- name: generation
SELECT generation.number, source.plugin, source.version, source.digest, source.rubrics, generation.kind,
    generation.begun, generation.through, generation.evidence, generation.failures
FROM generation CROSS JOIN source ON source.number = generation.source
WHERE generation.number = ?

-- name: activate
INSERT INTO activation (plugin, generation, through, at) VALUES (?, ?, ?, ?)

-- name: was_in_force
SELECT EXISTS (SELECT 1 FROM activation WHERE generation = ?)

-- name: rebuilt_through
SELECT generation.through
FROM source CROSS JOIN generation ON generation.source = source.number
WHERE source.digest = ? AND generation.kind = 'rebuilt'

-- name: next_statements
-- The last of the next statements, and how many those are.
SELECT max(stored), count(*) FROM (
    SELECT stored FROM statement WHERE stored > :after AND stored <= :through ORDER BY stored LIMIT :most
)

-- name: unfinished
-- What each rebuild looks at statements with that is not finished.
SELECT rebuild.number, source.plugin, source.digest
FROM rebuild CROSS JOIN rebuild_generation ON rebuild_generation.rebuild = rebuild.number
CROSS JOIN generation ON generation.number = rebuild_generation.generation
CROSS JOIN source ON source.number = generation.source
WHERE EXISTS (SELECT 1 FROM part WHERE part.rebuild = rebuild.number AND NOT part.done)

-- name: rebuilds_of
SELECT rebuild FROM rebuild_generation WHERE generation = ?

-- name: rebuild
SELECT after, through FROM rebuild WHERE number = ?

-- name: generations_of_rebuild
SELECT generation.number, source.plugin, source.version, source.digest, source.rubrics, generation.kind,
    generation.begun, generation.through, generation.evidence, generation.failures
FROM rebuild_generation CROSS JOIN generation ON generation.number = rebuild_generation.generation
CROSS JOIN source ON source.number = generation.source
WHERE rebuild_generation.rebuild = ?
ORDER BY rebuild_generation.generation

-- name: targets
-- Which generation takes what a source finds in a rebuild.
SELECT source.digest, generation.number
FROM rebuild_generation CROSS JOIN generation ON generation.number = rebuild_generation.generation
CROSS JOIN source ON source.number = generation.source
WHERE rebuild_generation.rebuild = ?

-- name: progress
SELECT ifnull(sum(statements), 0), ifnull(sum(statements * done), 0) FROM part WHERE rebuild = ?

-- name: insert_rebuild
INSERT INTO rebuild (after, through) VALUES (?, ?)

-- name: insert_rebuild_generation
INSERT INTO rebuild_generation (rebuild, generation) VALUES (?, ?)

-- name: insert_part
INSERT INTO part (rebuild, number, after, through, statements) VALUES (?, ?, ?, ?, ?)

-- name: next_part
SELECT number, after, through FROM part
WHERE rebuild = :rebuild AND NOT done AND (lease_until IS NULL OR lease_until <= :now)
ORDER BY number LIMIT 1

-- name: take_part
UPDATE part SET worker = :worker, lease_until = :until WHERE rebuild = :rebuild AND number = :number

-- name: finish_part
-- Only for the worker whose it is.
UPDATE part SET done = 1 WHERE rebuild = ? AND number = ? AND worker = ? AND NOT done

-- name: complete
-- Generations of a rebuild of which every part is done.
UPDATE generation SET through = (SELECT through FROM rebuild WHERE number = :rebuild)
WHERE number IN (SELECT generation FROM rebuild_generation WHERE rebuild = :rebuild)
AND NOT EXISTS (SELECT 1 FROM part WHERE rebuild = :rebuild AND NOT done)

-- name: soil
-- What an unfinished rebuild has found is of no use any more.
UPDATE generation SET dirty = 1
WHERE number IN (SELECT generation FROM rebuild_generation WHERE rebuild = :rebuild)
AND EXISTS (SELECT 1 FROM part WHERE rebuild = :rebuild AND NOT done)

-- name: delete_parts
DELETE FROM part WHERE rebuild = ?

-- name: delete_rebuild_generations
DELETE FROM rebuild_generation WHERE rebuild = ?

-- name: delete_rebuild
DELETE FROM rebuild WHERE number = ?

-- name: soil_whole
UPDATE generation SET dirty = 1, through = NULL WHERE number = ?

-- name: dirty
SELECT number, ifnull(through, -1) FROM generation WHERE dirty

-- name: delete_evidence
DELETE FROM evidence WHERE number IN (
    SELECT number FROM evidence WHERE stored > :after AND generation = :generation ORDER BY stored LIMIT :most
)

-- name: delete_quarantined
DELETE FROM quarantine WHERE (stored, place, generation) IN (
    SELECT stored, place, generation FROM quarantine
    WHERE stored > :after AND generation = :generation ORDER BY stored LIMIT :most
)

-- name: clean
UPDATE generation SET dirty = 0 WHERE number = ?

-- name: delete_empty_generation
DELETE FROM generation WHERE number = ? AND through IS NULL

-- name: stored_of
SELECT stored, sha256 FROM statement WHERE id = ?

-- name: failures_on
SELECT place, generation FROM quarantine WHERE stored = :stored AND mended IS NULL {counts} ORDER BY place

-- name: mend
UPDATE quarantine SET mended = :instant WHERE stored = :stored AND place = :place AND generation = :generation

-- name: count_mended
-- Of failures, those that were found live.
UPDATE tally SET quarantine = quarantine - (SELECT count(*) FROM generation WHERE number = ? AND kind = 'live')

-- name: put_member
INSERT INTO member (officer, name, unit, phase, trainer, start) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (officer) DO UPDATE SET name = excluded.name, unit = excluded.unit, phase = excluded.phase,
    trainer = excluded.trainer, start = excluded.start

-- name: remove_member
DELETE FROM member WHERE officer = ?

-- name: members
SELECT officer, name, unit, phase, trainer, start FROM member
WHERE (:unit IS NULL OR unit = :unit) AND (:phase IS NULL OR phase = :phase)
AND (:trainer IS NULL OR trainer = :trainer)
ORDER BY officer

-- name: provenance
SELECT generation.number, generation.kind, generation.through, source.plugin, source.version
FROM generation CROSS JOIN source ON source.number = generation.source

-- name: activations
-- SQLite takes all columns from the row with the greatest `at`.
SELECT plugin, generation, through, max(at) FROM activation WHERE at <= ? GROUP BY plugin ORDER BY plugin

-- name: counts
SELECT statements, evidence, quarantine FROM tally

-- name: get
SELECT id, stored, raw, dictionary, sha256, voided FROM statement WHERE id = ?

-- name: scan
SELECT id, stored, raw, dictionary, sha256, voided FROM statement WHERE stored > ? AND stored <= ? ORDER BY stored LIMIT ?

-- name: find_all
SELECT id, stored, raw, dictionary, sha256, voided FROM statement
WHERE stored > :low AND stored <= :high AND voided IS NULL
ORDER BY stored {direction} LIMIT :limit

-- name: find_by_terms
-- :term0 is walked; the others are looked up on the way, each by a find_probe. :own is 1 when only the terms of
-- the statement itself count, and 0 when those that it has by a reference do as well.
SELECT statement.id, statement.stored, statement.raw, statement.dictionary, statement.sha256,
    statement.voided
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

-- name: far_posting
-- How far the posting behind :others of a term is from where the walk begins.
SELECT stored FROM posting WHERE term = :term AND stored > :low AND stored <= :high
ORDER BY stored {direction} LIMIT 1 OFFSET :others

-- name: how_many
SELECT count(*) FROM posting WHERE term = :term AND stored > :low AND stored <= :high

-- name: how_many_own
-- How many statements have a term as their own, counted no further than :most.
SELECT count(*) FROM (
    SELECT 1 FROM posting WHERE term = :term AND stored > :low AND stored <= :high AND own LIMIT :most
)

-- name: attachments
SELECT sha2, content_type, content FROM attachment WHERE sha2 IN ({marks})

-- name: evidence_of
SELECT evidence.*, supplier.text
FROM evidence LEFT JOIN term AS supplier ON supplier.id = evidence.authority
WHERE subject = :subject AND competency = :competency AND stored <= :as_of AND (voided IS NULL OR voided > :as_of)
{counts}
ORDER BY subject, competency, stored, generation, number

-- name: evidence_of_subject
SELECT evidence.*, supplier.text
FROM evidence LEFT JOIN term AS supplier ON supplier.id = evidence.authority
WHERE subject = :subject AND stored <= :as_of AND (voided IS NULL OR voided > :as_of)
{counts}
ORDER BY subject, competency, stored, generation, number

-- name: columns_of
SELECT competency, indicator, rating, scale, tier, rater, encounter, observed, flags, stored
FROM evidence
WHERE subject = :subject AND stored <= :as_of AND (voided IS NULL OR voided > :as_of)
AND (:competencies IS NULL OR competency IN (SELECT value FROM json_each(:competencies)))
{counts}

-- name: evidence_in
SELECT term.kind, term.text, evidence.*, supplier.text
FROM statement CROSS JOIN evidence ON evidence.stored = statement.stored CROSS JOIN term ON term.id = evidence.subject
LEFT JOIN term AS supplier ON supplier.id = evidence.authority
WHERE statement.id = :id {counts}

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
    AND (evidence.voided IS NULL OR evidence.voided > :as_of) {counts}
)
ORDER BY text LIMIT :limit

-- name: quarantined
SELECT statement_id, stored, generation, reason FROM quarantine
WHERE stored <= :as_of AND (mended IS NULL OR mended > :as_of) {counts}
AND NOT EXISTS (
    SELECT 1 FROM statement WHERE statement.stored = quarantine.stored AND statement.voided <= :as_of
)
ORDER BY stored DESC, place DESC, generation DESC LIMIT :limit

-- name: quarantined_with_term
-- Walks the failures: for when they are fewer than the statements with the term. Only own terms count: those of a
-- reference may come later than the failure, and what was so at an instant stays so.
SELECT statement_id, stored, generation, reason FROM quarantine
WHERE stored <= :as_of AND (mended IS NULL OR mended > :as_of) {counts}
AND EXISTS (
    SELECT 1 FROM posting WHERE posting.term = :term AND posting.stored = quarantine.stored AND posting.own
)
AND NOT EXISTS (
    SELECT 1 FROM statement WHERE statement.stored = quarantine.stored AND statement.voided <= :as_of
)
ORDER BY stored DESC, place DESC, generation DESC LIMIT :limit

-- name: term_with_quarantined
-- Walks the statements with the term: for when they are fewer than the failures.
SELECT quarantine.statement_id, quarantine.stored, quarantine.generation, quarantine.reason
FROM posting CROSS JOIN quarantine ON quarantine.stored = posting.stored
WHERE posting.term = :term AND posting.stored <= :as_of AND posting.own
AND (quarantine.mended IS NULL OR quarantine.mended > :as_of) {counts}
AND NOT EXISTS (
    SELECT 1 FROM statement WHERE statement.stored = posting.stored AND statement.voided <= :as_of
)
ORDER BY posting.stored DESC, quarantine.place DESC, quarantine.generation DESC LIMIT :limit

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

-- name: moved_statements
SELECT id, stored, raw, dictionary, timestamp_given, voids_others, voided FROM statement
WHERE stored > ? AND stored <= ? ORDER BY stored LIMIT ?

-- name: attachment_hashes
SELECT sha2 FROM attachment WHERE sha2 > ? ORDER BY sha2 LIMIT ?

-- name: moved_definitions
SELECT definition.number, term.text, definition.text, definition.stored
FROM definition CROSS JOIN term ON term.id = definition.activity
WHERE definition.number > ? ORDER BY definition.number LIMIT ?

-- name: moved_activations
SELECT plugin, generation, at, through FROM activation ORDER BY plugin, at

-- name: moved_evidence_end
-- `stored` of the last of the next pieces that a generation has.
SELECT max(stored) FROM (
    SELECT stored FROM evidence
    WHERE stored > :after AND stored <= :through AND generation = :generation
    ORDER BY stored LIMIT :most
)

-- name: moved_evidence
SELECT evidence.generation, evidence.statement_id, evidence.stored, evidence.mended, evidence.mends, term.kind,
    term.text, evidence.competency, evidence.indicator, evidence.rating, evidence.scale, evidence.tier,
    evidence.rater, evidence.encounter, evidence.observed, evidence.flags, evidence.rule
FROM evidence CROSS JOIN term ON term.id = evidence.subject
WHERE evidence.stored > :after AND evidence.stored <= :end AND evidence.generation = :generation
ORDER BY evidence.stored, evidence.number

-- name: moved_failures
SELECT statement_id, stored, place, reason, mended FROM quarantine
WHERE generation = :generation AND (stored, place) > (:stored, :place)
ORDER BY stored, place LIMIT :most

-- name: moved_documents
SELECT kind, activity, agent, id, registration, content, content_type, etag, updated FROM document
WHERE (kind, activity, agent, id, registration) > (:kind, :activity, :agent, :id, :registration)
ORDER BY kind, activity, agent, id, registration LIMIT :most

-- name: secrets
SELECT name, value FROM secret ORDER BY name

-- name: whose
SELECT id, stored, sha256 FROM statement WHERE id IN ({marks})

-- name: stored_at
SELECT stored, id, sha256 FROM statement WHERE stored IN ({marks})

-- name: take_generation
INSERT INTO generation (number, source, kind, begun, through, evidence, failures) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET begun = excluded.begun, through = excluded.through, evidence = excluded.evidence,
    failures = excluded.failures

-- name: take_activation
INSERT INTO activation (plugin, at, generation, through) VALUES (?, ?, ?, ?)
ON CONFLICT (plugin, at) DO UPDATE SET generation = excluded.generation, through = excluded.through

-- name: delete_evidence_in
DELETE FROM evidence WHERE stored = ? AND generation = ?

-- name: take_failure
INSERT INTO quarantine (stored, place, generation, statement_id, mended, reason) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (stored, place, generation) DO UPDATE SET statement_id = excluded.statement_id, mended = excluded.mended,
    reason = excluded.reason

-- name: take_document
INSERT INTO document (kind, activity, agent, id, registration, etag, updated, content_type, content)
VALUES (:kind, :activity, :agent, :id, :registration, :etag, :updated, :content_type, :content)
ON CONFLICT (kind, activity, agent, id, registration) DO UPDATE SET etag = excluded.etag, updated = excluded.updated,
    content_type = excluded.content_type, content = excluded.content

-- name: delete_keys
DELETE FROM key

-- name: delete_secrets
DELETE FROM secret

-- name: delete_members
DELETE FROM member

-- name: delete_users
DELETE FROM user

-- name: delete_sessions
DELETE FROM session

-- name: delete_contests
DELETE FROM contest

-- name: delete_rejoinders
DELETE FROM rejoinder

-- name: recount
UPDATE tally SET statements = (SELECT count(*) FROM statement),
    evidence = (
        SELECT count(*) FROM evidence
        WHERE generation IN (SELECT number FROM generation WHERE kind = 'live')
    ),
    quarantine = (
        SELECT count(*) FROM quarantine
        WHERE mended IS NULL AND generation IN (SELECT number FROM generation WHERE kind = 'live')
    ),
    dated = max(dated, :last)

-- name: insert_user
INSERT INTO user (id, name, role, agent, units, password, issuer, subject, must_change, created, disabled, failures,
    locked, revision)
VALUES (:id, :name, :role, :agent, :units, :password, :issuer, :subject, :must_change, :created, :disabled, :failures,
    :locked, :revision)

-- name: swap_user
UPDATE user SET name = :name, role = :role, agent = :agent, units = :units, password = :password, issuer = :issuer,
    subject = :subject, must_change = :must_change, created = :created, disabled = :disabled, failures = :failures,
    locked = :locked, revision = :revision
WHERE id = :id AND revision = :expected

-- name: user
SELECT id, name, role, agent, units, password, issuer, subject, must_change, created, disabled, failures, locked,
    revision
FROM user WHERE id = ?

-- name: user_named
SELECT id, name, role, agent, units, password, issuer, subject, must_change, created, disabled, failures, locked,
    revision
FROM user WHERE name = ?

-- name: user_of_sign_on
SELECT id, name, role, agent, units, password, issuer, subject, must_change, created, disabled, failures, locked,
    revision
FROM user WHERE issuer = ? AND subject = ? AND issuer <> '' AND subject <> ''

-- name: users
SELECT id, name, role, agent, units, password, issuer, subject, must_change, created, disabled, failures, locked,
    revision
FROM user ORDER BY name

-- name: insert_session
INSERT INTO session (token_sha256, user, created, seen, ends) VALUES (?, ?, ?, ?, ?)

-- name: session
SELECT token_sha256, user, created, seen, ends FROM session WHERE token_sha256 = ?

-- name: touch_session
UPDATE session SET seen = ? WHERE token_sha256 = ?

-- name: drop_session
DELETE FROM session WHERE token_sha256 = ?

-- name: drop_sessions_of
DELETE FROM session WHERE user = ?

-- name: drop_ended_sessions
DELETE FROM session WHERE ends < ?

-- name: append_audit
INSERT INTO audit_log (number, at, actor, action, subjects, detail, previous, sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?)

-- name: insert_audit_subject
INSERT INTO audit_subjects (subject, number) VALUES (?, ?)

-- name: audit_head
SELECT number, at, actor, action, subjects, detail, previous, sha256 FROM audit_log
WHERE number = (SELECT max(number) FROM audit_log)

-- name: scan_audit
SELECT number, at, actor, action, subjects, detail, previous, sha256 FROM audit_log
WHERE number > :after AND number <= :through ORDER BY number LIMIT :most

-- name: audit_since
-- The first number that is not earlier than an instant. Clocks step back, so that numbers and instants may disagree.
-- INDEXED BY, here and below: else all entries would be walked from the other end.
SELECT min(number) FROM audit_log INDEXED BY audit_by_instant WHERE at >= ?

-- name: audit_until
-- The last number that is earlier than an instant.
SELECT max(number) FROM audit_log INDEXED BY audit_by_instant WHERE at < ?

-- name: audit
SELECT number, at, actor, action, subjects, detail, previous, sha256 FROM audit_log
WHERE number >= :low AND number <= :high
AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)
ORDER BY number DESC LIMIT :limit

-- name: audit_of_action
SELECT number, at, actor, action, subjects, detail, previous, sha256 FROM audit_log
WHERE action = :action AND number >= :low AND number <= :high
AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)
ORDER BY number DESC LIMIT :limit

-- name: audit_of_actor
SELECT number, at, actor, action, subjects, detail, previous, sha256 FROM audit_log
WHERE actor = :actor AND number >= :low AND number <= :high
AND (:action IS NULL OR action = :action)
AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)
ORDER BY number DESC LIMIT :limit

-- name: audit_of_subject
SELECT audit_log.number, at, actor, action, subjects, detail, previous, sha256
FROM audit_subjects CROSS JOIN audit_log ON audit_log.number = audit_subjects.number
WHERE audit_subjects.subject = :subject AND audit_subjects.number >= :low AND audit_subjects.number <= :high
AND (:actor IS NULL OR actor = :actor) AND (:action IS NULL OR action = :action)
AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)
ORDER BY audit_subjects.number DESC LIMIT :limit

-- name: insert_contest
INSERT INTO contest (id, statement_id, officer, raised_by, raised, due, reason, state, decided_by, decided, reasons,
    voiding_id, reissued_id, settled, revision)
VALUES (:id, :statement_id, :officer, :raised_by, :raised, :due, :reason, :state, :decided_by, :decided, :reasons,
    :voiding_id, :reissued_id, :settled, :revision)

-- name: swap_contest
UPDATE contest SET statement_id = :statement_id, officer = :officer, raised_by = :raised_by, raised = :raised,
    due = :due, reason = :reason, state = :state, decided_by = :decided_by, decided = :decided, reasons = :reasons,
    voiding_id = :voiding_id, reissued_id = :reissued_id, settled = :settled, revision = :revision
WHERE id = :id AND revision = :expected

-- name: open_contest
SELECT id FROM contest WHERE statement_id = ? AND officer = ? AND state = 'open'

-- name: contest
SELECT id, statement_id, officer, raised_by, raised, due, reason, state, decided_by, decided, reasons, voiding_id,
    reissued_id, settled, revision
FROM contest WHERE id = ?

-- name: contests
SELECT id, statement_id, officer, raised_by, raised, due, reason, state, decided_by, decided, reasons, voiding_id,
    reissued_id, settled, revision
FROM contest

-- name: contests_in_state
SELECT id, statement_id, officer, raised_by, raised, due, reason, state, decided_by, decided, reasons, voiding_id,
    reissued_id, settled, revision
FROM contest WHERE state = ?

-- name: contests_on
SELECT id, statement_id, officer, raised_by, raised, due, reason, state, decided_by, decided, reasons, voiding_id,
    reissued_id, settled, revision
FROM contest WHERE statement_id IN ({marks})

-- name: contests_of
SELECT id, statement_id, officer, raised_by, raised, due, reason, state, decided_by, decided, reasons, voiding_id,
    reissued_id, settled, revision
FROM contest WHERE officer IN ({marks})

-- name: insert_rejoinder
INSERT INTO rejoinder (id, statement_id, officer, written_by, written, text) VALUES (?, ?, ?, ?, ?, ?)

-- name: rejoinder
SELECT id, statement_id, officer, written_by, written, text FROM rejoinder WHERE id = ?

-- name: rejoinders
SELECT id, statement_id, officer, written_by, written, text FROM rejoinder

-- name: rejoinders_on
SELECT id, statement_id, officer, written_by, written, text FROM rejoinder WHERE statement_id IN ({marks})

-- name: rejoinders_of
SELECT id, statement_id, officer, written_by, written, text FROM rejoinder WHERE officer IN ({marks})

-- name: put_refusal
INSERT OR REPLACE INTO refusal (day, authority, code, path, expected, requests, statements, last)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)

-- name: refusals
SELECT day, authority, code, path, expected, requests, statements, last FROM refusal WHERE day BETWEEN ? AND ?
