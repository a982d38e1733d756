"""What an alignment remembers of the statements before never changes what it finds in the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.demo.statements import realistic
from lrs.plugin import Alignment, Evidence, Rubric, StatementView
from lrs.plugin.choosing import Choice
from lrs.plugin.manager import load_plugins
from lrs.plugin.testing import statement
from lrs.plugin.vocabulary import ASSESSMENT_TYPE, BASE, MODE
from tests.plugin.fakes import RATED, rubric_of

VENDOR = "https://vendor.example/mode"
KINDS = ["http://id.tincanapi.com/activitytype/checklist-item", "https://a.example/else"]
VALUES = ["graded", " GRADED ", "guided", "", 1, True, 1.0, None, ["graded"], [], {"a": "graded"}, "g" * 300]


@pytest.fixture(scope="module")
def alignments() -> Sequence[Alignment]:
    """Every alignment that is installed."""
    recognisers = [each for one in load_plugins().loaded for each in one.recognisers]
    return [each for each in recognisers if isinstance(each, Alignment)]


def explained(alignment: Alignment, view: StatementView) -> tuple[Evidence, ...]:
    """What a dry run says that it finds: there every condition of every rule is tried, and nothing remembered."""
    return next((one.evidence for one in alignment.explain(view) if one.matched), ())


def aligned(rubric: Rubric, *conditions: dict[str, Any], **more: Any) -> Alignment:
    rule = {
        "id": "own",
        "verbs": [RATED],
        "when": list(conditions),
        "indicators": ["catches"],
        "rater": "system",
        "tier": "quiz",
        "rating": ["score"],
        "scale": "fto-7",
    }
    data = {"competency": rubric.competency, "version": "1", "rules": [rule], **more}
    return Alignment.from_dict(data, rubric)


def rated(**extensions: Any) -> StatementView:
    return StatementView(
        statement(
            verb=RATED, result={"score": {"raw": 4, "min": 1, "max": 7}}, context={"extensions": extensions}
        )
    )


def test_in_the_demo_an_alignment_finds_what_it_explains(alignments: Sequence[Alignment]) -> None:
    found = 0
    for shown in realistic(400):
        for alignment in alignments:
            view = StatementView(shown)
            evidence = alignment.recognise(view)
            assert evidence == explained(alignment, view)
            found += len(evidence)
    assert found > 200


CONDITIONS: list[dict[str, Any]] = [
    {"the": "context-extension", "key": MODE, "is": ["graded"]},
    {"the": "context-extension", "key": MODE, "is": [1]},
    {"the": "context-extension", "key": MODE, "is": ["gr*"], "or_absent": True},
    {"the": "context-extension", "key": MODE, "is_not": ["graded"]},
    {"the": "context-extension", "key": MODE, "is_absent": True},
    {"the": "context-extension", "key": ASSESSMENT_TYPE, "is_absent": True},
    {"the": "object-type", "is": [KINDS[0]], "or_absent": True},
    {"the": "object-type", "is_not": [KINDS[1]]},
    {"the": "interaction-type", "is": ["likert"], "or_absent": True},
    {"the": "actor-type", "is": ["Agent"]},
    {"the": "platform", "is": ["Academy"], "or_absent": True},
]


@st.composite
def views(draw: st.DrawFn) -> StatementView:
    """A rating of anything, in any mode that a vendor may think of, under any of its names."""
    keys = st.sampled_from([MODE, MODE.replace("https:", "http:"), VENDOR, ASSESSMENT_TYPE])
    definition = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "type": st.sampled_from([*KINDS, KINDS[0].replace("http:", "https:")]),
                "interactionType": st.sampled_from(["likert", "choice"]),
            },
        )
    )
    shown = statement(
        verb=RATED,
        actor={"mbox": "mailto:a@academy.example", **draw(st.sampled_from([{}, {"objectType": "Group"}]))},
        object={"id": f"{BASE}competencies/juggling", "definition": definition},
        result={"score": {"raw": 4, "min": 1, "max": 7}},
        context={
            "extensions": draw(st.dictionaries(keys, st.sampled_from(VALUES), max_size=3)),
            **draw(st.sampled_from([{}, {"platform": "Academy"}, {"platform": "Elsewhere"}])),
        },
    )
    return StatementView(shown)


@given(
    conditions=st.lists(st.sampled_from(CONDITIONS), max_size=4),
    shown=st.lists(views(), min_size=1, max_size=6),
)
def test_whatever_was_shown_before_an_alignment_finds_what_it_explains(
    conditions: list[dict[str, Any]], shown: list[StatementView]
) -> None:
    alignment = aligned(rubric_of("juggling"), *conditions, aliases={MODE: [VENDOR]})
    for view in (*shown, *shown):
        assert alignment.recognise(view) == explained(alignment, view)


def test_more_values_than_are_remembered_change_nothing(rubric: Rubric) -> None:
    alignment = aligned(rubric, {"the": "context-extension", "key": MODE, "is": ["graded"]})
    for number in range(600):
        assert alignment.recognise(rated(**{MODE: f"mode-{number}"})) == ()
        assert len(alignment.recognise(rated(**{MODE: "graded"}))) == 1


def test_no_more_is_remembered_than_is_good_for_the_memory(rubric: Rubric) -> None:
    choice = Choice(aligned(rubric, {"the": "context-extension", "key": MODE, "is": ["graded"]}).rules)
    most = 0
    for number in range(600):
        choice.fitting(rated(**{MODE: f"mode-{number}"}))
        most = max(most, choice.remembered)
    assert most == 256
    before = choice.remembered
    choice.fitting(rated(**{MODE: "x" * 101}))
    choice.fitting(rated(**{MODE: ["graded"]}))
    assert choice.remembered == before
    choice.fitting(rated(**{MODE: "graded"}))
    choice.fitting(rated(**{MODE: "graded"}))
    assert choice.remembered == before + 1


def test_values_of_any_length_and_shape_are_told_apart(rubric: Rubric) -> None:
    long = "x" * 5000
    alignment = aligned(rubric, {"the": "context-extension", "key": MODE, "is": [long, "a"]})
    sent: list[Any] = [long, f"{long}y", ["a"], ["b"], {"a": 1}, "a", "b"]
    for _ in range(2):
        assert [len(alignment.recognise(rated(**{MODE: value}))) for value in sent] == [1, 0, 1, 0, 0, 1, 0]
