"""Users, sessions, contests and rejoinders, each one document: a change is one write, and needs no unit."""

from __future__ import annotations

from collections.abc import Sequence

from bson.binary import Binary
from mongoengine import Document
from pymongo.errors import DuplicateKeyError

from lrs.errors import Conflict
from lrs.stores import people
from lrs.stores.contests import Contest, ContestState, Rejoinder
from lrs.stores.mongo.cluster import Cluster, Row
from lrs.stores.mongo.models import ContestOf, RejoinderOf, SessionOf, UserOf
from lrs.stores.mongo.rows import packed, unpacked
from lrs.stores.users import Role, Session, User


def add_user(cluster: Cluster, user: User) -> None:
    """Keep a user; `Conflict` when the id, the name or the sign-on is taken."""
    try:
        cluster[UserOf].insert_one(user_row(user))
    except DuplicateKeyError:
        if read_user(cluster, user.id) is not None:
            raise people.id_taken("user", user.id) from None
        raise _taken(cluster, user) from None


def swap_user(cluster: Cluster, expected: User, new: User) -> bool:
    """Put `new` in the place of `expected`, if that is still its revision; whether it was."""
    people.check_same_id(expected, new)
    try:
        return _swap(cluster, UserOf, expected.id, expected.revision, user_row(new))
    except DuplicateKeyError:
        raise _taken(cluster, new) from None


def _taken(cluster: Cluster, user: User) -> Conflict:
    named = _user(cluster, {"name": user.name})
    if named is not None and named.id != user.id:
        return people.name_taken(user)
    return people.sign_on_taken(user)


def read_user(cluster: Cluster, user_id: str) -> User | None:
    """The user, disabled or not."""
    return _user(cluster, {"_id": user_id})


def read_named(cluster: Cluster, name: str) -> User | None:
    """The user of that name."""
    return _user(cluster, {"name": name})


def read_of_sign_on(cluster: Cluster, issuer: str, subject: str) -> User | None:
    """The user that an issuer knows as a subject; None where either is empty."""
    return _user(cluster, {"issuer": issuer, "subject": subject, "signs_on": True})


def read_users(cluster: Cluster) -> list[User]:
    """Everybody, in order of name."""
    return [user_of(row) for row in cluster[UserOf].find().sort("name", 1)]


def _user(cluster: Cluster, wanted: Row) -> User | None:
    row = cluster[UserOf].find_one(wanted)
    return None if row is None else user_of(row)


def add_session(cluster: Cluster, session: Session) -> None:
    """Keep a session; `Conflict` when the token is another's."""
    row = {
        "_id": bytes.fromhex(session.token_sha256),
        "user": session.user,
        "created": session.created_us,
        "seen": session.seen_us,
        "ends": session.ends_us,
    }
    try:
        cluster[SessionOf].insert_one(row)
    except DuplicateKeyError:
        raise people.token_taken() from None


def read_session(cluster: Cluster, token_sha256: str) -> Session | None:
    """The session, ended or not."""
    row = cluster[SessionOf].find_one({"_id": bytes.fromhex(token_sha256)})
    if row is None:
        return None
    return Session(
        token_sha256=token_sha256,
        user=row["user"],
        created_us=row["created"],
        seen_us=row["seen"],
        ends_us=row["ends"],
    )


def touch_session(cluster: Cluster, token_sha256: str, seen_us: int) -> None:
    """Note when a session was last used."""
    cluster[SessionOf].update_one({"_id": bytes.fromhex(token_sha256)}, {"$set": {"seen": seen_us}})


def drop_sessions(cluster: Cluster, wanted: Row) -> int:
    """Delete those that are wanted; how many there were."""
    return cluster[SessionOf].delete_many(wanted).deleted_count


def add_contest(cluster: Cluster, contest: Contest) -> None:
    """Keep a contest; `Conflict` when the id is taken, or an open one of the same officer and statement is there."""
    try:
        cluster[ContestOf].insert_one(contest_row(contest))
    except DuplicateKeyError:
        if read_contest(cluster, contest.id) is not None:
            raise people.id_taken("contest", contest.id) from None
        raise people.contested_already(contest) from None


def swap_contest(cluster: Cluster, expected: Contest, new: Contest) -> bool:
    """Put `new` in the place of `expected`, if that is still its revision; whether it was."""
    people.check_same_id(expected, new)
    try:
        return _swap(cluster, ContestOf, packed(expected.id), expected.revision, contest_row(new))
    except DuplicateKeyError:
        raise people.contested_already(new) from None


def _swap(cluster: Cluster, model: type[Document], key: str | Binary, revision: int, row: Row) -> bool:
    return cluster[model].replace_one({"_id": key, "revision": revision}, row).matched_count == 1


def read_contest(cluster: Cluster, contest_id: str) -> Contest | None:
    """The contest."""
    row = cluster[ContestOf].find_one({"_id": packed(contest_id)})
    return None if row is None else contest_of(row)


def read_contests(
    cluster: Cluster,
    *,
    officers: Sequence[str] | None,
    statement_ids: Sequence[str] | None,
    state: ContestState | None,
) -> list[Contest]:
    """See `ContestStore.contests`."""
    wanted = _about(officers, statement_ids)
    if state is not None:
        wanted["state"] = state.value
    # Those of one officer, or of one page: sorted here, with no index for it.
    found = map(contest_of, cluster[ContestOf].find(wanted))
    return sorted(found, key=lambda one: (one.raised_us, one.id))


def add_rejoinder(cluster: Cluster, rejoinder: Rejoinder) -> None:
    """Keep a rejoinder; `Conflict` when the id is taken."""
    try:
        cluster[RejoinderOf].insert_one(rejoinder_row(rejoinder))
    except DuplicateKeyError:
        raise people.id_taken("rejoinder", rejoinder.id) from None


def read_rejoinders(
    cluster: Cluster, *, officers: Sequence[str] | None, statement_ids: Sequence[str] | None
) -> list[Rejoinder]:
    """See `ContestStore.rejoinders`."""
    found = map(rejoinder_of, cluster[RejoinderOf].find(_about(officers, statement_ids)))
    return sorted(found, key=lambda one: (one.written_us, one.id))


def _about(officers: Sequence[str] | None, statement_ids: Sequence[str] | None) -> Row:
    wanted: Row = {}
    if officers is not None:
        wanted["officer"] = {"$in": sorted(set(officers))}
    if statement_ids is not None:
        wanted["statement_id"] = {"$in": [packed(one) for one in sorted(set(statement_ids))]}
    return wanted


def user_row(user: User) -> Row:
    """A user as a document."""
    return {
        "_id": user.id,
        "name": user.name,
        "role": user.role.value,
        "agent": user.agent,
        "units": list(user.units),
        "password": user.password,
        "issuer": user.issuer,
        "subject": user.subject,
        "signs_on": bool(user.issuer and user.subject),
        "must_change": user.must_change,
        "created": user.created_us,
        "disabled": user.disabled_us,
        "failures": user.failures,
        "locked": user.locked_until_us,
        "revision": user.revision,
    }


def user_of(row: Row) -> User:
    """A document as a user."""
    return User(
        id=row["_id"],
        name=row["name"],
        role=Role(row["role"]),
        agent=row["agent"],
        units=tuple(row["units"]),
        password=row["password"],
        issuer=row["issuer"],
        subject=row["subject"],
        must_change=row["must_change"],
        created_us=row["created"],
        disabled_us=row["disabled"],
        failures=row["failures"],
        locked_until_us=row["locked"],
        revision=row["revision"],
    )


def contest_row(contest: Contest) -> Row:
    """A contest as a document."""
    return {
        "_id": packed(contest.id),
        "statement_id": packed(contest.statement_id),
        "officer": contest.officer,
        "raised_by": contest.raised_by,
        "raised": contest.raised_us,
        "due": contest.due_us,
        "reason": contest.reason,
        "state": contest.state.value,
        "open": contest.state is ContestState.OPEN,
        "decided_by": contest.decided_by,
        "decided": contest.decided_us,
        "reasons": contest.reasons,
        "voiding_id": packed(contest.voiding_id) if contest.voiding_id else None,
        "reissued_id": packed(contest.reissued_id) if contest.reissued_id else None,
        "settled": contest.settled,
        "revision": contest.revision,
    }


def contest_of(row: Row) -> Contest:
    """A document as a contest."""
    return Contest(
        id=unpacked(row["_id"]),
        statement_id=unpacked(row["statement_id"]),
        officer=row["officer"],
        raised_by=row["raised_by"],
        raised_us=row["raised"],
        due_us=row["due"],
        reason=row["reason"],
        state=ContestState(row["state"]),
        decided_by=row["decided_by"],
        decided_us=row["decided"],
        reasons=row["reasons"],
        voiding_id=unpacked(row["voiding_id"]) if row["voiding_id"] else "",
        reissued_id=unpacked(row["reissued_id"]) if row["reissued_id"] else "",
        settled=row["settled"],
        revision=row["revision"],
    )


def rejoinder_row(rejoinder: Rejoinder) -> Row:
    """A rejoinder as a document."""
    return {
        "_id": packed(rejoinder.id),
        "statement_id": packed(rejoinder.statement_id),
        "officer": rejoinder.officer,
        "written_by": rejoinder.written_by,
        "written": rejoinder.written_us,
        "text": rejoinder.text,
    }


def rejoinder_of(row: Row) -> Rejoinder:
    """A document as a rejoinder."""
    return Rejoinder(
        id=unpacked(row["_id"]),
        statement_id=unpacked(row["statement_id"]),
        officer=row["officer"],
        written_by=row["written_by"],
        written_us=row["written"],
        text=row["text"],
    )
