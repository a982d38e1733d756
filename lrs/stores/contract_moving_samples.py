"""All that a store gives out, and a store with something of everything, for the contract of moving."""
# ruff: noqa: S101 -- asserts are the body of a test

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from lrs.cohort.roster import Member
from lrs.competency.evidence import RecordedEvidence, SubjectType, Tier
from lrs.stores.audit import AuditEntry
from lrs.stores.base import (
    Activation,
    DocumentKind,
    DocumentScope,
    EvidenceQuery,
    Generation,
    Key,
    Quarantined,
)
from lrs.stores.contests import Contest, Rejoinder
from lrs.stores.contract_access import VENDOR_KEY
from lrs.stores.contract_audit import BARE, RICH
from lrs.stores.contract_contests import CONTEST, GRANTED, REJOINDER
from lrs.stores.contract_evidence import add_with
from lrs.stores.contract_mending import add_failed, mend
from lrs.stores.contract_rebuild import always, rebuilt
from lrs.stores.contract_roster import MEMBER
from lrs.stores.contract_samples import (
    FOREVER,
    OTHER,
    RECRUIT,
    SCENARIO,
    VENDOR,
    document,
    evidence,
    finding,
    new_id,
    reference,
    state_scope,
    statement,
    submission,
    voiding,
)
from lrs.stores.contract_statements import MAP, NOTES
from lrs.stores.contract_users import OFFICER, SESSION, SUPERVISOR
from lrs.stores.moving import (
    MovedActivation,
    MovedDefinition,
    MovedDocument,
    MovedEvidence,
    MovedFailure,
    MovedStatement,
    WholeStore,
)
from lrs.stores.users import User
from lrs.xapi.statement import Attachment

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Luggage:
    """All that a store gives out. Chunks are put together, and what is in no order is put into one."""

    statements: list[MovedStatement]
    attachments: list[Attachment]
    definitions: dict[str, list[MovedDefinition]]
    generations: list[Generation]
    activations: list[MovedActivation]
    evidence: dict[int, list[list[MovedEvidence]]]
    """By generation, in the chunks in which it came."""
    failures: list[MovedFailure]
    documents: list[MovedDocument]
    keys: list[Key]
    secrets: list[tuple[str, bytes]]
    members: list[Member]
    users: list[User]
    contests: list[Contest]
    rejoinders: list[Rejoinder]
    audit: list[AuditEntry]
    last_us: int


def packed(store: WholeStore) -> Luggage:
    """Everything, as it is now."""
    generations = list(store.generations())
    definitions: dict[str, list[MovedDefinition]] = {}
    for one in flat(store.moved_definitions()):
        definitions.setdefault(one.activity, []).append(one)
    return Luggage(
        statements=flat(store.moved_statements(-1, FOREVER)),
        attachments=[store.attachments([sha2])[sha2] for sha2 in store.attachment_hashes()],
        definitions=definitions,
        generations=generations,
        activations=list(store.moved_activations()),
        evidence={
            one.number: [list(chunk) for chunk in store.moved_evidence(one.number, -1, FOREVER)]
            for one in generations
        },
        failures=[failed for one in generations for failed in flat(store.moved_failures(one.number))],
        documents=sorted(flat(store.moved_documents()), key=repr),
        keys=list(store.keys()),
        secrets=list(store.secrets()),
        members=list(store.members()),
        users=list(store.users()),
        contests=list(store.contests()),
        rejoinders=list(store.rejoinders()),
        audit=flat(store.moved_audit(0, FOREVER)),
        last_us=store.last_instant(),
    )


def flat(chunks: Iterator[Sequence[_T]]) -> list[_T]:
    """What is in the chunks, none of which may be empty."""
    kept = list(chunks)
    assert all(kept)
    return list(chain.from_iterable(kept))


def unpack(target: WholeStore, luggage: Luggage, *, at_once: int = 3) -> None:
    """Have all of it taken in, so many statements at once."""
    for start in range(0, len(luggage.statements), at_once):
        target.take_statements(luggage.statements[start : start + at_once])
    target.take_attachments(luggage.attachments)
    for definitions in luggage.definitions.values():
        target.take_definitions(definitions)
    target.take_generations(luggage.generations, luggage.activations)
    for number, chunks in luggage.evidence.items():
        for chunk in chunks:
            target.take_evidence(number, chunk)
    target.take_failures(luggage.failures)
    target.take_documents(luggage.documents)
    target.take_access(luggage.keys, luggage.secrets)
    target.take_roster(luggage.members)
    target.take_users(luggage.users)
    target.take_contests(luggage.contests, luggage.rejoinders)
    target.take_audit(luggage.audit)
    target.take_counts(luggage.last_us)


def moved(source: WholeStore, target: WholeStore) -> WholeStore:
    """The target, into which everything was moved."""
    unpack(target, packed(source))
    return target


Told = tuple[list[RecordedEvidence], list[Quarantined], list[str], list[Activation]]
"""What counts at an instant: evidence, failures, officers, activations."""


def told(store: WholeStore, instant: int) -> Told:
    """What the store says counts at an instant."""
    return (
        list(store.evidence(EvidenceQuery(as_of_us=instant))),
        list(store.quarantined(as_of_us=instant, limit=1_000)),
        list(store.officers(instant)),
        list(store.activations(instant)),
    )


def instants(store: WholeStore) -> list[int]:
    """Every instant at which something changed, the one before it, and the end of time."""
    luggage = packed(store)
    changes = {one.stored_us for one in luggage.statements} | {one.at_us for one in luggage.activations}
    changes |= {one.mended_us for one in luggage.failures if one.mended_us is not None}
    return sorted({0, FOREVER, *changes, *(one - 1 for one in changes)})


def counts(store: WholeStore) -> tuple[int, int, int]:
    """What is counted."""
    return store.count_statements(), store.count_evidence(), store.count_quarantined()


def fill(store: WholeStore) -> None:
    """Something of everything."""
    _fill_statements(store)
    _fill_evidence(store)
    for number, scope in enumerate(
        (
            state_scope(),
            state_scope(registration=new_id()),
            DocumentScope(kind=DocumentKind.AGENT_PROFILE, agent=OTHER),
            DocumentScope(kind=DocumentKind.ACTIVITY_PROFILE, activity=SCENARIO),
        )
    ):
        for document_id in ("bookmark", "a b\u00e9"):
            assert store.swap_document(
                scope, document_id, None, document(bytes([number]), "text/plain", number)
            )
    for key in (
        replace(VENDOR_KEY, revoked_us=VENDOR_KEY.created_us + 1),
        replace(VENDOR_KEY, id="vendor-2", created_us=VENDOR_KEY.created_us + 2),
        replace(VENDOR_KEY, id="reader", name="Reader", scopes=frozenset()),
    ):
        store.add_key(key)
    for name in ("more", "session"):
        store.server_secret(name)
    store.put_members([MEMBER, Member(officer="account:O-1@https://academy.example")])
    _fill_people(store)


def _fill_people(store: WholeStore) -> None:
    for user in (OFFICER, SUPERVISOR):
        store.add_user(user)
    store.add_session(SESSION)
    for contest in (CONTEST, GRANTED):
        store.add_contest(contest)
    store.add_rejoinder(REJOINDER)
    for happening in (RICH, BARE, RICH):
        store.append_audit(happening)


def _fill_statements(store: WholeStore) -> None:
    target, late, lone = (
        statement(timestamp="2026-01-15T08:00:00.000Z"),
        statement(),
        statement(authority=OTHER),
    )
    before = voiding(late.id)
    store.add(submission(target, lone, before, attachments=[MAP, NOTES]))
    store.add(
        submission(
            late, definitions=[(SCENARIO, '{"type":"x:1"}'), (SCENARIO, '{"type":"x:2"}'), ("x:y", "{}")]
        )
    )
    # The second of these has not the right to, the third takes it.
    store.add(
        submission(
            reference(target.id),
            voiding(lone.id, actor=RECRUIT),
            voiding(lone.id, authority=VENDOR, voids_others=True),
            voiding(before.id),
        )
    )


def _fill_evidence(store: WholeStore) -> None:
    """Live and mended, two rebuilt generations that were in force, and one that was not."""
    found = add_with(store, evidence(), evidence(indicator=None, rating=None, flags=(), rule="a"))
    add_with(store, evidence(subject="x", subject_type=SubjectType.UNIT, tier=Tier.SURVEY))
    failed = [add_failed(store, finding(failure="worse", plugin="leadership")) for _ in range(3)]
    assert mend(store, failed[0].id)
    assert mend(store, failed[1].id, None)
    store.add(submission(voiding(found.id), voiding(failed[0].id)))
    store.activate(rebuilt(store, "2.0", always(finding(failure="new", version="2.0"))).number)
    assert mend(store, failed[2].id)
    store.activate(rebuilt(store, "3.0").number)
    add_failed(store)
    rebuilt(store, "4.0")
