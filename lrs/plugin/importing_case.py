"""A rubric from a competency framework in CASE 1.1 (1EdTech), the JSON of a CFPackage."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lrs.errors import Detail, PluginError
from lrs.plugin.importing_rubric import Framework, ImportedRubric, Item, Level, rubric_from, times
from lrs.wording import shown

_READ = frozenset(("fullStatement", "abbreviatedStatement", "humanCodingScheme", "licenseURI"))
_BOOKKEEPING = frozenset(
    ("identifier", "uri", "lastChangeDateTime", "CFDocumentURI", "language", "listEnumeration")
)


def rubric_from_case(
    data: Mapping[str, Any], *, competency: str | None = None, under: str | None = None
) -> ImportedRubric:
    """The rubric of a CFPackage, or of the part of it below the CFItem whose identifier or code is `under`.

    CFItems with none below them (`isChildOf`) become indicators, the levels of their CFRubrics anchors and a
    scale. `competency` is the id of the competency; made of the title when None. Raises `PluginError` when the
    data is no CFPackage, or there is nothing in it.
    """
    package = data.get("CFPackage", data)
    if not isinstance(package, Mapping) or not isinstance(package.get("CFItems"), list):
        raise PluginError(
            "This is no CFPackage of CASE.",
            [
                Detail(
                    "/CFItems",
                    shown(package.get("CFItems")) if isinstance(package, Mapping) else "nothing",
                    "a list of CFItems",
                )
            ],
        )
    return rubric_from(_framework(package), competency=competency, under=under)


def _framework(package: Mapping[str, Any]) -> Framework:
    document = _object(package.get("CFDocument"))
    found = Framework(
        title=_text(document, "title") or "an untitled framework",
        description=_text(document, "description"),
        version=_text(document, "version")[:64],
        source=_text(document, "officialSourceURL") or _text(document, "uri"),
        rights=list(_rights(package, document)),
    )
    items = {_text(entry, "identifier"): entry for entry in _objects(package, "CFItems")}
    items.pop("", None)
    by_uri = {_text(entry, "uri"): key for key, entry in items.items()}
    order = _relations(package, items, by_uri, found)
    for key in _in_order(items, found.parents, order):
        entry = items[key]
        statement = _text(entry, "fullStatement") or _text(entry, "abbreviatedStatement")
        if statement:
            name, code = _text(entry, "abbreviatedStatement"), _text(entry, "humanCodingScheme")
            found.items.append(Item(key, statement, name, code))
        else:
            found.left_out.append(f"item {key}: it has no fullStatement")
    _levels(package, items, by_uri, found)
    unread = Counter(name for entry in items.values() for name in entry if name not in _READ | _BOOKKEEPING)
    found.left_out += [f"{name} of {times(number, 'item')}" for name, number in sorted(unread.items())]
    return found


def _rights(package: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    """What the package says of licence, author and publisher."""
    for member, label in (("creator", "Creator"), ("publisher", "Publisher"), ("adoptionStatus", "Status")):
        if _text(document, member):
            yield f"{label}: {_text(document, member)}"
    named = [document, *_objects(package, "CFItems")]
    links = {
        _text(link, "identifier"): link
        for link in (_object(each.get("licenseURI")) for each in named)
        if link
    }
    for link in links.values():
        yield f"Licence: {' '.join(filter(None, (_text(link, 'title'), _text(link, 'uri'))))}"
    for licence in _objects(_object(package.get("CFDefinitions")), "CFLicenses"):
        text = _text(licence, "licenseText") or _text(licence, "description")
        yield f"Licence: {' '.join(filter(None, (_text(licence, 'title'), text)))}"


def _relations(
    package: Mapping[str, Any],
    items: Mapping[str, Mapping[str, Any]],
    by_uri: Mapping[str, str],
    found: Framework,
) -> dict[str, float]:
    """Who is below whom goes into `found`; the answer is where each item stands among its siblings."""
    order: dict[str, float] = {}
    others: Counter[str] = Counter()
    for entry in _objects(package, "CFAssociations"):
        kind = _text(entry, "associationType")
        if kind != "isChildOf":
            others[kind or "association of no type"] += 1
            continue
        child = _referred(entry.get("originNodeURI"), items, by_uri)
        parent = _referred(entry.get("destinationNodeURI"), items, by_uri)
        if child is not None:
            number = _number(entry.get("sequenceNumber"))
            if number is not None:
                order.setdefault(child, number)
            if parent is not None and parent != child:
                found.parents.setdefault(child, set()).add(parent)
    found.left_out += [f"{kind}: {times(number, 'association')}" for kind, number in sorted(others.items())]
    return order


def _in_order(
    items: Iterable[str], parents: Mapping[str, set[str]], order: Mapping[str, float]
) -> Iterator[str]:
    """Every item once, each followed by what is below it, siblings by their number."""
    siblings = sorted(items, key=lambda key: order.get(key, math.inf))
    below: dict[str, list[str]] = {}
    for key in siblings:
        for parent in parents.get(key, ()):
            below.setdefault(parent, []).append(key)
    waiting = [key for key in reversed(siblings) if key not in parents]
    # Those that are only below each other come last.
    waiting = [*reversed(siblings), *waiting]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            yield key
            waiting += reversed(below.get(key, []))


def _levels(
    package: Mapping[str, Any],
    items: Mapping[str, Mapping[str, Any]],
    by_uri: Mapping[str, str],
    found: Framework,
) -> None:
    for rubric in _objects(package, "CFRubrics"):
        for criterion in _objects(rubric, "CFRubricCriteria"):
            key = _referred(criterion.get("CFItemURI"), items, by_uri)
            if key is None:
                label = _text(criterion, "description") or _text(criterion, "category") or "without a name"
                found.left_out.append(f"criterion {label[:60]}: it is of no item")
                continue
            for level in _objects(criterion, "CFRubricCriterionLevels"):
                score = level.get("score")
                text = ": ".join(filter(None, (_text(level, "quality"), _text(level, "description"))))
                found.levels.setdefault(key, []).append(Level(_number(score), text))


def _referred(link: Any, items: Mapping[str, Mapping[str, Any]], by_uri: Mapping[str, str]) -> str | None:
    """Identifier of the CFItem that a link leads to; None when it leads to none."""
    key = _text(_object(link), "identifier")
    return key if key in items else by_uri.get(_text(_object(link), "uri"))


def _objects(holder: Mapping[str, Any], member: str) -> list[Mapping[str, Any]]:
    listed = holder.get(member)
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(holder: Mapping[str, Any], member: str) -> str:
    value = holder.get(member)
    return value.strip() if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
