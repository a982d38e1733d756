"""The recogniser that is data: an alignment file says which statements are evidence, and of what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lrs import schemas
from lrs.competency.evidence import Evidence
from lrs.competency.rubric import Rubric
from lrs.errors import Detail, PluginError
from lrs.plugin.aliases import Names, standard_aliases
from lrs.plugin.authoring import packaged_json, packaged_rubric
from lrs.plugin.miss import short
from lrs.plugin.recogniser import Outcome
from lrs.plugin.rule import Rule
from lrs.plugin.shapes import standard_shapes
from lrs.plugin.targets import Targets
from lrs.plugin.view import StatementView


class Alignment:
    """A `Recogniser` of one competency. Only the first rule that matches a statement counts."""

    def __init__(self, rubric: Rubric, version: str, rules: Iterable[Rule], targets: Targets) -> None:
        """Made by `from_dict`."""
        self.name = f"{rubric.competency}-alignment"
        self.version = version
        self.rules = tuple(rules)
        self.verbs = frozenset(verb for rule in self.rules for verb in rule.verbs)
        self._has_fixed = any(rule.fixed for rule in self.rules)
        self._targets = targets
        self._by_verb: dict[str, tuple[Rule, ...]] = {
            verb: tuple(rule for rule in self.rules if verb in rule.verbs) for verb in self.verbs
        }

    @classmethod
    def from_dict(
        cls, data: Mapping[str, Any], rubric: Rubric, config: Mapping[str, Any] | None = None
    ) -> Alignment:
        """The alignment that a file describes, see `schemas/alignment.json`.

        Args:
            data: the file.
            rubric: the rubric of the same competency.
            config: an agency's own `activities` and `shapes_off`, valid by `configuration_schema()`.

        Raises `PluginError` with a `Detail` for everything that is wrong, and not for the first thing only.
        """
        details = schemas.problems(schemas.authoring("alignment.json"), data) or [
            *_contradictions(data, rubric),
            *_wrong_configuration(data, rubric, config or {}),
        ]
        if details:
            raise PluginError(
                f"The alignment of {rubric.competency} is not valid: {len(details)} to put right.", details
            )
        set_here = config or {}
        names = Names(
            standard_aliases(), {right: tuple(sent) for right, sent in data.get("aliases", {}).items()}
        )
        targets = Targets(rubric, {**data.get("activities", {}), **set_here.get("activities", {})}, names)
        chosen = [name for name in data.get("shapes", ()) if name not in set_here.get("shapes_off", ())]
        entries = [
            *data.get("rules", ()),
            *(rule for name in chosen for rule in standard_shapes()[name].rules),
        ]
        return cls(
            rubric, data["version"], (Rule(entry, rubric, targets, names) for entry in entries), targets
        )

    def recognise(self, view: StatementView) -> tuple[Evidence, ...]:
        """The evidence that the first matching rule finds; empty when none matches."""
        rules = self._by_verb.get(view.verb)
        if rules is None:
            return ()
        aimed_at = self._targets.aimed_at(view)
        scores = self._targets.scores(view)
        if not (aimed_at or scores or self._has_fixed):
            return ()
        for rule in rules:
            if rule.concerns(aimed_at, scores):
                found = rule.recognise(view, aimed_at, scores)
                if found:
                    return found
        return ()

    def explain(self, view: StatementView) -> tuple[Outcome, ...]:
        """What every rule for the statement's verb makes of it: the match first, then the nearest misses."""
        rules = self._by_verb.get(view.verb)
        if rules is None:
            verbs = ", ".join(sorted({short(verb) for verb in self.verbs}))
            reason = f"no rule is for the verb {view.statement['verb']['id']}; there are rules for {verbs}"
            return (Outcome(self.name, matched=False, reasons=(reason,)),)
        aimed_at = self._targets.aimed_at(view)
        scores = self._targets.scores(view)
        outcomes: list[Outcome] = []
        counted: str | None = None
        for rule in rules:
            outcome = rule.explain(view, aimed_at, scores)
            if outcome.matched and counted is not None:
                reason = f"the rule {counted} has recognised it already; a statement counts once"
                outcome = Outcome(rule.id, matched=False, reasons=(reason,))
            elif outcome.matched:
                counted = rule.id
            outcomes.append(outcome)
        # Sorting keeps the order of the rules among equals.
        return tuple(sorted(outcomes, key=lambda outcome: (not outcome.matched, len(outcome.reasons))))


def packaged_alignment(package: str, config: Mapping[str, Any] | None = None) -> Alignment:
    """The alignment in `alignment.json` of a package, for the rubric beside it. Raises `PluginError`."""
    return Alignment.from_dict(packaged_json(package, "alignment.json"), packaged_rubric(package), config)


def configuration_schema() -> dict[str, Any]:
    """The JSON Schema of what an agency may set for an alignment: `activities` and `shapes_off`."""
    return {"$ref": "https://w3id.org/xapi/rapport/schemas/alignment.json#/$defs/configuration"}


def _contradictions(data: Mapping[str, Any], rubric: Rubric) -> Iterator[Detail]:
    """What a schema cannot say. The data is valid by the schema."""
    if data["competency"] != rubric.competency:
        yield Detail("/competency", data["competency"], f"{rubric.competency}, the competency of the rubric")
    shapes = standard_shapes()
    taken: set[str] = set()
    for index, name in enumerate(data.get("shapes", ())):
        if name in shapes:
            taken.update(rule["id"] for rule in shapes[name].rules)
            yield from _unrated(shapes[name].rules, rubric, f"/shapes/{index}")
        else:
            yield Detail(f"/shapes/{index}", name, f"one of {', '.join(sorted(shapes))}")
    yield from _unknown_indicators("/activities", data.get("activities", {}), rubric)
    for index, rule in enumerate(data.get("rules", ())):
        if rule["id"] in taken:
            yield Detail(
                f"/rules/{index}/id", rule["id"], "an id that no other rule, of a shape or its own, has"
            )
        taken.add(rule["id"])
        yield from _unknown_indicators(f"/rules/{index}", {"indicators": rule.get("indicators", ())}, rubric)
        if rule["scale"] not in rubric.scales:
            yield Detail(f"/rules/{index}/scale", rule["scale"], _scales(rubric))


def _unrated(rules: Iterable[Mapping[str, Any]], rubric: Rubric, path: str) -> Iterator[Detail]:
    for scale in sorted({rule["scale"] for rule in rules} - rubric.scales.keys()):
        yield Detail(path, f"a shape that is rated on {scale}", f"shapes that are rated on {_scales(rubric)}")


def _scales(rubric: Rubric) -> str:
    return f"a scale of the rubric: {', '.join(rubric.scales)}"


def _wrong_configuration(
    data: Mapping[str, Any], rubric: Rubric, config: Mapping[str, Any]
) -> Iterator[Detail]:
    yield from _unknown_indicators("/activities", config.get("activities", {}), rubric)
    for index, name in enumerate(config.get("shapes_off", ())):
        if name not in data.get("shapes", ()):
            yield Detail(f"/shapes_off/{index}", name, f"one of {', '.join(data.get('shapes', ()))}")


def _unknown_indicators(
    path: str, listed: Mapping[str, str | Iterable[str]], rubric: Rubric
) -> Iterator[Detail]:
    known = {rubric.competency, *rubric.indicator_ids}
    for key, value in listed.items():
        place = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
        ids = (
            [(place, value)]
            if isinstance(value, str)
            else [(f"{place}/{i}", id_) for i, id_ in enumerate(value)]
        )
        for where, id_ in ids:
            if id_ not in known:
                yield Detail(where, id_, f"one of {', '.join(sorted(known))}")
