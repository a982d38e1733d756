"""The result of an audit of impact, as somebody brings it: read strictly, and believed no further than its counts.

Its shape is `schemas/impact.json`. Every rate, ratio and test is computed anew from its counts: a file that says other
figures, or shows a cell that ought to be withheld, is refused. What explains the figures is said in our own words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lrs.cohort.groups import Groups
from lrs.cohort.impact import Base, adverse_impact
from lrs.competency.authoring import details_of
from lrs.competency.estimate import Verdict
from lrs.errors import Detail, InvalidInput, MalformedJson, TooLarge
from lrs.wording import shown
from lrs.xapi import strict_json
from lrs.xapi.timestamps import parse_us

MOST_BYTES = 400_000
"""Of a file: less than what a server keeps of a form on disk, for nothing of it is to be stored."""
_MOST_PEOPLE = 50_000
"""Of all groups of all attributes."""
_MOST_DETAILS = 20
_TOLERANCE = 2e-6
"""Figures are rounded to six decimals."""
_Json = Mapping[str, Any]


def read_impact(data: bytes) -> dict[str, Any]:
    """The answer of `lrs report impact --json`, checked.

    Raises `TooLarge`, `MalformedJson`, and `InvalidInput` with each place where it is not such an answer.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(
            "The file is too large to be the result of the audit.",
            [Detail("", f"{len(data):,} bytes", f"at most {MOST_BYTES:,}")],
        )
    report: dict[str, Any] = _parsed(data)
    details = (
        _another(report)
        or details_of("impact.json", report, most=_MOST_DETAILS + 1)
        or list(_contradictions(report))
    )
    if details:
        counted = f"{_MOST_DETAILS} or more" if len(details) > _MOST_DETAILS else str(len(details))
        more = f"; the first {_MOST_DETAILS} are listed" if len(details) > _MOST_DETAILS else ""
        raise InvalidInput(
            f"This is no result of the audit as it left: {counted} things are wrong{more}."
            if len(details) > 1
            else "This is no result of the audit as it left.",
            [Detail(one.path or "the whole", one.found, one.expected) for one in details[:_MOST_DETAILS]],
        )
    return report


def _parsed(data: bytes) -> Any:
    try:
        return strict_json.parse(data.removeprefix(b"\xef\xbb\xbf"))
    except MalformedJson as exc:
        raise MalformedJson(
            "This is not JSON. Run the audit with --json, and bring all that it answers.", exc.details
        ) from exc


def _another(report: Any) -> list[Detail]:
    """That it is something else, said once and not for each member that is not there."""
    wanted = 'the answer of lrs report impact --json: an object with "report": "impact"'
    if not isinstance(report, dict):
        return [Detail("", shown(report), wanted)]
    return (
        [] if report.get("report") == "impact" else [Detail("/report", shown(report.get("report")), wanted)]
    )


def _contradictions(report: _Json) -> Iterator[Detail]:
    """What no schema can say."""
    try:
        parse_us(report["as_of"])
    except ValueError:
        yield Detail("/as_of", report["as_of"], "a timestamp (ISO 8601)")
    attributes = report["verdicts"]["attributes"]
    yield from _twice("/verdicts/attributes", (one["attribute"] for one in attributes))
    if sum(rate["people"] for one in attributes for group in one["groups"] for rate in group["rates"]) > (
        len(Base) * _MOST_PEOPLE
    ):
        yield Detail("/verdicts/attributes", "more people", f"at most {_MOST_PEOPLE:,} in all groups")
        return
    minimum = report["verdicts"]["smallest_cell_shown"]
    for number, one in enumerate(attributes):
        yield from _attribute(f"/verdicts/attributes/{number}", one, minimum)
    if report["raters"] is not None:
        yield from _raters(report["raters"])


def _twice(path: str, names: Iterable[str]) -> Iterator[Detail]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Detail(path, f"{name}, {times} times", "each name once")


def _attribute(path: str, one: _Json, minimum: int) -> Iterator[Detail]:
    """Whether its figures are those of its counts."""
    details = [
        *_twice(f"{path}/groups", (group["group"] for group in one["groups"])),
        *(
            detail
            for number, group in enumerate(one["groups"])
            for detail in _counts(f"{path}/groups/{number}", group)
        ),
    ]
    yield from details
    if details:
        return
    told = {group["group"]: group for group in one["groups"] if not group["suppressed"]}
    for right in _computed(one["attribute"], told, minimum):
        place = next(n for n, group in enumerate(one["groups"]) if group["group"] == right["group"])
        if right["suppressed"]:
            yield Detail(f"{path}/groups/{place}", "a small cell", f"withheld: it is of fewer than {minimum}")
        elif not _same(right["rates"], told[right["group"]]["rates"]):
            yield Detail(f"{path}/groups/{place}/rates", "other figures", "those that its counts come to")


def _counts(path: str, group: _Json) -> Iterator[Detail]:
    """Whether its counts can be those of a group."""
    by_base = {rate["of"]: rate for rate in group["rates"]}
    if group["suppressed"]:
        if group["rates"]:
            yield Detail(f"{path}/rates", "rates", "none, for the group is withheld")
        return
    if len(by_base) != len(group["rates"]) or Base.ALL.value not in by_base:
        yield Detail(f"{path}/rates", ", ".join(by_base) or "nothing", "that of all, and of the decided")
        return
    whole = by_base[Base.ALL.value]
    decided = by_base.get(Base.DECIDED.value, {"at_standard": 0, "people": 0})
    if not whole["at_standard"] == decided["at_standard"] <= decided["people"] <= whole["people"]:
        yield Detail(f"{path}/rates", "counts that contradict each other", "at standard ≤ decided ≤ all")


def _computed(attribute: str, told: Mapping[str, _Json], minimum: int) -> Iterator[dict[str, Any]]:
    """The groups anew, from people who have nothing but a verdict and a group."""
    verdicts: dict[str, Verdict] = {}
    members: dict[str, str] = {}
    for name, group in told.items():
        for verdict, people in _people(group).items():
            for _ in range(people):
                someone = str(len(verdicts))
                verdicts[someone], members[someone] = verdict, name
    groups = Groups(by_attribute={attribute: members}, rows=len(members), unknown=0)
    [answer] = adverse_impact(verdicts, groups, minimum=minimum).attributes
    yield from (group.as_dict() for group in answer.groups)


def _people(group: _Json) -> dict[Verdict, int]:
    by_base = {rate["of"]: rate for rate in group["rates"]}
    decided = by_base.get(Base.DECIDED.value, {"at_standard": 0, "people": 0})
    return {
        Verdict.AT_STANDARD: decided["at_standard"],
        Verdict.BELOW_STANDARD: decided["people"] - decided["at_standard"],
        Verdict.UNDETERMINED: by_base[Base.ALL.value]["people"] - decided["people"],
    }


def _same(one: Any, other: Any) -> bool:
    """Equal, numbers as nearly as they are rounded."""
    if isinstance(one, Mapping):
        return isinstance(other, Mapping) and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    return bool(one == other)


def _raters(raters: _Json) -> Iterator[Detail]:
    """Whether what is withheld is, and what is shown may be."""
    least = raters["smallest_cell_shown"]
    yield from _twice("/raters/attributes", (one["attribute"] for one in raters["attributes"]))
    for number, one in enumerate(raters["attributes"]):
        for place, cell in enumerate(one["cells"]):
            path = f"/raters/attributes/{number}/cells/{place}"
            figures = [
                cell[name] for name in ("officers", "difference", "beside_rest", "beside_rest_interval")
            ]
            if cell["suppressed"]:
                if any(figure is not None for figure in figures):
                    yield Detail(path, "figures", "none, for the cell is withheld")
            elif cell["officers"] is None or cell["difference"] is None:
                yield Detail(path, "no figures", "officers and difference, or withheld")
            elif cell["officers"] < least:
                yield Detail(path, "a small cell", f"withheld: it is of fewer than {least}")
