"""The recogniser that is data: an alignment file says which statements are evidence, and of what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any

from lrs.competency.authoring import details_of, digest_of
from lrs.competency.evidence import Evidence
from lrs.competency.rubric import Rubric
from lrs.errors import Detail, PluginError
from lrs.plugin.aliases import Names, standard_aliases
from lrs.plugin.alignment_checks import contradictions, wrong_configuration
from lrs.plugin.choosing import Choice
from lrs.plugin.files import Document
from lrs.plugin.miss import short
from lrs.plugin.profiles import profiles_of
from lrs.plugin.recogniser import Outcome
from lrs.plugin.rule import Rule
from lrs.plugin.shapes import standard_shapes
from lrs.plugin.targets import Targets
from lrs.plugin.view import StatementView


class Alignment:
    """A `Recogniser` of one competency. Only the first rule that matches a statement counts."""

    def __init__(
        self,
        rubric: Rubric,
        data: Mapping[str, Any],
        rules: Iterable[Rule],
        targets: Targets,
        rests_on: Mapping[str, Any],
    ) -> None:
        """Made by `from_dict`; `data` is the file, `rests_on` whatever else decides on the evidence."""
        self.name = f"{rubric.competency}-alignment"
        self.version: str = data["version"]
        self.digest = digest_of({"file": data, **rests_on})
        """Lower-case hex SHA-256 of the file, its shapes and profiles: it changes even if `version` was forgotten."""
        self.rules = tuple(rules)
        self.verbs = frozenset(verb for rule in self.rules for verb in rule.verbs)
        self._has_fixed = any(rule.fixed for rule in self.rules)
        # Who derives from this class may look further than its rules do.
        self.keys = None if self._has_fixed or type(self) is not Alignment else targets.keys
        """See `lrs.plugin.recogniser.keys_of`: a rule with fixed indicators asks for no name of the competency."""
        self._targets = targets
        self._by_verb = {
            verb: Choice([rule for rule in self.rules if verb in rule.verbs]) for verb in self.verbs
        }

    @classmethod
    def from_dict(
        cls,
        data: Mapping[str, Any],
        rubric: Rubric,
        config: Mapping[str, Any] | None = None,
        folder: Traversable | None = None,
    ) -> Alignment:
        """The alignment that a file describes, see `schemas/alignment.json`.

        Args:
            data: the file.
            rubric: the rubric of the same competency.
            config: an agency's own `activities` and `shapes_off`, valid by `configuration_schema()`.
            folder: where its `profiles` lie.

        Raises `PluginError` with a `Detail` for everything that is wrong, and not for the first thing only.
        """
        return cls._made(data, rubric, config or {}, folder, tuple)

    @classmethod
    def from_document(
        cls, document: Document, rubric: Rubric, config: Mapping[str, Any] | None = None
    ) -> Alignment:
        """The same of a file that has been read: what is wrong in it is told with file, line and path."""
        return cls._made(document.data, rubric, config or {}, document.folder, document.placed)

    @classmethod
    def _made(
        cls,
        data: Mapping[str, Any],
        rubric: Rubric,
        config: Mapping[str, Any],
        folder: Traversable | None,
        placed: Callable[[Iterable[Detail]], tuple[Detail, ...]],
    ) -> Alignment:
        """`placed` says in which file and line the details of the file are."""
        wrong = placed(details_of("alignment.json", data))
        _refuse(rubric, wrong)
        profiles = profiles_of(data, folder)
        wrong = placed([*profiles.details, *contradictions(data, rubric, profiles.templates)])
        _refuse(rubric, (*wrong, *wrong_configuration(data, rubric, config)))
        names = Names(
            standard_aliases(), {right: tuple(sent) for right, sent in data.get("aliases", {}).items()}
        )
        targets = Targets(rubric, {**data.get("activities", {}), **config.get("activities", {})}, names)
        shapes = {
            name: standard_shapes()[name].rules
            for name in data.get("shapes", ())
            if name not in config.get("shapes_off", ())
        }
        entries = [*data.get("rules", ()), *(rule for rules in shapes.values() for rule in rules)]
        rules = (Rule(entry, rubric, targets, names, profiles.templates) for entry in entries)
        return cls(rubric, data, rules, targets, {"shapes": shapes, "profiles": profiles.documents})

    def recognise(self, view: StatementView) -> tuple[Evidence, ...]:
        """The evidence that the first matching rule finds; empty when none matches."""
        choice = self._by_verb.get(view.verb)
        if choice is None:
            return ()
        rules = choice.fitting(view)
        if not rules:
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


def _refuse(rubric: Rubric, details: Sequence[Detail]) -> None:
    if details:
        raise PluginError(
            f"The alignment of {rubric.competency} is not valid: {len(details)} to put right.", details
        )


def configuration_schema() -> dict[str, Any]:
    """The JSON Schema of what an agency may set for an alignment: `activities` and `shapes_off`."""
    return {"$ref": "https://w3id.org/xapi/rapport/schemas/alignment.json#/$defs/configuration"}
