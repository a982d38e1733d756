"""The lines of a profile's CSV: everything that is on the paper, and what there is no room for there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_Dict = Mapping[str, Any]
_Dicts = Sequence[_Dict]

COLUMNS = (
    *("kind", "as_of", "officer", "name", "unit", "phase", "trainer", "competency", "competency_name"),
    *("verdict", "reasons", "score", "interval_low", "interval_high", "interval_level", "cut"),
    *("probability_at_or_above_cut", "e", "mass", "raters", "encounters", "at_or_above", "counts", "newest"),
    *("gaps", "to_decide"),
    *("vote", "observed", "encounter", "rater", "tier", "weight", "to_e", "to_mass"),
    *("indicator", "rating", "scale", "flags", "s", "why_left_out"),
    *("statement_id", "sha256", "authority", "rule", "plugin", "plugin_version"),
    *("id", "at", "due", "state", "text", "decided", "decided_by", "voiding_id", "reissued_id"),
    *("number", "actor", "action"),
    *("rubric_version", "rubric_digest", "model", "policy_digest", "plugins", "warnings"),
    *("printed_at", "printed_by", "version"),
)
"""Every column, in order. `kind` is one of

- `competency`: a competency with its numbers,
- `vote`, `vote_shown`: a vote that counts, or is only shown; its ratings follow, with the same number in `vote`,
- `rating`, `rating_shown`: a rating of the vote before,
- `completed`: what was done, where nothing is scored,
- `left_out`: evidence that was left out, and why,
- `contest`, `rejoinder`: what the officer says to a statement; `reasons` of a contest are those of its decision,
- `audit`: an entry of the audit log about the officer.
"""

_PROVENANCE = ("statement_id", "sha256", "authority", "rule", "plugin", "plugin_version")
_GIVEN = ("indicator", "rating", "scale")
_WHEN = ("observed", "encounter", "rater", "tier")


def rows(  # noqa: PLR0917 - the arguments of `profile_csv`, in its order
    profile: _Dict,
    explanations: _Dicts,
    who: _Dict,
    contests: _Dicts,
    rejoinders: _Dicts,
    trail: _Dicts,
    printed: _Dict,
) -> Iterator[dict[str, Any]]:
    """The lines, each by names of `COLUMNS`; numbers as numbers, instants in ISO 8601, what there is not left out."""
    always = {
        "as_of": profile["as_of"],
        **who,
        "model": profile["model"]["id"],
        "policy_digest": profile["model"]["policy_digest"],
        "plugins": _list(f"{name} {version}" for name, version in profile["plugins"].items()),
        "printed_at": printed["at"],
        "printed_by": printed["by"],
        "version": printed["version"],
    }
    explained = {one["competency"]: one for one in explanations}
    for part in profile["competencies"]:
        for line in _of_competency(part, explained.get(part["competency"]), profile["warnings"]):
            yield {**always, **_rubric(part), **line}
    for contest in contests:
        yield {
            **always,
            **contest,
            "kind": "contest",
            "at": contest["raised"],
            "text": contest["reason_given"],
        }
    for rejoinder in rejoinders:
        yield {**always, **rejoinder, "kind": "rejoinder", "at": rejoinder["written"]}
    for entry in trail:
        yield {**always, "kind": "audit", **{name: entry[name] for name in _AUDIT}}


_AUDIT = ("number", "at", "actor", "action", "sha256")


def _rubric(part: _Dict) -> dict[str, Any]:
    return {
        "competency": part["competency"],
        "competency_name": part["name"],
        "rubric_version": part["rubric"]["version"],
        "rubric_digest": part["rubric"]["digest"],
        "model": part["model"]["id"],
        "policy_digest": part["model"]["policy_digest"],
    }


def _of_competency(
    part: _Dict, explanation: _Dict | None, warnings: Sequence[str]
) -> Iterator[dict[str, Any]]:
    found, counts = part["estimate"], part["counts"]
    low, high = found["interval"] or (None, None)
    own = () if explanation is None else explanation["warnings"]
    yield {
        "kind": "competency",
        "verdict": part["verdict"],
        "reasons": _list(part["reasons"]),
        "score": found["score"],
        "interval_low": low,
        "interval_high": high,
        "interval_level": found["interval_level"],
        "cut": found["cut"],
        "probability_at_or_above_cut": found["probability_at_or_above_cut"],
        "e": found["e"],
        "mass": found["mass"],
        "raters": found["raters"],
        "encounters": counts["encounters"],
        "at_or_above": counts["at_or_above"],
        "counts": counts["text"],
        "newest": found["newest"],
        "gaps": _list(part["gaps"]),
        "to_decide": "" if explanation is None else _list(explanation["to_decide"]),
        "warnings": " | ".join(dict.fromkeys([*warnings, *part["warnings"], *own])),
    }
    if explanation is not None:
        yield from _of_evidence(explanation)


def _of_evidence(e: _Dict) -> Iterator[dict[str, Any]]:
    number = 0
    for kind, votes in (("", e["votes"]), ("_shown", e["shown"])):
        for vote in votes:
            number += 1
            when = {name: vote[name] for name in _WHEN}
            numbers = {name: vote[name] for name in ("s", "weight", "to_e", "to_mass")}
            yield {"kind": f"vote{kind}", "vote": number, **when, **numbers}
            for rating in vote["ratings"]:
                yield {"kind": f"rating{kind}", "vote": number, **when, "s": rating["s"], **_item(rating)}
    for item in e["completed"]:
        yield {"kind": "completed", **{name: item[name] for name in _WHEN}, **_item(item)}
    for item in e["left_out"]:
        when = {name: item[name] for name in _WHEN}
        yield {"kind": "left_out", **when, **_item(item), "why_left_out": item["reason"]}


def _item(item: _Dict) -> dict[str, Any]:
    given = {name: item[name] for name in (*_GIVEN, *_PROVENANCE)}
    return {**given, "flags": _list(item["flags"])}


def _list(values: Any) -> str:
    return "; ".join(values)
