"""What finds evidence in a statement, and what it says when asked why or why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from lrs.competency.evidence import Evidence
from lrs.plugin.view import StatementView


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule makes of one statement: the answer to "did it count, and why not?"."""

    rule: str
    matched: bool
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[str, ...] = ()
    """Not matched: each condition that failed, in words for a vendor. Matched: remarks, e.g. that it is shown
    and never scored."""
    plugin: str = ""
    """Name of the plugin; the host writes it in."""


@runtime_checkable
class Recogniser(Protocol):
    """Any object with these three. It must be deterministic, keep no state and leave the statement unchanged.

    It may have a fourth, `explain(view) -> Iterable[Outcome]`, which the dry run asks.
    """

    @property
    def name(self) -> str:
        """Unique in its plugin."""

    @property
    def verbs(self) -> frozenset[str] | None:
        """Ids of the verbs it wants to see, in whatever spelling the alias table knows. None: every one."""

    def recognise(self, view: StatementView) -> Iterable[Evidence] | None:
        """The evidence in a statement with one of the verbs; none or None when there is none.

        Called once for each new statement, before it is stored. Whatever it raises is quarantined: the
        statement is stored all the same.
        """


def keys_of(recogniser: Recogniser) -> frozenset[str] | None:
    """What a statement must name, one or the other, for a recogniser to find anything in it; None: who knows.

    A recogniser tells by an attribute `keys`: ids of activities, and keys of result extensions and of competency
    scores, as `StatementView.spoken_of` has them. Alignments do, so that with many of them installed each statement
    is shown only to those that it can concern. What has no such attribute is shown every statement with one of its
    verbs, and each is copied for it.
    """
    keys = getattr(recogniser, "keys", None)
    return keys if isinstance(keys, frozenset) else None
