"""What a rebuild and a mend are in every engine, and what they must not be: see `lrs.stores.base.GenerationStore`."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from lrs.competency.evidence import Finding, Source
from lrs.stores.base import Part
from lrs.xapi.statement import StoredStatement

Found = Sequence[tuple[StoredStatement, Sequence[Finding]]]
"""Statements and what was found in them."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The statements that are to be looked at, and how they are shared out."""

    after: int
    """Those stored later than this …"""
    through: int
    """… up to and with this."""
    parts: tuple[tuple[int, int, int], ...]
    """`after`, `through` and number of statements of each part, in order."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What an attempt to begin came to."""

    rebuild: int | None
    """Its number; None when there is nothing to do, or not yet."""
    settled: bool
    """Otherwise somebody else has begun something meanwhile: look again."""


def check_sources(sources: Sequence[Source], part_statements: int) -> None:
    """Raise `ValueError` for what cannot be rebuilt together."""
    if not sources or len({source.plugin for source in sources}) < len(sources):
        raise ValueError("a rebuild takes one source of each of some plugins")
    if part_statements < 1:
        raise ValueError("a part has at least one statement")


def one_instant(through: set[int]) -> int:
    """Up to when all sources were rebuilt (-1: none was), of each of them. Raises `ValueError` when they differ."""
    if len(through) > 1:
        raise ValueError("the sources were rebuilt up to different instants: rebuild each by itself")
    return through.pop()


def check_found(part: Part, found: Found, digests: Container[str]) -> None:
    """Raise `ValueError` for what is not of the part, or not of a source with one of these digests."""
    for statement, findings in found:
        if not part.after_us < statement.stored_us <= part.through_us:
            raise ValueError(f"statement {statement.id} is not of part {part.number}")
        for finding in findings:
            if finding.source.digest not in digests:
                raise ValueError(f"rebuild {part.rebuild} is not one of {finding.source.plugin} as it is now")


def check_mend(plugin: str, finding: Finding | None, source: Source) -> None:
    """Raise `ValueError` for what does not mend a failure of the plugin."""
    if source.plugin != plugin:
        raise ValueError(f"{source.plugin} cannot mend what {plugin} failed on")
    if finding is not None and (finding.failure is not None or finding.source.digest != source.digest):
        raise ValueError("a failure is mended by what the source has found, and not by another failure")
