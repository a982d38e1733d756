"""A small rubric and a short way to make evidence, all of it synthetic."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from lrs.competency.encounters import Vote
from lrs.competency.estimating import standard_models
from lrs.competency.evidence import Evidence, Flag, RecordedEvidence, SubjectType, Tier
from lrs.competency.models import Aggregate, Model
from lrs.competency.policy import Policy
from lrs.competency.rubric import Cut, Rubric

DAY_US = 86_400_000_000
NOW_US = 20_000 * DAY_US
SUBJECT = "account:R-1@https://academy.example"
VENDOR = "account:observation-app@https://lrs.example"

RUBRIC: MappingProxyType[str, Any] = MappingProxyType(
    {
        "competency": "communication",
        "version": "1.2.0",
        "name": "Communication",
        "description": "Speaks and listens.",
        "scales": ["fto-7", "likert-5", "unit"],
        "cut": {"scale": "fto-7", "rating": 3.5, "acceptable": 4},
        "indicators": [
            {"id": "lets-others-finish", "name": "Lets others finish", "description": "Waits."},
            {
                "id": "offers-choices",
                "name": "Offers choices",
                "description": "Says what can be chosen.",
                "anchors": {"1": "Offers none.", "4": "Offers one."},
            },
        ],
    }
)

Make = Callable[..., RecordedEvidence]


def make(
    rating: float | None = 5.0,
    *,
    age: float = 0.0,
    rater: str = "mailto:rater-1@academy.example",
    encounter: str | None = None,
    tier: Tier = Tier.FIELD,
    indicator: str | None = None,
    scale: str = "fto-7",
    competency: str = "communication",
    flags: tuple[Flag, ...] = (),
    number: int = 0,
    subject: str = SUBJECT,
    subject_type: SubjectType = SubjectType.OFFICER,
    stored_us: int | None = None,
    authority: str = VENDOR,
    voided_us: int | None = None,
    mended_us: int | None = None,
    plugin: str = "communication",
    plugin_version: str = "1.0",
    rule: str = "daily-observation",
) -> RecordedEvidence:
    """One piece of evidence, `age` days old at NOW_US. `number` makes its statement and encounter its own."""
    statement_id = f"00000000-0000-4000-8000-{number:012d}"
    evidence = Evidence(
        subject=subject,
        subject_type=subject_type,
        competency=competency,
        indicator=indicator,
        rating=rating,
        scale=scale,
        tier=tier,
        rater=rater,
        encounter=encounter or f"shift-{number}",
        observed_us=NOW_US - round(age * DAY_US),
        flags=flags,
        rule=rule,
    )
    return RecordedEvidence(
        evidence=evidence,
        statement_id=statement_id,
        statement_sha256=hashlib.sha256(statement_id.encode()).hexdigest(),
        stored_us=min(evidence.observed_us, NOW_US) if stored_us is None else stored_us,
        authority=authority,
        voided_us=voided_us,
        mended_us=mended_us,
        plugin=plugin,
        plugin_version=plugin_version,
    )


@pytest.fixture(scope="session")
def evidence() -> Make:
    """Makes one piece of evidence, see `make`."""
    return make


@pytest.fixture(scope="session")
def shifts() -> Callable[..., list[RecordedEvidence]]:
    """Makes one shift for each rating, raters taking turns: `shifts([5, 4], ages=[0, 30], raters=2)`."""

    def several(
        ratings: list[float], ages: list[float] | None = None, raters: int = 3
    ) -> list[RecordedEvidence]:
        days = ages or [0.0] * len(ratings)
        return [
            make(rating, age=age, number=index, rater=f"mailto:rater-{index % raters}@academy.example")
            for index, (rating, age) in enumerate(zip(ratings, days, strict=True))
        ]

    return several


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    """Communication with two indicators, cut at 3.5 of 7."""
    return Rubric.from_dict(RUBRIC)


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The defaults."""
    return Policy()


@pytest.fixture(scope="session")
def subject() -> str:
    """Agent key of the one officer here."""
    return SUBJECT


@pytest.fixture(scope="session")
def now_us() -> int:
    """The instant that ages are counted from."""
    return NOW_US


@pytest.fixture
def rubric_file() -> dict[str, Any]:
    """The rubric as a file: a copy to be changed."""
    return copy.deepcopy(dict(RUBRIC))


class Fixed:
    """A model that answers whatever it was made with, and remembers what it was shown."""

    def __init__(self, id: str, answer: Any) -> None:  # noqa: A002
        self.id = id
        self.answer = answer
        self.shown: list[tuple[Vote, ...]] = []

    def aggregate(self, votes: Sequence[Vote], policy: Policy, cut: Cut, as_of_us: int) -> Aggregate:
        self.shown.append(tuple(votes))
        if isinstance(self.answer, BaseException):
            raise self.answer
        answer: Aggregate = self.answer(votes, cut) if callable(self.answer) else self.answer
        return answer


def aggregate(**parts: Any) -> Aggregate:
    """An aggregate that is sure of the standard, with these parts."""
    sure: dict[str, Any] = {"score": 0.9, "posterior_mean": 0.9, "interval": (0.8, 1.0), "probability": 0.99}
    return Aggregate(**{**sure, **parts})


@pytest.fixture(scope="session")
def fixed() -> Callable[..., Fixed]:
    """Makes a model that answers an aggregate, or raises."""

    def model(answer: Any = None, id: str = "fixed/1", **parts: Any) -> Fixed:  # noqa: A002
        return Fixed(id, aggregate(**parts) if answer is None else answer)

    return model


@pytest.fixture(scope="session")
def models() -> Callable[..., Mapping[str, Model]]:
    """The standard models and these."""

    def known(*others: Model) -> Mapping[str, Model]:
        return {**standard_models(), **{model.id: model for model in others}}

    return known


@pytest.fixture(scope="session")
def unscored() -> Rubric:
    """Mentoring, which is counted and never scored."""
    file: dict[str, Any] = {
        **RUBRIC,
        "competency": "mentoring",
        "scored": False,
        "scales": ["hours", "likert-5"],
    }
    del file["cut"]
    file["indicators"] = [{**indicator, "anchors": {}} for indicator in RUBRIC["indicators"]]
    return Rubric.from_dict(file)
