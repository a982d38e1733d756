"""What of a group of submissions is new; how a store answers is in its contract."""

from collections.abc import Sequence

import pytest

from lrs.errors import Conflict
from lrs.stores.accepting import Accepted, accepted, given_definitions
from lrs.stores.contract_samples import evidence, finding, statement, submission
from lrs.stores.group_commit import AddJob
from lrs.xapi.statement import NewStatement, Statement


def accept(*jobs: AddJob, stored: Sequence[NewStatement] = ()) -> list[Accepted[str]]:
    """With the ids as keys."""
    known = {one.id: one for one in stored}

    def meaning_of(key: str) -> tuple[Statement, bool]:
        return known[key].parsed, known[key].timestamp_given

    keys = [[one.id for one in job.submission.statements] for job in jobs]
    return accepted(jobs, keys, known.keys(), meaning_of)


def test_what_is_new_comes_in_order_with_what_was_found() -> None:
    old, one, other = statement(), statement(), statement()
    found = [finding(evidence())]
    jobs = AddJob(submission(one, old)), AddJob(submission(other, one, findings={other.id: found}))
    assert [(key, new, list(findings)) for key, new, findings in accept(*jobs, stored=[old])] == [
        (one.id, one, []),
        (other.id, other, found),
    ]
    assert [job.value for job in jobs] == [{one.id}, {other.id}]


def test_a_submission_that_contradicts_is_left_out_whole_and_holds_no_id() -> None:
    old, one, other = statement(), statement(), statement()
    bad = AddJob(submission(other, statement(statement_id=old.id, scaled=0.5)))
    taken = AddJob(submission(statement(statement_id=one.id, scaled=0.5)))
    good, same = AddJob(submission(one)), AddJob(submission(statement(statement_id=other.id, scaled=0.7)))
    assert [key for key, _, _ in accept(bad, good, taken, same, stored=[old])] == [one.id, other.id]
    for job in bad, taken:
        assert job.value is None
        with pytest.raises(Conflict):
            raise job.error or AssertionError("it was accepted")
    assert [job.value for job in (good, same)] == [{one.id}, {other.id}]


def test_a_definition_has_the_instant_of_the_first_statement_that_came_with_it() -> None:
    old = statement()

    def defined(text: str, *statements: NewStatement) -> AddJob:
        return AddJob(submission(*statements, definitions=[("urn:a", text)] * 2))

    jobs = [defined("{}", statement(), statement()), defined("[]", old), defined('""', statement())]
    accept(*jobs, stored=[old])
    assert list(given_definitions(jobs, 7)) == [
        *[("urn:a", "{}", 7)] * 2,
        *[("urn:a", "[]", 9)] * 2,
        *[("urn:a", '""', 9)] * 2,
    ]
