"""The contract of moving: a store into which everything was moved can stand in the place of the one it came from."""
# ruff: noqa: D102, S101 -- the name of a test is its docstring, asserts are its body

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from lrs.cohort.roster import Member
from lrs.errors import Conflict
from lrs.stores.contract_access import VENDOR_KEY
from lrs.stores.contract_evidence import add_with, kept
from lrs.stores.contract_filters import ids_found
from lrs.stores.contract_fixtures import StoreFixtures
from lrs.stores.contract_moving_samples import (
    counts,
    fill,
    flat,
    instants,
    moved,
    packed,
    told,
    unpack,
)
from lrs.stores.contract_roster import MEMBER
from lrs.stores.contract_samples import (
    FOREVER,
    OTHER,
    RATED,
    RECRUIT,
    SCENARIO,
    SCORED,
    VENDOR,
    VOIDED,
    document,
    evidence,
    new_id,
    reference,
    state_scope,
    statement,
    submission,
    voiding,
)
from lrs.stores.contract_statements import MAP, NOTES
from lrs.stores.moving import MovedDefinition, MovedDocument, MovedStatement, WholeStore
from lrs.xapi.query import StatementQuery
from lrs.xapi.statement import Attachment, NewStatement

Fresh = Callable[[], WholeStore]

QUERIES: tuple[dict[str, Any], ...] = (
    {},
    {"ascending": True},
    {"verb": SCORED},
    {"verb": RATED},
    {"verb": VOIDED},
    {"agent": RECRUIT},
    {"agent": OTHER, "related_agents": True},
    {"activity": SCENARIO},
    {"authority": VENDOR},
    {"authority": OTHER, "verb": SCORED},
)


def answers(store: WholeStore) -> list[list[str]]:
    """The ids that each of some questions is answered with."""
    return [ids_found(store, **one) for one in QUERIES]


def statements(store: WholeStore) -> list[MovedStatement]:
    """All that it gives out."""
    return flat(store.moved_statements(-1, FOREVER))


class MovingContract(StoreFixtures):
    """Out of one and into another. What is about evidence alone stands in `contract_moving_evidence`."""

    # The whole

    def test_an_empty_store_gives_nothing_out(self, store: WholeStore) -> None:
        nothing = packed(store)
        assert not any(getattr(nothing, name) for name in nothing.__slots__)

    def test_everything_comes_out_as_it_came_in(self, store: WholeStore, fresh: Fresh) -> None:
        fill(store)
        target = moved(store, fresh())
        assert packed(target) == packed(store)
        assert counts(target) == counts(store)
        assert list(target.scan()) == list(store.scan())
        assert list(target.subjects()) == list(store.subjects())
        assert answers(target) == answers(store)
        for instant in instants(store):
            assert told(target, instant) == told(store, instant)

    @pytest.mark.parametrize("at_once", [1, 2, 1_000])
    def test_it_does_not_matter_how_much_is_taken_at_once(
        self, store: WholeStore, fresh: Fresh, at_once: int
    ) -> None:
        fill(store)
        target = fresh()
        unpack(target, packed(store), at_once=at_once)
        assert packed(target) == packed(store)
        assert answers(target) == answers(store)

    def test_what_is_there_is_left_as_it_is(self, store: WholeStore, fresh: Fresh) -> None:
        fill(store)
        target = fresh()
        for at_once in (3, 2, 1_000):
            unpack(target, packed(store), at_once=at_once)
            assert packed(target) == packed(store)
            assert counts(target) == counts(store)
            assert answers(target) == answers(store)

    def test_what_came_since_is_taken_in_behind_it(self, store: WholeStore, fresh: Fresh) -> None:
        fill(store)
        target = moved(store, fresh())
        store.add(submission(statement(), statement(), voiding(statements(store)[0].id)))
        store.swap_document(state_scope(), "bookmark", document(bytes([0])).etag, document(b"new"))
        moved(store, target)
        assert packed(target) == packed(store)
        assert answers(target) == answers(store)

    def test_another_store_on_the_same_data_sees_what_was_taken_in(
        self, store: WholeStore, reopen: Callable[[], WholeStore], fresh: Fresh
    ) -> None:
        source = fresh()
        fill(source)
        moved(source, store)
        assert packed(reopen()) == packed(source)

    # Statements

    def test_statements_are_given_out_from_one_instant_up_to_another(self, store: WholeStore) -> None:
        for _ in range(4):
            store.add(submission(statement()))
        first, second, third, fourth = statements(store)
        assert flat(store.moved_statements(first.stored_us, third.stored_us)) == [second, third]
        assert flat(store.moved_statements(fourth.stored_us, FOREVER)) == []

    def test_many_statements_come_in_chunks(self, store: WholeStore, fresh: Fresh) -> None:
        store.add(submission(*[statement() for _ in range(1_200)]))
        chunks = list(store.moved_statements(-1, FOREVER))
        assert len(chunks) > 1
        target = fresh()
        for chunk in chunks:
            target.take_statements(chunk)
        assert statements(target) == statements(store) == [one for chunk in chunks for one in chunk]

    def test_a_statement_sent_again_is_recognised(self, store: WholeStore, fresh: Fresh) -> None:
        given = statement(timestamp="2026-01-15T08:00:00.000Z")
        stamped = statement()
        store.add(submission(given, stamped))
        target = moved(store, fresh())
        later = statement(statement_id=stamped.id)
        assert (
            target.add(submission(given, replace(later, parsed={**later.parsed, "timestamp": "2026"})))
            == set()
        )
        other = replace(given, parsed={**given.parsed, "timestamp": "2026-01-15T09:00:00.000Z"})
        with pytest.raises(Conflict):
            target.add(submission(other))

    @pytest.mark.parametrize("different", ["stored", "content", "id"])
    def test_a_statement_that_contradicts_is_refused_with_all_that_came_with_it(
        self, store: WholeStore, fresh: Fresh, different: str
    ) -> None:
        store.add(submission(statement(), statement(scaled=0.5)))
        first, second = statements(store)
        target = fresh()
        target.take_statements([first, second])
        changed = {
            "stored": {"stored_us": second.stored_us + 5},
            "content": {"raw": second.raw.replace(b"0.5", b"0.6")},
            "id": {"id": new_id()},
        }[different]
        beside = statement()
        store.add(submission(beside))
        new = statements(store)[-1]
        wrong = replace(second, **changed)  # type: ignore[arg-type]
        with pytest.raises(Conflict):
            target.take_statements([wrong, new])
        assert statements(target) == [first, second]
        assert target.get(beside.id) is None

    def test_a_statement_that_is_earlier_than_what_is_there_is_refused(
        self, store: WholeStore, fresh: Fresh
    ) -> None:
        store.add(submission(*[statement() for _ in range(3)]))
        first, second, third = statements(store)
        target = fresh()
        target.take_statements([first, third])
        with pytest.raises(Conflict):
            target.take_statements([second])
        assert statements(target) == [first, third]

    # Voids and references

    @pytest.mark.parametrize("apart", [True, False])
    @pytest.mark.parametrize("target_first", [True, False])
    @pytest.mark.parametrize(
        "more", [{}, {"authority": OTHER}, {"authority": OTHER, "voids_others": True}], ids=repr
    )
    def test_a_statement_is_void_as_it_was_whatever_came_first(
        self, store: WholeStore, fresh: Fresh, target_first: bool, apart: bool, more: dict[str, Any]
    ) -> None:
        new = statement()
        both: list[NewStatement] = [new, voiding(new.id, **more)]
        for one in both if target_first else reversed(both):
            store.add(submission(one))
        target = fresh()
        unpack(target, packed(store), at_once=1 if apart else 2)
        assert statements(target) == statements(store)
        assert kept(target, new.id) == kept(store, new.id)
        assert answers(target) == answers(store)

    def test_who_had_the_right_to_void_has_it_when_the_target_comes_after_the_move(
        self, store: WholeStore, fresh: Fresh
    ) -> None:
        new, other = statement(), statement()
        store.add(submission(voiding(new.id, authority=OTHER, voids_others=True)))
        store.add(submission(voiding(other.id, authority=OTHER)))
        target = moved(store, fresh())
        target.add(submission(new, other))
        assert kept(target, new.id).voided_us == kept(target, new.id).stored_us
        assert kept(target, other.id).voided_us is None

    @pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
    def test_references_meet_the_filters_that_they_met(
        self, store: WholeStore, fresh: Fresh, order: tuple[int, ...]
    ) -> None:
        end = statement()
        middle = reference(end.id, verb="https://vr.example/verbs/middle")
        chain = [end, middle, reference(middle.id)]
        for place in order:
            store.add(submission(chain[place]))
        for at_once in (1, 2, 3):
            target = fresh()
            unpack(target, packed(store), at_once=at_once)
            assert answers(target) == answers(store)

    def test_the_right_to_void_others_is_moved_with_any_statement(
        self, store: WholeStore, fresh: Fresh
    ) -> None:
        store.add(submission(statement(voids_others=True), statement()))
        assert statements(moved(store, fresh())) == statements(store)
        assert [one.voids_others for one in statements(store)] == [True, False]

    def test_a_circle_of_references_comes_through(self, store: WholeStore, fresh: Fresh) -> None:
        one, other = new_id(), new_id()
        store.add(submission(reference(other, statement_id=one)))
        store.add(submission(reference(one, statement_id=other, actor=RECRUIT)))
        assert answers(moved(store, fresh())) == answers(store)

    # Time goes on

    def test_what_is_stored_after_the_move_is_later_than_all_that_was_given_out(
        self, store: WholeStore, fresh: Fresh
    ) -> None:
        fill(store)
        claimed = store.consistent_through()
        luggage = replace(packed(store), last_us=claimed)
        target = fresh()
        unpack(target, luggage)
        assert target.last_instant() >= max(one.stored_us for one in luggage.statements)
        assert target.consistent_through() >= claimed
        assert add_with(target, evidence()).stored_us > claimed
        *_, unused = target.generations()
        activated = target.activate(unused.number).at_us
        assert activated > claimed
        assert add_with(target).stored_us > activated
        assert target.last_instant() > activated

    def test_instants_are_later_even_than_those_of_a_clock_that_ran_ahead(self, store: WholeStore) -> None:
        ahead = store.consistent_through() + 10**12
        store.take_counts(ahead)
        store.take_counts(5)
        assert store.consistent_through() >= ahead
        first = add_with(store, evidence())
        assert first.stored_us > ahead
        assert store.last_instant() >= first.stored_us
        assert add_with(store).stored_us > first.stored_us

    def test_the_last_instant_is_that_of_whatever_came_last(self, store: WholeStore) -> None:
        assert store.last_instant() == 0
        new = add_with(store, evidence())
        assert store.last_instant() == new.stored_us

    # Attachments, definitions, documents

    def test_attachments_are_listed_in_order_and_kept_as_they_first_came(self, store: WholeStore) -> None:
        store.add(submission(statement(), attachments=[NOTES]))
        store.take_attachments([Attachment(NOTES.sha2, "x/y", b"other"), MAP])
        store.take_attachments([])
        assert list(store.attachment_hashes()) == [MAP.sha2, NOTES.sha2]
        assert store.attachments([MAP.sha2, NOTES.sha2]) == {MAP.sha2: MAP, NOTES.sha2: NOTES}

    def test_a_large_attachment_comes_through_whole(self, store: WholeStore) -> None:
        large = Attachment("c" * 64, "video/mp4", bytes(range(256)) * 81_920)
        store.take_attachments([large])
        assert store.attachments([large.sha2]) == {large.sha2: large}
        assert list(store.attachment_hashes()) == [large.sha2]

    def test_definitions_stand_behind_those_that_are_there(self, store: WholeStore) -> None:
        store.add(submission(statement(), definitions=[(SCENARIO, '{"type":"x:1"}')]))
        first = flat(store.moved_definitions())
        more = [
            MovedDefinition(activity=SCENARIO, text=text, stored_us=first[0].stored_us + 1)
            for text in ('{"type":"x:3"}', '{"type":"x:1"}', '{"type":"x:2"}')
        ]
        for _ in range(2):
            store.take_definitions(more)
        assert list(store.definitions(SCENARIO)) == [f'{{"type":"x:{number}"}}' for number in (1, 3, 2)]
        assert flat(store.moved_definitions()) == [first[0], more[0], more[2]]
        store.add(submission(statement(), definitions=[(SCENARIO, '{"type":"x:2"}'), (SCENARIO, "{}")]))
        assert len(store.definitions(SCENARIO)) == 4

    def test_a_document_takes_the_place_of_the_one_that_is_there(self, store: WholeStore) -> None:
        here, there = state_scope(), state_scope(registration=new_id())
        store.swap_document(here, "bookmark", None, document(b"old"))
        new = [
            MovedDocument(scope=scope, id="bookmark", document=document(b"new")) for scope in (here, there)
        ]
        for _ in range(2):
            store.take_documents(new)
        assert sorted(flat(store.moved_documents()), key=repr) == sorted(new, key=repr)
        assert store.document(here, "bookmark") == document(b"new")
        assert store.swap_document(there, "bookmark", document(b"new").etag, None)
        assert list(store.document_ids(here)) == ["bookmark"]

    def test_large_documents_come_through_whole(self, store: WholeStore, fresh: Fresh) -> None:
        for number in range(3):
            content = bytes([number]) * 6 * 1024 * 1024
            assert store.swap_document(state_scope(), f"{number}", None, document(content, "x/y"))
        assert packed(moved(store, fresh())).documents == packed(store).documents

    # Keys, secrets, roster

    def test_keys_and_secrets_are_those_that_were_taken_in_and_no_others(self, store: WholeStore) -> None:
        store.add_key(VENDOR_KEY)
        own = store.server_secret("own")
        more = store.server_secret("more")
        assert list(store.secrets()) == [("more", more), ("own", own)]
        keys = [replace(VENDOR_KEY, id="z", created_us=1), replace(VENDOR_KEY, revoked_us=5)]
        for _ in range(2):
            store.take_access(keys, [("more", b"m" * 32), ("short", b"s")])
        assert list(store.keys()) == keys
        assert list(store.secrets()) == [("more", b"m" * 32), ("short", b"s")]
        assert store.server_secret("more") == b"m" * 32
        assert store.server_secret("own") != own

    def test_the_roster_is_what_was_taken_in_and_nobody_else(self, store: WholeStore) -> None:
        store.put_members([MEMBER, replace(MEMBER, officer=OTHER)])
        members = [Member(officer="account:O-1@https://academy.example"), replace(MEMBER, phase="3")]
        for _ in range(2):
            store.take_roster(members)
        assert list(store.members()) == members
        store.take_roster([])
        assert list(store.members()) == []

    def test_a_page_goes_on_in_the_other_store_where_it_ended(self, store: WholeStore, fresh: Fresh) -> None:
        store.add(submission(*[statement() for _ in range(5)]))
        page = store.find(StatementQuery(limit=2))
        target = moved(store, fresh())
        rest = StatementQuery(limit=5, after=page.next)
        assert target.find(rest).statements == store.find(rest).statements
