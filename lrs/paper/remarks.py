"""What an officer says against an item, and what was answered: it stands wherever the item stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.paper.blocks import Block, heading, remark, row, table, text
from lrs.paper.words import instant
from lrs.services.said import Said, at_items, behind

_Dict = Mapping[str, Any]
_DECIDED = {
    "granted": "Granted",
    "refused": "Refused: the item stays",
    "withdrawn": "Withdrawn by the officer",
}


@dataclass(frozen=True, slots=True)
class Remarks:
    """Contests and rejoinders of one officer, by statement."""

    contests: Sequence[_Dict]
    """Of each what `lrs.services.said.contest_as_dict` writes."""
    rejoinders: Sequence[_Dict]
    """Of each what `lrs.services.said.rejoinder_as_dict` writes."""

    def on(self, statement_ids: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Rows of a table, for beneath the item that comes from these statements; contests first.

        What was said to an item that was reissued stands at the corrected one, too.
        """
        said = at_items(self._said)
        found = [said[id_] for id_ in dict.fromkeys(statement_ids) if id_ in said]
        yield from (remark(*_contest(one)) for each in found for one in each["contests"])
        yield from (remark(*_rejoinder(one)) for each in found for one in each["rejoinders"])

    def elsewhere(self, statement_ids: Iterable[str]) -> list[Block]:
        """What is said to other statements than these: such as were voided. Nothing when there is none."""
        shown = behind(statement_ids, self._said)
        others = sorted({one["statement_id"] for one in (*self.contests, *self.rejoinders)} - shown)
        if not others:
            return []
        rows = [each for id_ in others for each in (row(f"Statement {id_}"), *self.on([id_]))]
        return [
            heading("Contests and rejoinders on what is not in this record"),
            text(
                "The statements they are about do not count: voided, or later than the instant of this record."
            ),
            table([("Item", 1, "left")], rows),
        ]

    @property
    def _said(self) -> Said:
        return {"contests": self.contests, "rejoinders": self.rejoinders}

    def count(self) -> str:
        """How many there are and how they stand, e.g. `2 contests (1 open, 1 refused), 1 rejoinder`."""
        states = [str(one["state"]) for one in self.contests]
        by_state = ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))
        contests = f"{len(states)} contest{'' if len(states) == 1 else 's'}"
        rejoinders = f"{len(self.rejoinders)} rejoinder{'' if len(self.rejoinders) == 1 else 's'}"
        return f"{contests}{f' ({by_state})' if by_state else ''}, {rejoinders}"


def _contest(one: _Dict) -> tuple[str, ...]:
    title = f"Contested on {instant(one['raised'])}, statement {one['statement_id'][:8]}"
    if one["state"] == "open":
        return title, one["reason_given"], f"Open, to be decided by {instant(one['due'])}."
    by = f" by {one['decided_by']}" if one["decided_by"] else ""
    decision = f"{_DECIDED[one['state']]}, on {instant(one['decided'])}{by}."
    return title, one["reason_given"], decision, one["reasons"], *_statements(one)


def _statements(one: _Dict) -> Iterator[str]:
    if one["voiding_id"]:
        yield f"Voided by statement {one['voiding_id']}."
    if one["reissued_id"]:
        yield f"Recorded anew as statement {one['reissued_id']}."


def _rejoinder(one: _Dict) -> tuple[str, ...]:
    title = f"Rejoinder of the officer, {instant(one['written'])}, statement {one['statement_id'][:8]}"
    return title, one["text"]
