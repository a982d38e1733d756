from __future__ import annotations

import json

import pytest

from lrs.demo.statements import realistic


@pytest.mark.parametrize("count", [0, 1, 7, 250, 2500])
def test_as_many_statements_come_as_were_asked_for_each_with_an_id_of_its_own(count):
    assert len({statement["id"] for statement in realistic(count)}) == count


def test_the_same_seed_gives_the_same_statements():
    assert list(realistic(300, 5)) == list(realistic(300, 5))


def test_another_seed_gives_other_statements():
    first, second = ({statement["id"] for statement in realistic(300, seed)} for seed in (1, 2))
    assert not first & second


def test_a_statement_is_about_one_point_six_kilobytes():
    sizes = [len(json.dumps(s, ensure_ascii=False, separators=(",", ":")).encode()) for s in realistic(2000)]
    assert 1450 < sum(sizes) / len(sizes) < 1750


def test_the_stream_is_mixed_in_verbs_people_and_platforms():
    some = list(realistic(2000))
    assert len({statement["verb"]["id"] for statement in some}) >= 8
    assert len({statement["actor"]["account"]["name"] for statement in some}) >= 20
    assert len({statement["context"]["platform"] for statement in some}) == 4


def test_nothing_in_it_is_of_one_version_only():
    assert not [statement for statement in realistic(2000) if "contextAgents" in statement["context"]]
