"""Language tags (RFC 5646) and the choice of one language from a language map (RFC 4647)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lrs import schemas

_WEIGHT = re.compile(r"[Qq][ \t]*=[ \t]*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\Z", re.ASCII)
_RANGE = re.compile(r"\*|[A-Za-z]{1,8}(?:-(?:[A-Za-z0-9]{1,8}|\*))*", re.ASCII)
_MAX_RANGES = 50
"""Ranges of one header that are read: no browser sends more, and each costs a walk over the map."""


def is_language_tag(text: str) -> bool:
    """Whether the text is a well-formed tag of RFC 5646, each extension letter used once (2.2.6)."""
    return schemas.compiled("xapi-1.0.3/types.json#/$defs/languageTag").is_valid(text)


def choose(language_map: Mapping[str, str], accept_language: str | None) -> tuple[str, str] | None:
    """The entry (tag, text) of a language map that suits `Accept-Language` best; None when the map is empty.

    RFC 4647 lookup: the ranges by falling weight, each first whole, then shortened from its end; each time
    also an entry that is a narrower form of it (`en` finds `en-US`). `*` takes what no other range names.
    Ranges of weight 0 are avoided while there is anything else. Nothing fits, or no header: `en` or a form of
    it, then `und`, else the first entry. Parts of the header that are malformed are passed over.
    """
    if not language_map:
        return None
    wanted, unwanted = _ranges(accept_language or "")
    allowed = {tag.lower(): tag for tag in language_map if not _named(tag.lower(), unwanted)}
    if not allowed:
        allowed = {tag.lower(): tag for tag in language_map}
    for language_range in wanted:
        tag = _star(allowed, wanted) if language_range == "*" else _lookup(allowed, language_range)
        if tag is not None:
            return tag, language_map[tag]
    tag = _default(allowed)
    return tag, language_map[tag]


def _ranges(header: str) -> tuple[list[str], list[str]]:
    """(ranges by falling weight, ranges of weight 0) in lower case; equal weights keep the header's order."""
    wanted: list[tuple[float, str]] = []
    unwanted: list[str] = []
    for part in header.split(",", _MAX_RANGES)[:_MAX_RANGES]:
        name, _, parameter = part.partition(";")
        name = name.strip(" \t").lower()
        weight = _WEIGHT.match(parameter.strip(" \t")) if parameter else None
        if not _RANGE.fullmatch(name) or (parameter and weight is None):
            continue
        q = float(weight[1]) if weight else 1.0
        if q > 0:
            wanted.append((q, name))
        else:
            unwanted.append(name)
    wanted.sort(key=lambda pair: -pair[0])
    return [name for _, name in wanted], unwanted


def _named(tag: str, ranges: list[str]) -> bool:
    """Whether one of the ranges is the tag or a prefix of it (basic filtering, RFC 4647 3.3.1)."""
    return any(tag == name or tag.startswith(f"{name}-") for name in ranges)


def _shortened(language_range: str) -> Iterator[str]:
    """The range and its shorter forms; a single-character subtag goes with what it introduced (3.4)."""
    parts = [part for part in language_range.split("-") if part != "*"]
    while parts:
        yield "-".join(parts)
        parts.pop()
        while parts and len(parts[-1]) == 1:
            parts.pop()


def _lookup(allowed: Mapping[str, str], language_range: str) -> str | None:
    for name in _shortened(language_range):
        if name in allowed:
            return allowed[name]
        narrower = next((tag for low, tag in allowed.items() if low.startswith(f"{name}-")), None)
        if narrower is not None:
            return narrower
    return None


def _star(allowed: Mapping[str, str], wanted: list[str]) -> str | None:
    """The default among the entries that no other range names."""
    rest = {low: tag for low, tag in allowed.items() if not _named(low, wanted)}
    return _default(rest) if rest else None


def _default(allowed: Mapping[str, str]) -> str:
    return _lookup(allowed, "en") or allowed.get("und") or next(iter(allowed.values()))
