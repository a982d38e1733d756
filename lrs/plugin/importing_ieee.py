"""A rubric from a competency framework in JSON-LD: IEEE 1484.20.3 (SCD), or CTDL-ASN.

Contexts are not fetched: members are known by the last part of their names, `scd:competencyStatement` as well as
`competencyStatement` and `https://…/competencyStatement`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from lrs.errors import Detail, PluginError
from lrs.plugin.importing_rubric import Framework, ImportedRubric, Item, Level, rubric_from, times

_STATEMENT = ("competencyStatement", "competencyText", "fullStatement", "statement")
_NAME = ("name", "competencyLabel", "competencyName", "title", "prefLabel")
_CODE = ("referenceCode", "codedNotation", "humanCodingScheme", "listID")
_RIGHTS = (
    "license",
    "rights",
    "rightsHolder",
    "publisher",
    "publisherName",
    "creator",
    "author",
    "attributionName",
)
_ABOVE = frozenset(("isChildOf", "isPartOf", "narrows"))
"""Association types whose source is below their destination."""
_BELOW = frozenset(("hasChild", "hasPart", "isParentOf", "broadens"))
"""The other way round."""
_COMPETENCY = ("hasCompetencyDefinition", "competencyDefinition", "competency", "targetCompetency")
_RUBRICS = ("hasRubric", "rubric")
_CRITERIA = ("hasCriterion", "criterion", "rubricCriterion", "hasRubricCriterion")
_CRITERION_LEVELS = ("rubricCriterionLevel", "hasCriterionLevel", "criterionLevel", "hasLevel")

_Node = dict[str, list[Any]]
"""A node of the graph: local name of a member → its values. What is itself a node stands there by its key."""


class _Ref(str):
    """The key of a node, where the node stood."""

    __slots__ = ()


def rubric_from_ieee(
    data: Mapping[str, Any], *, competency: str | None = None, under: str | None = None
) -> ImportedRubric:
    """The rubric of a framework, or of the part of it below the competency whose id or code is `under`.

    Competency definitions with none below them become indicators, the levels of their rubrics anchors and a
    scale. `competency` is the id of the competency; made of the framework's name when None. Raises `PluginError`
    when there is no competency definition in it.
    """
    nodes = _nodes(data)
    found = _framework(nodes)
    if not found.items:
        raise PluginError(
            "There is no competency definition in this.",
            [Detail("/", "no competencyStatement", "JSON-LD of IEEE 1484.20.3 or CTDL-ASN, whole")],
        )
    return rubric_from(found, competency=competency, under=under)


def _framework(nodes: Mapping[str, _Node]) -> Framework:
    whole = next((node for node in nodes.values() if "CompetencyFramework" in _types(node)), {})
    key = next((key for key, node in nodes.items() if node is whole), "")
    found = Framework(
        title=_text(whole, *_NAME) or "an untitled framework",
        description=_text(whole, "description"),
        version=_text(whole, "version", "versionIdentifier")[:64],
        source=_text(whole, "authoritativeSource", "source") or ("" if key.startswith("_:") else key),
        rights=[f"{name}: {_plain(value)}" for name in _RIGHTS for value in whole.get(name, ())],
    )
    others: Counter[str] = Counter()
    for key, node in nodes.items():
        statement = _text(node, *_STATEMENT)
        if statement:
            found.items.append(Item(key, statement, _text(node, *_NAME), _text(node, *_CODE)))
        elif _types(node) & {"Competency", "CompetencyDefinition"}:
            found.left_out.append(f"{_text(node, *_NAME) or key}: it has no statement")
    keys = {item.key for item in found.items}
    for child, parent in _relations(nodes, others):
        if {child, parent} <= keys and child != parent:
            found.parents.setdefault(child, set()).add(parent)
    found.left_out += [f"{kind}: {times(number, 'association')}" for kind, number in sorted(others.items())]
    for key, criterion in _criteria(nodes, keys):
        found.levels.setdefault(key, []).extend(_levels(nodes, criterion))
    return found


def _relations(nodes: Mapping[str, _Node], others: Counter[str]) -> Iterator[tuple[str, str]]:
    """(below, above) for each pair that says so; other associations are counted by their kind."""
    for key, node in nodes.items():
        for name in _ABOVE:
            yield from ((key, str(value)) for value in node.get(name, ()))
        for name in _BELOW:
            yield from ((str(value), key) for value in node.get(name, ()))
        kind = _local(_text(node, "associationType", "relationType"))
        for source in node.get("source", ()) if kind else ():
            for destination in (*node.get("destination", ()), *node.get("target", ())):
                if kind in _ABOVE:
                    yield str(source), str(destination)
                elif kind in _BELOW:
                    yield str(destination), str(source)
                else:
                    others[kind] += 1


def _criteria(nodes: Mapping[str, _Node], keys: set[str]) -> Iterator[tuple[str, str]]:
    """(competency, criterion) for each criterion of a rubric that is of a competency."""
    seen = set()
    for key, node in nodes.items():
        for competency in _values(node, _COMPETENCY):
            # A rubric, or one of its criteria, that says what it is of.
            for criterion in [key] if _values(node, _CRITERION_LEVELS) else _values(node, _CRITERIA):
                seen.add((str(competency), str(criterion)))
        for rubric in _values(node, _RUBRICS):
            for criterion in _values(nodes.get(str(rubric), {}), _CRITERIA):
                if not _values(nodes.get(str(criterion), {}), _COMPETENCY):
                    seen.add((key, str(criterion)))
    yield from sorted(pair for pair in seen if pair[0] in keys)


def _levels(nodes: Mapping[str, _Node], criterion: str) -> Iterator[Level]:
    for key in _values(nodes.get(criterion, {}), _CRITERION_LEVELS):
        node = nodes.get(str(key), {})
        label, text = _text(node, "name", "benchmarkLabel"), _text(node, "description", "benchmarkText")
        yield Level(_score(node), ": ".join(filter(None, (label, text))))


def _score(node: _Node) -> float | None:
    for value in (*node.get("score", ()), *node.get("value", ())):
        try:
            return float(_plain(value))
        except ValueError:
            continue
    return None


def _nodes(data: Any) -> dict[str, _Node]:
    """Every object with members, by its id; one without gets a key of its own."""
    nodes: dict[str, _Node] = {}

    def add(value: Any, depth: int) -> Any:
        if depth > 64 or not isinstance(value, Mapping) or _is_literal(value):
            return value
        key = str(value.get("@id") or value.get("id") or f"_:{len(nodes)}")
        if value.keys() <= {"@id", "id"}:
            return _Ref(key)
        node = nodes.setdefault(key, {})
        for name, member in value.items():
            if name not in ("@id", "id", "@context"):
                values = member if isinstance(member, list) else [member]
                node.setdefault(_local(name), []).extend(add(each, depth + 1) for each in values)
        return _Ref(key)

    for each in data if isinstance(data, list) else [data]:
        add(each, 0)
    return nodes


def _is_literal(value: Mapping[str, Any]) -> bool:
    """Whether it is text: with a value and a language, or language by language."""
    return "@value" in value or (
        bool(value)
        and all(isinstance(text, str) or _is_texts(text) for text in value.values())
        and all(2 <= len(name.split("-")[0]) <= 3 and name.replace("-", "").isalnum() for name in value)
        and "id" not in value
    )


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _types(node: _Node) -> set[str]:
    return {_local(str(value)) for name in ("@type", "type") for value in node.get(name, ())}


def _text(node: _Node, *names: str) -> str:
    """The first text in one of these members, in English where there are several languages."""
    for name in names:
        texts = sorted(
            ((_is_english(value), _plain(value)) for value in node.get(name, ())), key=lambda one: not one[0]
        )
        for _, text in texts:
            if text:
                return text
    return ""


def _is_english(value: Any) -> bool:
    return isinstance(value, Mapping) and str(value.get("@language", "")).startswith("en")


def _plain(value: Any) -> str:
    """A literal as text; of several languages English, else the first."""
    if isinstance(value, Mapping):
        if "@value" in value:
            return str(value["@value"]).strip()
        english = [text for language, text in value.items() if language.split("-")[0] == "en"]
        return _plain((english or [*value.values(), ""])[0])
    if isinstance(value, list):
        return _plain(value[0]) if value else ""
    return str(value).strip()


def _values(node: Mapping[str, list[Any]], names: tuple[str, ...]) -> list[Any]:
    return [value for name in names for value in node.get(name, ())]


def _local(name: str) -> str:
    """The last part of a name: `scd:score`, `https://…#score` and `score` are all `score`."""
    if name.startswith("@"):
        return name
    return name.rstrip("/#").replace("#", "/").replace(":", "/").rsplit("/", 1)[-1]
