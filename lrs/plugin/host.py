"""The plugin host: shows new statements to the recognisers that want them, and checks what they answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Any

from lrs.competency.additions import Column, Explainer, Explanatory, ReportColumn
from lrs.competency.estimating import standard_models
from lrs.competency.evidence import Evidence, Finding, Source
from lrs.competency.failures import LONGEST_REASON, as_text, in_one_line
from lrs.competency.models import Model
from lrs.competency.rubric import Rubric
from lrs.plugin.aliases import standard_aliases
from lrs.plugin.alignment import Alignment
from lrs.plugin.checking import Checking
from lrs.plugin.dispatch import Chosen, Dispatch
from lrs.plugin.recogniser import Outcome, Recogniser
from lrs.plugin.view import StatementView
from lrs.xapi.mom import ASSERTED
from lrs.xapi.statement import Statement

_NOTHING: tuple[Finding, ...] = ()
_MOST = 1000
"""Pieces of evidence, or outcomes, that one recogniser may answer for one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginInfo:
    """What `lrs plugin list` says of a loaded plugin."""

    name: str
    """The name of its entry point."""
    version: str
    """That of its distribution."""
    distribution: str
    """The installed distribution that it came with; empty when it came with none."""
    summary: str
    """First line of its docstring."""
    competencies: tuple[str, ...]
    """Ids of the competencies it defines, sorted."""
    recognisers: tuple[str, ...]
    """Names of its recognisers, sorted."""
    models: tuple[str, ...] = ()
    """Ids of the models it brings, sorted."""
    explanations: tuple[str, ...] = ()
    """Names of what it has that adds to explanations, sorted."""
    report_columns: tuple[str, ...] = ()
    """Names of its columns for reports, sorted."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, its members by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LoadedPlugin:
    """A plugin with everything it contributes."""

    info: PluginInfo
    rubrics: tuple[Rubric, ...]
    recognisers: tuple[Recogniser, ...]
    """Sorted by name."""
    source: Source
    """As whom the store knows it."""
    models: tuple[Model, ...] = ()
    explainers: tuple[Explainer, ...] = ()
    """Sorted by name."""
    report_columns: tuple[ReportColumn, ...] = ()
    """Sorted by name."""


class PluginHost:
    """Every loaded plugin. Safe to share between threads: nothing in it changes that would change an answer."""

    def __init__(self, plugins: Iterable[LoadedPlugin], *, silent: Iterable[LoadedPlugin] = ()) -> None:
        """`plugins` have distinct names, competencies and models; `load_plugins` sees to that.

        Those that are `silent` are shown no statement, and not listed; what they define is there all the same.
        """
        self._loaded = tuple(sorted(plugins, key=lambda plugin: plugin.info.name))
        self._silent = tuple(silent)
        everything = (*self._loaded, *self._silent)
        rubrics = [rubric for plugin in everything for rubric in plugin.rubrics]
        self._rubrics: Mapping[str, Rubric] = MappingProxyType(
            {rubric.competency: rubric for rubric in sorted(rubrics, key=lambda rubric: rubric.competency)}
        )
        self._checking = Checking(self._rubrics)
        models = {model.id: model for plugin in everything for model in plugin.models}
        self._models: Mapping[str, Model] = MappingProxyType({**standard_models(), **models})
        asked = ((plugin.source, plugin.recognisers) for plugin in self._loaded)
        self._dispatch = Dispatch(asked, standard_aliases())

    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """Every loaded plugin, by name."""
        return tuple(plugin.info for plugin in self._loaded)

    @property
    def loaded(self) -> tuple[LoadedPlugin, ...]:
        """The same with all that they contribute."""
        return self._loaded

    @property
    def sources(self) -> Mapping[str, Source]:
        """As whom the store knows each loaded plugin, by the plugin's name."""
        return {plugin.info.name: plugin.source for plugin in self._loaded}

    @property
    def rubrics(self) -> Mapping[str, Rubric]:
        """Every rubric by its competency, in that order."""
        return self._rubrics

    @property
    def models(self) -> Mapping[str, Model]:
        """Every model by its id: those that come with Rapport, and those of the plugins."""
        return self._models

    @property
    def explainers(self) -> tuple[Explanatory, ...]:
        """What adds to explanations, by the plugin's name, then its own."""
        return tuple(
            Explanatory(plugin.info.name, each) for plugin in self._loaded for each in plugin.explainers
        )

    @property
    def report_columns(self) -> tuple[Column, ...]:
        """The columns that plugins add to reports, by the plugin's name, then their own."""
        return tuple(
            Column(plugin.info.name, each) for plugin in self._loaded for each in plugin.report_columns
        )

    def only(self, names: Collection[str]) -> PluginHost:
        """A host in which only the plugins of these names are shown statements.

        It knows every rubric: a plugin may find evidence on a competency that another defines.
        """
        chosen = [plugin for plugin in self._loaded if plugin.info.name in names]
        others = [plugin for plugin in self._loaded if plugin.info.name not in names]
        return PluginHost(chosen, silent=[*others, *self._silent])

    def recognise(self, statements: Sequence[Statement]) -> list[tuple[Finding, ...]]:
        """What the plugins see in new statements.

        Args:
            statements: parsed, valid and stamped. None is changed, whatever a recogniser does to its copy.

        Returns:
            Per statement, in the same order, a finding of each plugin that found evidence or failed, by the
            plugin's name. Nothing is raised: a plugin that fails has a reason, and no evidence.
        """
        chosen_for = self._dispatch.chosen
        findings = []
        for statement in statements:
            chosen = chosen_for(statement["verb"]["id"])
            findings.append(self._ask(chosen, StatementView(statement)) if chosen else _NOTHING)
        return findings

    def explain(self, statement: Statement) -> list[Outcome]:
        """What every rule of every plugin makes of a statement: matches first, then the nearest misses."""
        view = StatementView(statement)
        outcomes = [
            replace(outcome, plugin=plugin.info.name)
            for plugin in self._loaded
            for recogniser in plugin.recognisers
            for outcome in self._explained(recogniser, view)
        ]
        return sorted(outcomes, key=lambda outcome: (not outcome.matched, len(outcome.reasons)))

    def _ask(self, chosen: Chosen, view: StatementView) -> tuple[Finding, ...]:
        findings = _NOTHING
        for source, recognisers in chosen.concerned(view):
            evidence: tuple[Evidence, ...] = ()
            failures: tuple[str, ...] = ()
            for recogniser in recognisers:
                try:
                    answer = recogniser.recognise(_shown(recogniser, view))
                    if answer:
                        evidence += self._checked(answer)
                except KeyboardInterrupt:
                    raise
                # sys.exit(), or a cancelled task, in a plugin must not cost the statement either.
                except BaseException as exc:
                    failures += (f"{recogniser.name}: {_reason(exc)}",)
            if failures:
                reason = "; ".join(failures)[:LONGEST_REASON]
                findings += (Finding(source=source, failure=reason),)
            elif evidence:
                findings += (Finding(source=source, evidence=evidence),)
        return findings

    def _checked(self, answer: Iterable[Evidence] | None) -> tuple[Evidence, ...]:
        if not answer:
            return ()
        if type(answer) is tuple and len(answer) <= _MOST:
            is_usual = self._checking.is_usual
            for evidence in answer:
                if not is_usual(evidence):
                    break
            else:
                return answer
        checked: list[Evidence] = []
        for evidence in islice(answer, _MOST + 1):
            if len(checked) == _MOST:
                raise _NotEvidence(f"it answered more than {_MOST} pieces for one statement")
            fault = self._checking.fault_of(evidence)
            if fault is not None:
                raise _NotEvidence(fault)
            # An int and the float that equals it print differently, and a profile is the same byte for byte.
            if evidence.rating is None or type(evidence.rating) is float:
                checked.append(evidence)
            else:
                checked.append(evidence._replace(rating=float(evidence.rating)))
        return tuple(checked)

    def _explained(self, recogniser: Recogniser, view: StatementView) -> tuple[Outcome, ...]:
        if view.verb == ASSERTED:
            reason = "what a system asserted was concluded and not seen: it is never evidence"
            return (Outcome(recogniser.name, matched=False, reasons=(reason,)),)
        try:
            view = _shown(recogniser, view)
            explain = getattr(recogniser, "explain", None)
            if explain is not None:
                return tuple(self._checked_outcome(outcome) for outcome in islice(explain(view), _MOST))
            if not self._dispatch.wants(recogniser, view.verb):
                reason = f"it does not look at the verb {view.statement['verb']['id']}"
                return (Outcome(recogniser.name, matched=False, reasons=(reason,)),)
            evidence = self._checked(recogniser.recognise(view))
        except KeyboardInterrupt:
            raise
        except BaseException as exc:
            return (Outcome(recogniser.name, matched=False, reasons=(f"it failed: {_reason(exc)}",)),)
        reasons = () if evidence else ("it found no evidence, and does not say why",)
        return (Outcome(recogniser.name, matched=bool(evidence), evidence=evidence, reasons=reasons),)

    def _checked_outcome(self, outcome: Outcome) -> Outcome:
        return replace(outcome, evidence=self._checked(outcome.evidence))


class _NotEvidence(Exception):
    """A recogniser answered something that is not evidence."""


def _shown(recogniser: Recogniser, view: StatementView) -> StatementView:
    """The view itself for an alignment, which is known to change nothing; a copy for what a plugin programmed.

    What that does to the statement must reach neither the next recogniser, who would then find something else by
    the order in which they are asked, nor what is stored.
    """
    return view if type(recogniser) is Alignment else StatementView(_copied(view.statement))


def _copied(value: Any) -> Any:
    """A JSON value anew, in a third of the time that copy.deepcopy takes."""
    if isinstance(value, dict):
        return {
            name: _copied(member) if isinstance(member, dict | list) else member
            for name, member in value.items()
        }
    return [_copied(member) if isinstance(member, dict | list) else member for member in value]


def _reason(exc: BaseException) -> str:
    """Type and message of what a plugin raised, on one line, as text that any store takes."""
    if isinstance(exc, _NotEvidence):
        return as_text(" ".join(f"not evidence: {exc}".split()))
    return in_one_line(exc)
