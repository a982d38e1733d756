"""The plugin host: shows new statements to the recognisers that want them, and checks what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any

from lrs.competency.evidence import Evidence, Finding
from lrs.competency.rubric import Rubric
from lrs.plugin.aliases import standard_aliases
from lrs.plugin.checking import fault_of
from lrs.plugin.recogniser import Outcome, Recogniser
from lrs.plugin.view import StatementView
from lrs.xapi.statement import Statement

_NOTHING: tuple[Finding, ...] = ()
_LONGEST_REASON = 500  # characters


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


_Asked = tuple[tuple[PluginInfo, tuple[Recogniser, ...]], ...]
"""Whom to ask about one verb: plugins by name, each with its recognisers by name."""


class PluginHost:
    """Every loaded plugin. Safe to share between threads: nothing in it changes."""

    def __init__(self, plugins: Iterable[LoadedPlugin]) -> None:
        """`plugins` have distinct names and define distinct competencies; `load_plugins` sees to that."""
        self._loaded = tuple(sorted(plugins, key=lambda plugin: plugin.info.name))
        self._aliases = standard_aliases()
        self._rubrics: Mapping[str, Rubric] = MappingProxyType(
            {
                rubric.competency: rubric
                for rubric in sorted(
                    (rubric for plugin in self._loaded for rubric in plugin.rubrics),
                    key=lambda rubric: rubric.competency,
                )
            }
        )
        self._by_verb = self._dispatch()
        self._for_any_verb = self._asked_about(None)

    @property
    def plugins(self) -> tuple[PluginInfo, ...]:
        """Every loaded plugin, by name."""
        return tuple(plugin.info for plugin in self._loaded)

    @property
    def rubrics(self) -> Mapping[str, Rubric]:
        """Every rubric by its competency, in that order."""
        return self._rubrics

    def recognise(self, statements: Sequence[Statement]) -> list[tuple[Finding, ...]]:
        """What the plugins see in new statements.

        Args:
            statements: parsed, valid and stamped.

        Returns:
            Per statement, in the same order, a finding of each plugin that found evidence or failed, by the
            plugin's name. Nothing is raised: a plugin that fails has a reason, and no evidence.
        """
        by_verb, for_any = self._by_verb, self._for_any_verb
        findings = []
        for statement in statements:
            asked = by_verb.get(statement["verb"]["id"], for_any)
            findings.append(self._ask(asked, statement) if asked else _NOTHING)
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

    def _ask(self, asked: _Asked, statement: Statement) -> tuple[Finding, ...]:
        view = StatementView(statement)
        findings: list[Finding] = []
        for info, recognisers in asked:
            evidence: tuple[Evidence, ...] = ()
            failures: list[str] = []
            for recogniser in recognisers:
                try:
                    evidence += self._checked(recogniser.recognise(view))
                # sys.exit() in a plugin must not stop the server either.
                except (Exception, SystemExit) as exc:
                    failures.append(f"{recogniser.name}: {_reason(exc)}")
            if failures:
                reason = "; ".join(failures)[:_LONGEST_REASON]
                findings.append(Finding(plugin=info.name, plugin_version=info.version, failure=reason))
            elif evidence:
                findings.append(Finding(plugin=info.name, plugin_version=info.version, evidence=evidence))
        return tuple(findings)

    def _checked(self, answer: Iterable[Evidence] | None) -> tuple[Evidence, ...]:
        if not answer:
            return ()
        checked: list[Evidence] = []
        for evidence in answer:
            fault = fault_of(evidence, self._rubrics)
            if fault is not None:
                raise _NotEvidence(fault)
            # An int and the float that equals it print differently, and a profile is the same byte for byte.
            if evidence.rating is None or type(evidence.rating) is float:
                checked.append(evidence)
            else:
                checked.append(replace(evidence, rating=float(evidence.rating)))
        return tuple(checked)

    def _explained(self, recogniser: Recogniser, view: StatementView) -> tuple[Outcome, ...]:
        try:
            explain = getattr(recogniser, "explain", None)
            if explain is not None:
                return tuple(self._checked_outcome(outcome) for outcome in explain(view))
            if not self._wants(recogniser, view.verb):
                reason = f"it does not look at the verb {view.statement['verb']['id']}"
                return (Outcome(recogniser.name, matched=False, reasons=(reason,)),)
            evidence = self._checked(recogniser.recognise(view))
        except (Exception, SystemExit) as exc:
            return (Outcome(recogniser.name, matched=False, reasons=(f"it failed: {_reason(exc)}",)),)
        reasons = () if evidence else ("it found no evidence, and does not say why",)
        return (Outcome(recogniser.name, matched=bool(evidence), evidence=evidence, reasons=reasons),)

    def _checked_outcome(self, outcome: Outcome) -> Outcome:
        return replace(outcome, evidence=self._checked(outcome.evidence))

    def _dispatch(self) -> dict[str, _Asked]:
        named = {
            self._aliases.right(verb)
            for plugin in self._loaded
            for recogniser in plugin.recognisers
            for verb in recogniser.verbs or ()
        }
        return {sent: self._asked_about(verb) for verb in named for sent in self._aliases.variants(verb)}

    def _asked_about(self, verb: str | None) -> _Asked:
        asked = (
            (plugin.info, tuple(each for each in plugin.recognisers if self._wants(each, verb)))
            for plugin in self._loaded
        )
        return tuple((info, recognisers) for info, recognisers in asked if recognisers)

    def _wants(self, recogniser: Recogniser, verb: str | None) -> bool:
        return recogniser.verbs is None or any(
            self._aliases.right(wanted) == verb for wanted in recogniser.verbs
        )


class _NotEvidence(Exception):
    """A recogniser answered something that is not evidence."""


def _reason(exc: BaseException) -> str:
    """Type and message of what a plugin raised, on one line, as text that any store takes."""
    try:
        message = " ".join(str(exc).split())
    except Exception:  # an exception whose __str__ raises
        message = "its message cannot be read"
    if isinstance(exc, _NotEvidence):
        text = f"not evidence: {message}"
    else:
        text = f"{type(exc).__name__}: {message}" if message else type(exc).__name__
    return text.encode("utf-8", "backslashreplace").decode()[:_LONGEST_REASON].replace("\0", "\\0")
