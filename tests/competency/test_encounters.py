from __future__ import annotations

from collections.abc import Callable

import pytest

from lrs.competency.encounters import Rated, Vote, collapse
from lrs.competency.evidence import RecordedEvidence, Tier

Make = Callable[..., RecordedEvidence]


@pytest.fixture
def votes(evidence: Make) -> Callable[..., tuple[Vote, ...]]:
    def several(*items: dict[str, object]) -> tuple[Vote, ...]:
        rated = [Rated(evidence(number=n, **item), 0.1 * (n + 1)) for n, item in enumerate(items)]
        return collapse(rated)

    return several


def test_the_ratings_of_one_rater_in_one_encounter_are_one_vote(
    votes: Callable[..., tuple[Vote, ...]],
) -> None:
    (vote,) = votes({"encounter": "shift"}, {"encounter": "shift"}, {"encounter": "shift"})
    assert vote.s == pytest.approx(0.2)
    assert len(vote.ratings) == 3


def test_two_raters_in_one_encounter_are_two_votes(votes: Callable[..., tuple[Vote, ...]]) -> None:
    pair = votes({"encounter": "shift", "rater": "a"}, {"encounter": "shift", "rater": "b"})
    assert [vote.rater for vote in pair] == ["a", "b"]


def test_one_rater_in_two_encounters_has_two_votes(votes: Callable[..., tuple[Vote, ...]]) -> None:
    assert len(votes({"encounter": "monday"}, {"encounter": "tuesday"})) == 2


def test_tiers_are_never_mixed_in_one_vote(votes: Callable[..., tuple[Vote, ...]]) -> None:
    pair = votes({"encounter": "run", "tier": Tier.VR_AUTOMATIC}, {"encounter": "run", "tier": Tier.QUIZ})
    assert {vote.tier: vote.s for vote in pair} == pytest.approx({Tier.VR_AUTOMATIC: 0.1, Tier.QUIZ: 0.2})


def test_a_vote_is_as_old_as_the_newest_of_its_ratings(
    votes: Callable[..., tuple[Vote, ...]], now_us: int
) -> None:
    (vote,) = votes(
        {"encounter": "shift", "age": 2}, {"encounter": "shift", "age": 0}, {"encounter": "shift", "age": 1}
    )
    assert vote.observed_us == now_us


def test_votes_come_oldest_first(votes: Callable[..., tuple[Vote, ...]]) -> None:
    found = votes({"age": 1}, {"age": 3}, {"age": 2})
    assert [vote.encounter for vote in found] == ["shift-1", "shift-2", "shift-0"]


def test_no_ratings_make_no_votes() -> None:
    assert collapse([]) == ()
