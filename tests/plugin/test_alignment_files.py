from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lrs import schemas
from lrs.errors import PluginError
from lrs.plugin import Alignment, Rubric
from lrs.plugin.rule import SHOWN_ONLY
from lrs.plugin.shapes import standard_shapes
from tests.plugin.fakes import JUGGLING

Align = Callable[..., Alignment]
RULE = {
    "id": "own",
    "verbs": ["https://a.example/rated"],
    "tier": "quiz",
    "rating": ["score"],
    "scale": "unit",
}
FILE = {"competency": "juggling", "version": "1", "rules": [RULE]}


def problems(file: Any, config: Any = None) -> dict[str, tuple[str, str]]:
    with pytest.raises(PluginError) as caught:
        Alignment.from_dict(file, Rubric.from_dict(JUGGLING), config)
    assert "alignment of juggling" in caught.value.message
    return {detail.path: (detail.found, detail.expected) for detail in caught.value.details}


def test_everything_that_the_schema_forbids_is_named_at_once() -> None:
    found = problems({"competency": 1, "rules": [{**RULE, "tier": "gold"}, {**RULE, "colour": "red"}]})
    assert set(found) == {"", "/competency", "/rules/0/tier", "/rules/1/colour"}
    assert found["/rules/0/tier"][0] == '"gold"'
    assert found["/rules/1/colour"][0] == '"red"'
    assert found[""][1] == "the member 'version'"


def test_everything_that_the_schema_cannot_know_is_named_at_once() -> None:
    file = {
        "competency": "joggling",
        "version": "1",
        "shapes": ["ride-along", "rodeo"],
        "activities": {"https://a.example/~1": "catchs", "https://a.example/2": ["throws", "drops"]},
        "rules": [RULE, RULE, {**RULE, "id": "ride-along", "scale": "stars", "indicators": ["drops"]}],
    }
    found = problems(file)
    assert set(found) == {
        "/competency",
        "/shapes/1",
        "/activities/https:~1~1a.example~1~01",
        "/activities/https:~1~1a.example~12/1",
        "/rules/1/id",
        "/rules/2/id",
        "/rules/2/scale",
        "/rules/2/indicators/0",
    }
    assert found["/activities/https:~1~1a.example~1~01"] == (
        "catchs",
        'one of catches, juggling, throws (did you mean "catches"?)',
    )
    assert "ride-along" in found["/shapes/1"][1]


def test_a_shape_whose_scale_the_rubric_has_not_is_refused() -> None:
    rubric = Rubric.from_dict({**JUGGLING, "scales": ["fto-7"]})
    with pytest.raises(PluginError) as caught:
        Alignment.from_dict({"competency": "juggling", "version": "1", "shapes": ["survey"]}, rubric)
    (detail,) = caught.value.details
    assert (detail.path, "likert-5" in detail.found, "fto-7" in detail.expected) == ("/shapes/0", True, True)


def test_an_agencys_settings_are_checked_against_rubric_and_file() -> None:
    found = problems(FILE, {"activities": {"a:1": "drops"}, "shapes_off": ["survey"]})
    assert set(found) == {"/activities/a:1", "/shapes_off/0"}


@pytest.mark.parametrize(
    "rule",
    [
        {"tier": "survey"},
        {"tier": "survey", "subject": "officer"},
        {"tier": "field", "subject": "unit"},
        {"tier": "survey", "subject": "unit", "rater": "self"},
        {"tier": "field", "rater": "self"},
        {"when": [{"the": "context-extension", "is": ["a"]}]},
        {"when": [{"the": "platform", "key": "a", "is": ["a"]}]},
        {"when": [{"the": "platform"}]},
        {"when": [{"the": "platform", "is": ["a"], "is_not": ["b"]}]},
        {"when": [{"the": "weather", "is": ["a"]}]},
        {"verbs": []},
        {"rating": []},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(rule: dict[str, Any]) -> None:
    assert any(path.startswith("/rules/0") for path in problems({**FILE, "rules": [{**RULE, **rule}]}))


def test_an_alignment_without_shapes_and_rules_is_refused() -> None:
    assert set(problems({"competency": "juggling", "version": "1"})) == {""}


def test_the_standard_shapes_are_rules_by_the_schema() -> None:
    schema = {"$ref": "https://w3id.org/xapi/rapport/schemas/alignment.json#/$defs/rule"}
    validator = schemas.validator(schema)
    rules = [rule for shape in standard_shapes().values() for rule in shape.rules]
    assert rules
    assert [detail for rule in rules for detail in schemas.problems(validator, rule)] == []


def test_no_two_rules_of_the_standard_shapes_have_the_same_id() -> None:
    ids = [rule["id"] for shape in standard_shapes().values() for rule in shape.rules]
    assert len(ids) == len(set(ids))


def test_only_a_person_that_is_named_can_give_a_rating_of_the_field_or_a_role_play() -> None:
    for shape in standard_shapes().values():
        for rule in shape.rules:
            if rule["tier"] in ("field", "role_play"):
                assert rule["rater"] == "person"
            elif rule["tier"] not in SHOWN_ONLY:
                assert rule["rater"] == "system"


def test_every_member_of_the_schema_is_described() -> None:
    def undescribed(schema: Any, path: str) -> list[str]:
        found = []
        for name, part in schema.get("properties", {}).items():
            if "description" not in part and "$ref" not in part:
                found.append(f"{path}/{name}")
            found += undescribed(part, f"{path}/{name}")
        for name, part in schema.get("$defs", {}).items():
            found += undescribed(part, f"{path}/$defs/{name}")
        return found

    assert undescribed(schemas.documents()["alignment.json"], "") == []
