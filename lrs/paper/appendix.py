"""The end of a paper: which versions made it, the bytes that it rests on, and who read the record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lrs.charts.words import listed
from lrs.paper.blocks import Block, Cell, code, heading, items, pairs, row, table, text
from lrs.paper.words import instant, policy

_Dict = Mapping[str, Any]


def versions(
    *, product: str, model: _Dict | None, rubrics: Iterable[_Dict], plugins: Mapping[str, str]
) -> Iterator[Block]:
    """Versions and digests.

    Args:
        product: version of what printed it.
        model: id, policy (`Policy.as_dict()`) and policy_digest; None: not said.
        rubrics: of each: name, version and digest; `policy` if its policy has another digest than the whole.
        plugins: version by name.
    """
    yield heading("Versions")
    about_model: list[tuple[str, Cell]] = []
    if model is not None:
        about_model = [
            ("Model", model["id"]),
            ("Policy", policy(model["policy"])),
            ("Digest of the policy", code(model["policy_digest"])),
        ]
    yield pairs(
        [
            ("Rapport", product),
            *about_model,
            ("Plugins", listed([f"{name} {version}" for name, version in sorted(plugins.items())]) or "none"),
        ]
    )
    titles = [
        *(("Rubric", 1, "left"), ("Version", 0, "left"), ("Digest (SHA-256)", 0, "left")),
        ("Policy", 0, "left"),
    ]
    whole = "" if model is None else model["policy_digest"]
    yield table(
        titles,
        (
            row(one["name"], one["version"], code(one["digest"]), code(one.get("policy", whole)[:8]))
            for one in rubrics
        ),
    )


def statements(found: Iterable[_Dict]) -> Iterator[Block]:
    """Every statement once, with the hash of its bytes; `found`: items of evidence with their provenance."""
    by_id: dict[str, dict[str, set[str]]] = {}
    for one in found:
        kept = by_id.setdefault(one["statement_id"], {"sha256": set(), "by": set()})
        kept["sha256"].add(one["sha256"])
        kept["by"].add(f"{one['plugin']} {one['plugin_version']}, {one['rule']}")
    yield heading("Statements that this record rests on")
    if not by_id:
        yield text("There is none.")
        return
    yield text(
        "Each by its id, and the SHA-256 of its bytes as they are stored: asked for by its id, the record store "
        "answers with the same bytes.",
        small=True,
    )
    titles = [("Id", 0, "left"), ("SHA-256", 0, "left"), ("Found by plugin, rule", 1, "left")]
    yield table(
        titles,
        (
            row(code(id_), code(" ".join(sorted(kept["sha256"]))), "; ".join(sorted(kept["by"])))
            for id_, kept in sorted(by_id.items())
        ),
        small=True,
    )


def audit_trail(trail: Sequence[_Dict]) -> Iterator[Block]:
    """The latest entries about this record; each has number, at, actor, action and sha256."""
    yield heading("Audit trail of this record")
    if not trail:
        yield text("No entry was given with this print.")
        return
    newest = max(trail, key=lambda one: int(one["number"]))
    yield text(
        "The latest entries about this person, each sealed with the hash of the entry before: what is changed or "
        "taken out breaks the chain from there on.",
        small=True,
    )
    yield pairs([("Newest entry", f"number {newest['number']}"), ("Its SHA-256", code(newest["sha256"]))])
    titles = [
        *(("Number", 0, "right"), ("At", 0, "left"), ("By", 1.6, "left"), ("What", 1, "left")),
        ("SHA-256", 0, "left"),
    ]
    yield table(
        titles,
        (
            row(str(one["number"]), instant(one["at"]), one["actor"], one["action"], code(one["sha256"]))
            for one in trail
        ),
        small=True,
    )


def warnings(found: Iterable[str]) -> list[Block]:
    """What a reader has to know before trusting the rest; nothing when there is nothing."""
    return items("Warnings: read these first", found)
