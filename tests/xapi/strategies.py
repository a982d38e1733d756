"""Hypothesis strategies: valid statements of each version, and changes that break one rule."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from lrs.xapi.versions import Version

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
TAGS = st.sampled_from(
    ["en", "en-US", "es-419", "cmn", "zh-Hans-CN", "sr-Latn-RS", "de-CH-1901", "en-u-co-phonebk", "x-a"]
)
IRIS = st.builds(
    "{}:{}".format,
    st.sampled_from(["https", "urn", "tag", "x+y"]),
    st.text("abcXYZ019-._~:/?#é漢", min_size=1, max_size=20),
)
UUIDS = st.builds(
    lambda number, upper: str(uuid.UUID(int=number)).upper() if upper else str(uuid.UUID(int=number)),
    st.integers(0, 2**128 - 1),
    st.booleans(),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
TIMESTAMPS = st.builds(
    lambda moment, offset: moment.replace(year=max(2, min(moment.year, 9998))).isoformat() + offset,
    st.datetimes().filter(lambda moment: (moment.month, moment.day) != (2, 29)),
    st.sampled_from(["Z", "", "+05:30", "-0800", "+14", "-00:30"]),
)
LANGUAGE_MAPS = st.dictionaries(TAGS, TEXT, max_size=3)
EXTENSIONS = st.dictionaries(IRIS, JSON, max_size=2)
NUMBERS = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6)


def objects(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with every required member and any of the optional ones."""
    return st.fixed_dictionaries(required, optional=optional)


IDENTIFIERS: dict[str, st.SearchStrategy[Any]] = {
    "mbox": st.builds(
        "mailto:{}@{}.example".format,
        st.text("abcXYZ09.+_-", min_size=1, max_size=8),
        st.text("abz09", min_size=1, max_size=5),
    ),
    "mbox_sha1sum": st.text("0123456789abcdefABCDEF", min_size=40, max_size=40),
    "openid": IRIS,
    "account": objects({"homePage": IRIS, "name": TEXT}, {}),
}
AGENTS = st.sampled_from(sorted(IDENTIFIERS)).flatmap(
    lambda name: objects({name: IDENTIFIERS[name]}, {"objectType": st.just("Agent"), "name": TEXT})
)
_MEMBERS = st.lists(AGENTS, max_size=2)
ANONYMOUS_GROUPS = objects({"objectType": st.just("Group"), "member": _MEMBERS}, {"name": TEXT})
GROUPS = ANONYMOUS_GROUPS | st.sampled_from(sorted(IDENTIFIERS)).flatmap(
    lambda name: objects(
        {"objectType": st.just("Group"), name: IDENTIFIERS[name]}, {"name": TEXT, "member": _MEMBERS}
    )
)
ACTORS = AGENTS | GROUPS
AUTHORITIES = AGENTS | objects(
    {"objectType": st.just("Group"), "member": st.lists(AGENTS, min_size=2, max_size=2)}, {}
)
VERBS = objects({"id": IRIS.map(lambda iri: iri + "-done")}, {"display": LANGUAGE_MAPS})
COMPONENTS = st.lists(
    objects({"id": TEXT}, {"description": LANGUAGE_MAPS}), max_size=3, unique_by=lambda c: c["id"]
)
_DESCRIBED = {
    "name": LANGUAGE_MAPS,
    "description": LANGUAGE_MAPS,
    "type": IRIS,
    "moreInfo": IRIS,
    "extensions": EXTENSIONS,
}
DEFINITIONS = objects({}, _DESCRIBED) | objects(
    {"interactionType": st.sampled_from(["choice", "likert", "matching", "performance", "numeric", "other"])},
    {
        **_DESCRIBED,
        "correctResponsesPattern": st.lists(TEXT, max_size=2),
        **dict.fromkeys(("choices", "scale", "source", "target", "steps"), COMPONENTS),
    },
)
ACTIVITIES = objects({"id": IRIS}, {"objectType": st.just("Activity"), "definition": DEFINITIONS})
STATEMENT_REFS = objects({"objectType": st.just("StatementRef"), "id": UUIDS}, {})


@st.composite
def scores(draw: st.DrawFn) -> dict[str, Any]:
    """Scores whose numbers agree with each other."""
    low, raw, high = sorted(draw(st.lists(NUMBERS, min_size=3, max_size=3)))
    score: dict[str, Any] = {"min": low, "raw": raw, "max": high if high > low else low + 1}
    kept = draw(st.sets(st.sampled_from(["min", "raw", "max"])))
    score = {name: value for name, value in score.items() if name in kept}
    return {**score, "scaled": draw(st.floats(-1, 1))} if draw(st.booleans()) else score


RESULTS = objects(
    {},
    {
        "score": scores(),
        "success": st.booleans(),
        "completion": st.booleans(),
        "response": TEXT,
        "duration": st.sampled_from(
            ["PT0S", "P4W", "PT1H30M", "P3Y1M29DT4H35M59.14S", "PT0.123456S", "P0,5D"]
        ),
        "extensions": EXTENSIONS,
    },
)
ATTACHMENTS = objects(
    {
        "usageType": IRIS,
        "display": LANGUAGE_MAPS,
        "contentType": st.sampled_from(
            ["text/plain", "application/octet-stream", "text/plain; charset=utf-8"]
        ),
        "length": st.integers(0, 2**40),
        "sha2": st.text("0123456789abcdef", min_size=64, max_size=64),
    },
    {"description": LANGUAGE_MAPS, "fileUrl": IRIS},
)


def contexts(version: Version, *, of_activity: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Contexts of a version; revision and platform only where the object is an Activity."""
    activities = st.lists(ACTIVITIES, max_size=2) | ACTIVITIES
    kinds = dict.fromkeys(("parent", "grouping", "category", "other"), activities)
    members: dict[str, Any] = {
        "registration": UUIDS,
        "instructor": ACTORS,
        "team": GROUPS,
        "contextActivities": objects({}, kinds),
        "language": TAGS,
        "statement": STATEMENT_REFS,
        "extensions": EXTENSIONS,
    }
    if of_activity:
        members |= {"revision": TEXT, "platform": TEXT}
    if version is Version.V2:
        relevant = {"relevantTypes": st.lists(IRIS, min_size=1, max_size=2)}
        agent = objects({"objectType": st.just("contextAgent"), "agent": AGENTS}, relevant)
        group = objects({"objectType": st.just("contextGroup"), "group": GROUPS}, relevant)
        members |= {
            "contextAgents": st.lists(agent, max_size=2),
            "contextGroups": st.lists(group, max_size=2),
        }
    return objects({}, members)


def _events(
    version: Version,
    target: st.SearchStrategy[Any],
    *,
    of_activity: bool,
    required: dict[str, Any] | None = None,
    optional: dict[str, Any] | None = None,
) -> st.SearchStrategy[dict[str, Any]]:
    """What statements and SubStatements have in common, with the members of their own."""
    return objects(
        {**(required or {}), "actor": ACTORS, "verb": VERBS, "object": target},
        {
            **(optional or {}),
            "result": RESULTS,
            "context": contexts(version, of_activity=of_activity),
            "timestamp": TIMESTAMPS,
            "attachments": st.lists(ATTACHMENTS, max_size=2),
        },
    )


def statements(version: Version) -> st.SearchStrategy[dict[str, Any]]:
    """Valid statements of a version: every kind of object, every optional member there or not."""
    versions = ["1.0", "1.0.0", "1.0.3"] if version is Version.V1 else ["2.0.0", "1.0.0"]
    own = {"id": UUIDS, "stored": TIMESTAMPS, "authority": AUTHORITIES, "version": st.sampled_from(versions)}
    others = AGENTS.map(lambda agent: {**agent, "objectType": "Agent"}) | GROUPS | STATEMENT_REFS
    mark = {"objectType": st.just("SubStatement")}
    inner = _events(version, ACTIVITIES, of_activity=True, required=mark)
    inner |= _events(version, others, of_activity=False, required=mark)
    about_others = _events(version, others | inner, of_activity=False, optional=own)
    return _events(version, ACTIVITIES, of_activity=True, optional=own) | about_others


def places(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """(JSON Pointer, value) of everything below a statement, extensions' contents apart."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, child in children:
        where = f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}"
        yield where, child
        if name != "extensions":
            yield from places(child, where)
