"""The alias table: IRIs that are sent and the IRIs that are meant, and the words for N.O. and NRT.

Public profiles and products carry wrong IRIs: https for http, a plural too many. The table is data,
`aliases.json`; a statement itself is never changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Aliases:
    """`canonical` maps every wrong IRI that is known to the right one; right ones are not in it."""

    canonical: Mapping[str, str]
    prefixes: Mapping[str, tuple[str, ...]]
    """Right beginning of an IRI → wrong ones."""
    not_observed: frozenset[str]
    """Responses, in lower case, that mean N.O."""
    not_responding: frozenset[str]
    """Responses, in lower case, that mean NRT."""

    def right(self, iri: str) -> str:
        """The IRI that is meant; itself when the table does not know it."""
        known = self.canonical.get(iri)
        return iri if known is None else known

    def variants(self, iri: str) -> frozenset[str]:
        """Every IRI that means `iri`: itself, those listed for it, and those with another beginning."""
        listed = [wrong for wrong, right in self.canonical.items() if right == iri]
        return frozenset((iri, *listed, *_with_other_beginnings(iri, self.prefixes)))


@dataclass(frozen=True, slots=True)
class Names:
    """The shipped table together with an alignment's own: right IRI → what its vendors send instead."""

    shared: Aliases
    own: Mapping[str, tuple[str, ...]]

    def seen(self, iri: str) -> frozenset[str]:
        """What a `StatementView`, which puts right what the shared table knows, may show for `iri`."""
        return frozenset((iri, *self.own.get(iri, ())))

    def sent(self, iri: str) -> frozenset[str]:
        """What may stand in a statement where `iri` is meant."""
        return self.shared.variants(iri) | self.seen(iri)


@cache
def standard_aliases() -> Aliases:
    """The table that is shipped with the product."""
    table = json.loads((files("lrs.plugin") / "aliases.json").read_text("utf-8"))
    prefixes = {right: tuple(wrong) for right, wrong in table["prefixes"].items()}
    return Aliases(
        canonical=_canonical(table["iris"], prefixes),
        prefixes=prefixes,
        not_observed=frozenset(table["not_observed"]),
        not_responding=frozenset(table["not_responding"]),
    )


def _canonical(iris: Mapping[str, Iterable[str]], prefixes: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    canonical: dict[str, str] = {}
    for right, listed in iris.items():
        for spelling in (right, *listed):
            for sent in (spelling, *_with_other_beginnings(spelling, prefixes)):
                if sent != right:
                    canonical[sent] = right
    return canonical


def _with_other_beginnings(iri: str, prefixes: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [
        wrong + iri[len(right) :]
        for right, alternatives in prefixes.items()
        if iri.startswith(right)
        for wrong in alternatives
    ]
