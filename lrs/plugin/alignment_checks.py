"""What is wrong in an alignment file that its schema cannot say. The file is valid by the schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from lrs.competency.authoring import nearest
from lrs.competency.evidence import SubjectType
from lrs.competency.rubric import Rubric
from lrs.errors import Detail
from lrs.plugin.aliases import standard_aliases
from lrs.plugin.patterns import compile_pattern
from lrs.plugin.rule import is_of_a_unit
from lrs.plugin.shapes import standard_shapes
from lrs.wording import shown, step
from lrs.xapi.jsonpath import compile_path
from lrs.xapi.templates import Template


def contradictions(
    data: Mapping[str, Any], rubric: Rubric, templates: Mapping[str, Template]
) -> Iterator[Detail]:
    """Everything in a file that contradicts its rubric, itself or the statement templates it can name."""
    if data["competency"] != rubric.competency:
        yield Detail("/competency", data["competency"], f"{rubric.competency}, the competency of the rubric")
    yield from _unknown_indicators("/activities", data.get("activities", {}), rubric)
    taken: set[str] = set()
    shapes = standard_shapes()
    for index, name in enumerate(data.get("shapes", ())):
        if name in shapes:
            taken.update(rule["id"] for rule in shapes[name].rules)
            yield from _unfit_shape(f"/shapes/{index}", shapes[name].rules, rubric)
        else:
            expected = f"one of {', '.join(sorted(shapes))}{nearest(name, shapes)}"
            yield Detail(f"/shapes/{index}", name, expected)
    for index, rule in enumerate(data.get("rules", ())):
        path = f"/rules/{index}"
        if rule["id"] in taken:
            yield Detail(f"{path}/id", rule["id"], "an id that no other rule, of a shape or its own, has")
        taken.add(rule["id"])
        yield from _wrong_for_rubric(path, rule, rubric)
        yield from _wrong_paths(path, rule)
        yield from _wrong_templates(path, rule, templates)


def wrong_configuration(
    data: Mapping[str, Any], rubric: Rubric, config: Mapping[str, Any]
) -> Iterator[Detail]:
    """What an agency has set and the file or rubric has not. The configuration is valid by its schema."""
    yield from _unknown_indicators("/activities", config.get("activities", {}), rubric)
    for index, name in enumerate(config.get("shapes_off", ())):
        if name not in data.get("shapes", ()):
            yield Detail(f"/shapes_off/{index}", name, f"one of {', '.join(data.get('shapes', ()))}")


def _unfit_shape(path: str, rules: Iterable[Mapping[str, Any]], rubric: Rubric) -> Iterator[Detail]:
    for scale in sorted({rule["scale"] for rule in rules} - rubric.scales.keys()):
        yield Detail(path, f"a shape that is rated on {scale}", f"shapes that are rated on {_scales(rubric)}")
    if rubric.subject is SubjectType.UNIT and not all(map(is_of_a_unit, rules)):
        yield Detail(path, "a shape that speaks of officers", "shapes that speak of units: the rubric does")


def _wrong_for_rubric(path: str, rule: Mapping[str, Any], rubric: Rubric) -> Iterator[Detail]:
    yield from _unknown_indicators(path, {"indicators": rule.get("indicators", ())}, rubric)
    if rule["scale"] not in rubric.scales:
        yield Detail(f"{path}/scale", rule["scale"], _scales(rubric) + nearest(rule["scale"], rubric.scales))
    if "duration" in rule["rating"] and "hours" not in rubric.scales:
        index = rule["rating"].index("duration")
        yield Detail(f"{path}/rating/{index}", "duration", "a rubric that has the scale hours")
    if rubric.subject is SubjectType.UNIT and not is_of_a_unit(rule):
        subject = rule.get("subject", "officer")
        yield Detail(f"{path}/subject", shown(subject), "a unit: the rubric is never about one officer")


def _wrong_paths(path: str, rule: Mapping[str, Any]) -> Iterator[Detail]:
    places = [(f"{path}/{name}", rule.get(name)) for name in ("subject", "rater", "encounter")]
    places += [(f"{path}/rating/{index}", source) for index, source in enumerate(rule["rating"])]
    places += [(f"{path}/when/{index}", entry) for index, entry in enumerate(rule.get("when", ()))]
    for place, stated in places:
        if isinstance(stated, Mapping):
            yield from _not_compiled(f"{place}/path", stated.get("path"), compile_path)
            yield from _not_compiled(f"{place}/matches", stated.get("matches"), compile_pattern)


def _not_compiled(place: str, text: str | None, compile_: Callable[[str], object]) -> Iterator[Detail]:
    if text is not None:
        try:
            compile_(text)
        except ValueError as exc:
            kind = "a JSONPath" if place.endswith("/path") else "a regular expression"
            yield Detail(place, text, f"{kind}: {str(exc).rstrip('.')}")


def _wrong_templates(
    path: str, rule: Mapping[str, Any], templates: Mapping[str, Template]
) -> Iterator[Detail]:
    right = standard_aliases().right
    verbs = {right(verb) for verb in rule["verbs"]}
    for index, entry in enumerate(rule.get("when", ())):
        if entry["the"] != "template":
            continue
        word = "is" if "is" in entry else "is_not"
        for number, id_ in enumerate(entry[word]):
            place = f"{path}/when/{index}/{word}/{number}"
            template = templates.get(id_)
            if template is None:
                expected = "the id of a statement template of Rapport's xAPI Profile or of one in `profiles`"
                yield Detail(place, id_, expected + nearest(id_, templates))
            elif word == "is" and template.verb is not None and right(template.verb) not in verbs:
                yield Detail(place, id_, f"a template of a verb of the rule; this is for {template.verb}")


def _scales(rubric: Rubric) -> str:
    return f"a scale of the rubric: {', '.join(rubric.scales)}"


def _unknown_indicators(
    path: str, listed: Mapping[str, str | Iterable[str]], rubric: Rubric
) -> Iterator[Detail]:
    known = {rubric.competency, *rubric.indicator_ids}
    for key, value in listed.items():
        place = f"{path}/{step(key)}"
        ids = (
            [(place, value)]
            if isinstance(value, str)
            else [(f"{place}/{i}", id_) for i, id_ in enumerate(value)]
        )
        for where, id_ in ids:
            if id_ not in known:
                yield Detail(where, id_, f"one of {', '.join(sorted(known))}{nearest(id_, known)}")
