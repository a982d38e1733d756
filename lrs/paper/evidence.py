"""The evidence of one competency as tables: every rating as it was given, and what its vote adds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lrs.charts.words import TIERS, figure
from lrs.competency.phrases import day
from lrs.paper.blocks import Block, heading, row, spanning, table, text
from lrs.paper.glyphs import clipped
from lrs.paper.remarks import Remarks
from lrs.paper.words import FLAGS, encounter

_Dict = Mapping[str, Any]
_WHEN = (
    ("Date", 0, "left"),
    ("Encounter", 1.2, "left"),
    ("Rater", 1.1, "left"),
    ("Kind", 1.0, "left"),
)
_ITEM = (("Item", 2.0, "left"), ("Rating as given", 1.2, "left"))
_LONGEST = 80
_STATEMENT = (("Statement", 0, "left"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePages:
    """Writes the tables of one explanation."""

    explanation: _Dict
    """`Explanation.as_dict()`."""
    raters: Mapping[str, str]
    """By agent key, how a rater is called."""
    remarks: Remarks

    def blocks(self) -> Iterator[Block]:
        """A table under a heading of all that counts, is shown, was done, is left out; none where there is none."""
        e = self.explanation
        if e["votes"]:
            yield heading("Evidence that counts", 2)
            yield text(
                "One vote for each rater and encounter: the mean of its ratings, from 0 to 1. "
                "Its weight is that of its kind, halved with every half-life of age; it adds weight × vote.",
                small=True,
            )
            weighed = (("Vote", 0, "right"), ("Weight", 0, "right"), ("Adds", 0, "right"))
            yield table([*_WHEN, *_ITEM, *weighed, *_STATEMENT], self._votes(e["votes"], weighed=True))
        if e["shown"]:
            yield heading("Shown beside it, never part of the score", 2)
            yield table([*_WHEN, *_ITEM, *_STATEMENT], self._votes(e["shown"], weighed=False))
        if e["completed"]:
            yield heading("What was done", 2)
            yield table([*_WHEN, *_ITEM, *_STATEMENT], self._items(e["completed"]))
        if e["left_out"]:
            yield heading("Left out, and why", 2)
            titles = [*_WHEN, *_ITEM, ("Reason", 1.6, "left"), *_STATEMENT]
            yield table(titles, self._items(e["left_out"]))

    def _votes(self, votes: Iterable[_Dict], *, weighed: bool) -> Iterator[_Dict]:
        for vote in votes:
            ratings = vote["ratings"]
            reach = len(ratings)
            numbers = (vote["s"], vote["weight"], vote["to_e"]) if weighed else ()
            for number, rating in enumerate(ratings):
                own = (self._item(rating), given(rating))
                last = (rating["statement_id"][:8],)
                if number:
                    yield row(*own, *last, rule=False)
                    continue
                yield row(
                    *(spanning(said, reach) for said in self._when(vote)),
                    *own,
                    *(spanning(figure(one, 3), reach) for one in numbers),
                    *last,
                )
            yield from self.remarks.on(rating["statement_id"] for rating in ratings)

    def _items(self, found: Iterable[_Dict]) -> Iterator[_Dict]:
        for item in found:
            reason = (item["reason"],) if "reason" in item else ()
            yield row(*self._when(item), self._item(item), given(item), *reason, item["statement_id"][:8])
            yield from self.remarks.on([item["statement_id"]])

    def _when(self, item: _Dict) -> tuple[str, ...]:
        # They may reach over several rows, which stay together: they must not be taller than a page.
        place, rater = (
            clipped(encounter(item["encounter"]), _LONGEST),
            clipped(self.raters[item["rater"]], _LONGEST),
        )
        return day(item["observed"]), place, rater, TIERS[item["tier"]]

    def _item(self, item: _Dict) -> str:
        names = {one["indicator"]: one["name"] for one in self.explanation["indicators"]}
        indicator = item["indicator"]
        return "as a whole" if indicator is None else str(names.get(indicator, indicator))


def given(item: _Dict) -> str:
    """A rating as it was given, with its scale and flags: `5 (fto-7)`, `N.O.`."""
    flags = "; ".join(FLAGS.get(flag, flag) for flag in item["flags"])
    if item["rating"] is None:
        return flags or "none"
    rating = f"{item['rating']:g} ({item['scale']})"
    return f"{rating}; {flags}" if flags else rating


def raters_of(explanations: Iterable[_Dict]) -> set[str]:
    """Agent keys of all who are named as raters."""
    return {
        one["rater"]
        for e in explanations
        for part in ("votes", "shown", "completed", "left_out", "raters")
        for one in e[part]
    }


def statements_of(explanations: Iterable[_Dict]) -> Iterator[_Dict]:
    """Every item of evidence with its provenance: rating, what was done, what was left out."""
    for e in explanations:
        for vote in (*e["votes"], *e["shown"]):
            yield from vote["ratings"]
        yield from e["completed"]
        yield from e["left_out"]
