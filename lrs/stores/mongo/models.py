"""What is kept in MongoDB: every collection with its fields and indexes, declared with mongoengine.

Units: an instant is an integer, microseconds since 1970-01-01T00:00:00Z; `NEVER` stands for one that has not come.
`stored` of a statement tells it from every other and grows with every commit. What has to be unique is an `_id`, for
on a sharded cluster MongoDB keeps nothing else so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mongoengine import (
    BinaryField,
    BooleanField,
    DictField,
    Document,
    DynamicField,
    FloatField,
    IntField,
    ListField,
    LongField,
    StringField,
)
from pymongo import IndexModel

NEVER = 2**63 - 1
"""An instant after every other."""


def by(instant: int) -> dict[str, int]:
    """The condition that an instant is at or before another one.

    Not as `$lte`: the server that the tests run on passes over the bound itself in the middle of an index.
    """
    return {"$lt": instant + 1}


def _meta(collection: str, *indexes: Mapping[str, Any]) -> dict[str, Any]:
    # Indexes are made by `lrs init` and by nothing else: on a large collection that takes long.
    return {"collection": collection, "indexes": list(indexes), "auto_create_index": False}


def _index(name: str, *fields: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "fields": list(fields), **more}


def _of_file() -> dict[str, Any]:
    # Few contents are so large that they have a file.
    return _index("by_file", "file", partialFilterExpression={"file": {"$exists": True}})


class Clock(Document):
    """One document: the last instant given out, and what is counted. Every commit of statements changes it."""

    meta = _meta("clock")
    id = StringField(primary_key=True, help_text="`clock`")
    schema = IntField(help_text="version of what is described here")
    last = LongField(help_text="instant: newest given out, to a statement, an activation, a mend or a claim")
    dated = LongField(help_text="instant: the same without claims")
    newest = LongField(help_text="instant: `stored` of the newest statement; 0: there is none")
    turn = LongField(
        help_text="how often it was taken: two transactions that take it are in each other's way"
    )
    statements = LongField(help_text="how many statements there are")
    evidence = LongField(help_text="pieces of evidence that were found live")
    quarantined = LongField(help_text="failures that were found live and are not mended")
    generations = LongField(help_text="number of the last generation; never used again")
    rebuilds = LongField(help_text="number of the last rebuild; never used again")
    holder = StringField(help_text="without transactions: who writes; none: nobody")
    armed = IntField(help_text="without transactions: the number of the last note of the holder that counts")
    debt = ListField(
        DynamicField(), help_text="without transactions: holders that were cut off, and what they had armed"
    )
    until = LongField(help_text="without transactions: until when; milliseconds by the server's clock")
    committed = StringField(help_text="without transactions: whose writing was finished last")


class Undo(Document):
    """Without transactions: how to take back what is being written. Empty when nobody writes."""

    meta = _meta("undo", _index("by_holder", "holder", "number"))
    holder = StringField(help_text="`Clock.holder`")
    number = IntField(help_text="0, 1, …: in the order of writing; taken back from the last on")
    collection = StringField(help_text="where it was written")
    added = ListField(DynamicField(), help_text="`_id` of what was not there")
    before = ListField(DynamicField(), help_text="documents as they were")


class Statement(Document):
    """A statement: its exact bytes, and beside them what it is found by."""

    meta = _meta(
        "statement",
        # With the id, so that a shard can tell from the index alone whether a statement is its own.
        _index("by_stored", "stored", "id"),
        _index("by_term", "terms", "stored"),
        # Most refer to none. Sparse: every commit asks for many at once, and not every planner sees that this is what
        # a partial index with `$exists` has.
        _index("by_refers_to", "refers_to", sparse=True),
        # Few are voided, and it is asked which of a stretch are.
        _index("by_voided", "stored", "voided", partialFilterExpression={"voided": {"$lt": NEVER}}),
    )
    id = BinaryField(primary_key=True, help_text="UUID")
    stored = LongField(help_text="instant: when it was stored")
    raw = BinaryField(help_text="UTF-8 JSON: the exact bytes that leave, `stored` included")
    sha256 = BinaryField(help_text="32 bytes: SHA-256 of `raw`")
    terms = ListField(
        BinaryField(), help_text="16 bytes each: its index terms and those it has by a reference"
    )
    own = ListField(BinaryField(), help_text="if it refers to another: its own terms alone")
    refers_to = BinaryField(help_text="UUID of the statement that its object, a StatementRef, points at")
    authority = StringField(help_text="agent key of who supplied it; none: nobody named")
    voiding = BooleanField(help_text="its verb is `voided`: nothing can void it")
    voids_others = BooleanField(help_text="if voiding: whatever the authority of its target")
    voided = LongField(help_text="instant: since when it is void; NEVER: it is not")
    timestamp_given = BooleanField(help_text="the sender gave `timestamp`: it is part of the meaning")


class StoredAttachment(Document):
    """Raw data of attachments, by the SHA-2 that their statements declare."""

    meta = _meta("attachment", _of_file())
    id = StringField(primary_key=True, help_text="lower-case hex: the SHA-2")
    content_type = StringField(help_text="media type, as first sent")
    content = BinaryField(help_text="the raw data, up to 8 MiB")
    file = BinaryField(help_text="else: `_id` of the file in GridFS that has it")


class Definition(Document):
    """Each distinct definition that statements gave an activity."""

    meta = _meta(
        "definition",
        _index("by_activity", "activity", "stored", "place"),
        _index("by_stored", "stored", "place", "id"),
    )
    id = BinaryField(primary_key=True, help_text="32 bytes: SHA-256 of activity, NUL and text")
    activity = StringField(help_text="IRI")
    text = StringField(help_text="JSON object: the definition")
    stored = LongField(
        help_text="instant: `stored` of the first new statement of the submission that brought it"
    )
    place = IntField(help_text="0, 1, …: among those of one commit")


class Subject(Document):
    """On whom evidence was ever found."""

    meta = _meta("subject")
    id = StringField(primary_key=True, help_text="agent key")
    officer = BooleanField(help_text="there is evidence on it as an officer")
    unit = BooleanField(help_text="there is evidence on it as a unit")


class Found(Document):
    """A piece of evidence. What a profile needs to know of the statement is copied here."""

    meta = _meta(
        "evidence",
        # A profile is one walk along this.
        _index("by_subject", "subject", "competency", "stored", "generation"),
        _index("by_statement", "stored", "generation"),
        _index("by_generation", "generation", "stored", "id"),
    )
    id = BinaryField(primary_key=True, help_text="14 bytes: `stored`, `generation` and `place`, big-endian")
    stored = LongField(help_text="instant: `stored` of the statement")
    voided = LongField(help_text="instant: `voided` of the statement")
    mended = LongField(help_text="instant: since when it stands in the place of a failure; 0: there was none")
    mends = IntField(help_text="number of the generation that had failed; none: there was no failure")
    statement_id = BinaryField(help_text="UUID")
    statement_sha256 = BinaryField(help_text="32 bytes")
    authority = StringField(help_text="agent key of who supplied the statement; none: nobody named")
    generation = IntField(help_text="number of the generation that it is part of")
    subject = StringField(help_text="agent key of whom it is about")
    subject_type = StringField(help_text="officer or unit")
    competency = StringField(help_text="id of a competency")
    indicator = StringField(help_text="id of an indicator; none: the competency as a whole")
    rating = FloatField(help_text="number on `scale`; none: not observed, or a flag alone")
    scale = StringField(help_text="name of the anchor table")
    tier = StringField(help_text="a lrs.competency.evidence.Tier")
    rater = StringField(help_text="agent key, or system:…")
    encounter = StringField(help_text="what it was seen in")
    observed = LongField(help_text="instant: when it was observed")
    flags = StringField(help_text="lrs.competency.evidence.Flag values, joined by commas")
    rule = StringField(help_text="id of the alignment rule that found it")


class Failed(Document):
    """A plugin's failure on a statement."""

    meta = _meta(
        "quarantine",
        _index("by_stored", "stored", "place", "generation"),
        _index("by_term", "terms", "stored", "place", "generation"),
        _index("by_generation", "generation", "stored", "place"),
    )
    id = BinaryField(primary_key=True, help_text="14 bytes: `stored`, `generation` and `place`, big-endian")
    stored = LongField(help_text="instant: `stored` of the statement")
    place = IntField(help_text="0, 1, …: among the failures on the statement in one way of looking at it")
    generation = IntField(help_text="number of the generation: who failed, live or rebuilt")
    statement_id = BinaryField(help_text="UUID")
    terms = ListField(BinaryField(), help_text="the statement's own terms")
    voided = LongField(help_text="instant: `voided` of the statement")
    mended = LongField(
        help_text="instant: since when something stands in its place; NEVER: it was not mended"
    )
    reason = StringField(help_text="what the plugin said")


class GenerationOf(Document):
    """The evidence that one source found in one way; the source stands in it."""

    meta = _meta("generation", _index("by_source", "digest", "kind", unique=True))
    id = IntField(primary_key=True, help_text="1, 2, …")
    plugin = StringField(help_text="name of the plugin")
    version = StringField(help_text="its version")
    digest = StringField(help_text="lower-case hex: SHA-256 over all that its evidence hangs on")
    rubrics = StringField(help_text="JSON array: its rubrics")
    kind = StringField(help_text="a lrs.stores.base.Kind: live, rebuilt or mended")
    begun = LongField(help_text="instant: when it was begun")
    through = LongField(help_text="instant: rebuilt and complete up to here; none: it is not")
    dirty = BooleanField(help_text="it may have rows behind `through` of a rebuild that was dropped")
    evidence = LongField(help_text="how many pieces it has")
    failures = LongField(help_text="how many failures, mended ones too")


class ActivationOf(Document):
    """Which generation of a plugin counts since when; see lrs.stores.base.Activation."""

    meta = _meta("activation")
    id = StringField(primary_key=True, help_text="`plugin` and `at`, with an @ between them")
    plugin = StringField(help_text="name of the plugin")
    at = LongField(help_text="instant: `as_of` from which on; 0 for the first live one")
    generation = IntField(help_text="its number")
    through = LongField(help_text="instant: its `through` at that time; -1 for a live one")


class RebuildOf(Document):
    """Work: some sources look at every statement of an interval again."""

    meta = _meta("rebuild", _index("by_generation", "generations"))
    id = IntField(primary_key=True, help_text="1, 2, …")
    after = LongField(help_text="instant: of statements stored later than this …")
    through = LongField(help_text="instant: … up to and with this")
    generations = ListField(IntField(), help_text="numbers of the rebuilt ones that findings become part of")
    statements = LongField(help_text="how many are to be looked at")
    done = LongField(help_text="how many of them are in parts that are done")
    finished = BooleanField(help_text="every part is done")


class PartOf(Document):
    """What one worker does of a rebuild at a time."""

    meta = _meta("part", _index("by_rebuild", "rebuild", "done", "number"))
    id = BinaryField(primary_key=True, help_text="8 bytes: `rebuild` and `number`, big-endian")
    rebuild = IntField(help_text="number of the rebuild")
    number = IntField(help_text="0, 1, …: in order of `stored`")
    after = LongField(help_text="instant: statements stored later than this …")
    through = LongField(help_text="instant: … up to and with this")
    statements = IntField(help_text="how many those are")
    worker = StringField(help_text="who took it last; none: nobody has")
    lease_until = LongField(help_text="milliseconds by the server's clock: from then on another may take it")
    kept = DictField(
        help_text="a worker has written what it found: by generation, how many pieces and failures"
    )
    done = BooleanField(help_text="finished")


class StoredDocument(Document):
    """State, agent profile and activity profile documents, each as it was last put."""

    meta = _meta("document", _index("by_scope", "kind", "activity", "agent", "document_id"), _of_file())
    id = BinaryField(
        primary_key=True, help_text="32 bytes: SHA-256 of kind, activity, agent, id and registration"
    )
    kind = StringField(help_text="a lrs.stores.base.DocumentKind")
    activity = StringField(help_text="IRI; empty: it is on no activity")
    agent = StringField(help_text="agent key; empty: it is of no agent")
    document_id = StringField(help_text="stateId or profileId, as sent")
    registration = StringField(help_text="lower-case UUID; empty: none")
    etag = StringField(help_text="lower-case hex: SHA-1 of the content, without quotes")
    updated = LongField(help_text="instant: when it was put")
    content_type = StringField(help_text="the header, as sent")
    content = BinaryField(help_text="the bytes, as sent, up to 8 MiB")
    file = BinaryField(help_text="else: `_id` of the file in GridFS that has them")


class KeyOf(Document):
    """Credentials."""

    meta = _meta(
        "key",
        _index("in_force_by_name", "name", unique=True, partialFilterExpression={"in_force": True}),
    )
    id = StringField(primary_key=True, help_text="the user name of a credential")
    name = StringField(help_text="what people call it")
    secret_sha256 = BinaryField(help_text="32 bytes: SHA-256 of the secret, which is not kept")
    scopes = ListField(StringField(), help_text="in order")
    created = LongField(help_text="instant")
    revoked = LongField(help_text="instant; none: in force")
    in_force = BooleanField(help_text="it is not revoked")


class Secret(Document):
    """The server's own secrets."""

    meta = _meta("secret")
    id = StringField(primary_key=True, help_text="what it is for")
    value = BinaryField(help_text="32 random bytes")


class MemberOf(Document):
    """Who is in training."""

    meta = _meta("member")
    id = StringField(primary_key=True, help_text="agent key of the officer")
    name = StringField(help_text="what people call them; empty: not said, here and below")
    unit = StringField(help_text="name of the unit")
    phase = StringField(help_text="phase of training, in the agency's own words")
    trainer = StringField(help_text="agent key of the training officer")
    start = StringField(help_text="YYYY-MM-DD: first day of training; none: not said")


class UserOf(Document):
    """People who may sign in. Never deleted: the audit log names them."""

    meta = _meta(
        "user",
        _index("by_name", "name", unique=True),
        _index("by_sign_on", "issuer", "subject", unique=True, partialFilterExpression={"signs_on": True}),
    )
    id = StringField(primary_key=True, help_text="16 hex digits")
    name = StringField(help_text="what they sign in with, in lower case")
    role = StringField(help_text="a lrs.stores.users.Role")
    agent = StringField(help_text="agent key that statements and the roster have; empty: none")
    units = ListField(StringField(), help_text="of a supervisor: units in order; * alone: every unit")
    password = StringField(help_text="Argon2 hash in PHC form; empty: none")
    issuer = StringField(help_text="`iss` of the agency's own sign-on; empty: none")
    subject = StringField(help_text="`sub` at that issuer; empty: none")
    signs_on = BooleanField(help_text="it has both of these")
    must_change = BooleanField(help_text="a new password is asked for at the next sign-in")
    created = LongField(help_text="instant")
    disabled = LongField(help_text="instant: since when they may not sign in; none: they may")
    failures = IntField(help_text="wrong passwords in a row")
    locked = LongField(help_text="instant: until then no password is looked at; none: not locked")
    revision = IntField(help_text="0, 1, …: goes up with each change")


class SessionOf(Document):
    """Who is signed in. The token itself is not kept."""

    meta = _meta("session", _index("by_user", "user"), _index("by_end", "ends"))
    id = BinaryField(primary_key=True, help_text="32 bytes: SHA-256 of the token")
    user = StringField(help_text="`_id` of the user")
    created = LongField(help_text="instant")
    seen = LongField(help_text="instant: about when it was last used")
    ends = LongField(help_text="instant: when it ends, used or not")


class Logged(Document):
    """An entry of the audit log, which holds the hash of the one before. Nothing here is ever changed or deleted."""

    meta = _meta(
        "audit_log",
        _index("by_subject", "subjects", "id"),
        _index("by_actor", "actor", "id"),
        _index("by_action", "action", "id"),
        _index("by_instant", "at"),
    )
    id = LongField(primary_key=True, help_text="1, 2, …: without a gap")
    at = LongField(help_text="instant: when it happened, by the clock of who wrote it down")
    actor = StringField(help_text="who: user:ID, key:ID or system")
    action = StringField(help_text="what was done")
    subjects = ListField(StringField(), help_text="agent keys: of whom it is about, in order")
    detail = StringField(help_text="JSON object: what else belongs to it")
    previous = StringField(help_text="64 hex digits: `sha256` of the entry before; zeros of the first")
    sha256 = StringField(help_text="64 hex digits: over all of the above, see lrs.stores.audit.seal")


class ContestOf(Document):
    """What an officer challenges. Nothing here is ever deleted."""

    meta = _meta(
        "contest",
        _index("by_statement", "statement_id"),
        _index("by_officer", "officer"),
        _index("by_state", "state"),
        _index("open", "statement_id", "officer", unique=True, partialFilterExpression={"open": True}),
    )
    id = BinaryField(primary_key=True, help_text="UUID")
    statement_id = BinaryField(help_text="UUID")
    officer = StringField(help_text="agent key")
    raised_by = StringField(help_text="`_id` of the user")
    raised = LongField(help_text="instant")
    due = LongField(help_text="instant: by when it is to be decided")
    reason = StringField(help_text="what the officer says")
    state = StringField(help_text="a lrs.stores.contests.ContestState")
    open = BooleanField(help_text="that state is open")
    decided_by = StringField(help_text="`_id` of the user; empty while it is open")
    decided = LongField(help_text="instant; none while it is open")
    reasons = StringField(help_text="why it was decided so")
    voiding_id = BinaryField(help_text="UUID of the statement that voids the item; none: none does")
    reissued_id = BinaryField(help_text="UUID of the corrected statement; none: there is none")
    settled = BooleanField(help_text="granted, and both of these are stored")
    revision = IntField(help_text="0, 1, …: goes up with each change")


class RejoinderOf(Document):
    """What an officer has to say to an item. Nothing here is ever changed or deleted."""

    meta = _meta("rejoinder", _index("by_statement", "statement_id"), _index("by_officer", "officer"))
    id = BinaryField(primary_key=True, help_text="UUID")
    statement_id = BinaryField(help_text="UUID")
    officer = StringField(help_text="agent key")
    written_by = StringField(help_text="`_id` of the user")
    written = LongField(help_text="instant")
    text = StringField(help_text="what they say")


class RefusalOf(Document):
    """How often what vendors sent was refused: a tally, in which nothing is that they sent."""

    meta = _meta("refusal", _index("by_day", "day"))
    id = StringField(primary_key=True, help_text="JSON array: day, authority, code, path")
    day = StringField(help_text="ISO date in UTC")
    authority = StringField(help_text="agent key of the key that posted; empty: none was recognised")
    code = StringField(help_text="of the error")
    path = StringField(help_text="where: a JSON Pointer with * for what the sender chose, or a header")
    expected = StringField(help_text="what would be right, as it was said last")
    requests = LongField(help_text="how many were refused")
    statements = LongField(help_text="how many those had, as far as is known")
    last = LongField(help_text="instant of the last of them")


MODELS: tuple[type[Document], ...] = (
    Clock,
    Undo,
    Statement,
    StoredAttachment,
    Definition,
    Subject,
    Found,
    Failed,
    GenerationOf,
    ActivationOf,
    RebuildOf,
    PartOf,
    StoredDocument,
    KeyOf,
    Secret,
    MemberOf,
    UserOf,
    SessionOf,
    Logged,
    ContestOf,
    RejoinderOf,
    RefusalOf,
)

SHARDED: tuple[type[Document], ...] = (Statement, StoredAttachment, Found, Failed, StoredDocument)
"""What grows with every statement: spread by a hash of `_id`, when `lrs init --shard` is told to."""


REPLACED: Mapping[type[Document], Sequence[str]] = {Statement: ("by_reference",)}
"""Indexes that an older version made, and that another has taken the place of."""


def name_of(model: type[Document]) -> str:
    """The collection of a model."""
    return str(model._meta["collection"])


def indexes_of(model: type[Document]) -> Iterator[IndexModel]:
    """What `createIndexes` takes; `_id` has its own index anyway."""
    for declared in model._meta["index_specs"]:
        options = dict(declared)
        yield IndexModel(options.pop("fields"), **options)
