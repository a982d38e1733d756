"""A corrected statement in the place of one that was contested: the same but for one value, with an id of its own.

The original is voided, stays readable under its id, and is what `context.statement` of the corrected one refers to.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lrs.xapi.statement import Statement

_SERVERS_OWN = ("id", "stored", "version")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", re.ASCII)
_SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"
_NEAR = 0.005
"""So near to its place between `min` and `max`, `scaled` is taken to be that, rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correctable:
    """The one value that says how well something was done."""

    member: str
    """`raw`, `scaled`, `response` or `success`: of `result.score`, or of `result`."""
    value: str
    """As it stands."""
    low: float | None = None
    """Least that can stand there; None: not said."""
    high: float | None = None

    @property
    def expected(self) -> str:
        """What may stand there, in words."""
        if self.member == "success":
            return "true or false"
        if self.member == "response":
            return "a response"
        ends = [
            *([] if self.low is None else [f"from {_text(self.low)}"]),
            *([] if self.high is None else [f"to {_text(self.high)}"]),
        ]
        return " ".join(["a number", *ends])


def correctable(statement: Statement) -> Correctable | None:
    """Which value of a statement can be corrected; None: no single one says how well it was done."""
    result = statement.get("result") or {}
    score = result.get("score") or {}
    if "raw" in score:
        low, high = score.get("min"), score.get("max")
        return Correctable(member="raw", value=_text(score["raw"]), low=_number(low), high=_number(high))
    if "scaled" in score:
        return Correctable(member="scaled", value=_text(score["scaled"]), low=-1.0, high=1.0)
    if "response" in result:
        return Correctable(member="response", value=result["response"])
    if "success" in result:
        return Correctable(member="success", value="true" if result["success"] else "false")
    return None


def corrected(statement: Statement, value: str, *, new_id: str) -> dict[str, Any]:
    """The statement with that value, to be posted; what the server sets is left to it, the authority stays.

    Raw data of attachments stays with the original, and so do signatures, which would no longer hold.
    Raises `ValueError`, with what is expected, for a value that cannot stand there.
    """
    at = correctable(statement)
    if at is None:
        raise ValueError("a statement with a score, a response or a success")
    new: dict[str, Any] = copy.deepcopy(dict(statement))
    for member in _SERVERS_OWN:
        new.pop(member, None)
    new["id"] = new_id
    _put(new["result"], at, value)
    context = new.setdefault("context", {})
    context["statement"] = {"objectType": "StatementRef", "id": statement["id"]}
    linked = [
        one for one in new.pop("attachments", ()) if "fileUrl" in one and one["usageType"] != _SIGNATURE
    ]
    return new | ({"attachments": linked} if linked else {})


def _put(result: dict[str, Any], at: Correctable, value: str) -> None:
    if at.member == "response":
        if not value.strip():
            raise ValueError(at.expected)
        result["response"] = value
    elif at.member == "success":
        if value not in ("true", "false"):
            raise ValueError(at.expected)
        result["success"] = value == "true"
    else:
        _put_number(result["score"], at, value)


def _put_number(score: dict[str, Any], at: Correctable, value: str) -> None:
    number = float(value) if _NUMBER.fullmatch(value) else None
    if number is None or not _within(number, at):
        raise ValueError(at.expected)
    follows = at.member == "raw" and "scaled" in score
    if follows and not _is_in_its_place(score, at):
        raise ValueError(
            "a statement whose scaled score is the place of raw between min and max: else it cannot follow"
        )
    score[at.member] = int(number) if number.is_integer() else number
    if follows:
        score["scaled"] = round(_place(number, at), 6)


def _within(number: float, at: Correctable) -> bool:
    return (at.low is None or at.low <= number) and (at.high is None or number <= at.high)


def _is_in_its_place(score: Mapping[str, Any], at: Correctable) -> bool:
    """Whether `scaled` says the same as `raw`. Where it does not, what it ought to become is anybody's guess."""
    ends = at.low is not None and at.high is not None and at.low < at.high
    return ends and abs(_place(score["raw"], at) - score["scaled"]) <= _NEAR


def _place(raw: float, at: Correctable) -> float:
    """Where it lies between `min` (0) and `max` (1)."""
    low, high = at.low or 0.0, at.high or 0.0
    return (raw - low) / (high - low)


def _text(number: float) -> str:
    return f"{number:.15g}"


def _number(found: object) -> float | None:
    return float(found) if isinstance(found, int | float) else None
