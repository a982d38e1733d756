"""What counts at an instant: by which rubrics evidence is judged, and which version of each plugin stands behind it.

Why this hangs on activations and evidence, and never on what happens to be loaded
---------------------------------------------------------------------------------
A profile of an instant has to be the same bytes ever after. Installing a plugin in a new version changes what is
loaded from one minute to the next; the activations in force at an instant, and the evidence that counted then, never
change. So

- the rubrics of a plugin are those that are kept with its generation in force at the instant, and its version in the
  profile is the version of that generation, whatever is loaded;
- a warning that evidence was found by something else than what is in force rests on that evidence and on the live
  generations that had begun by then. What is loaded and has found nothing is no news about anybody: `lrs plugin
  generations` and `lrs doctor` tell of it, a profile does not.

What is loaded decides in three places only, where there is nothing else to go by, and each is a change of settings
like one of the policy: a plugin that is not loaded has no competency in any profile; one that has never found
anything has the rubrics and the version that are loaded; and a competency that two plugins claim belongs to the one
that defines it as it is loaded. Models are code and cannot be kept: a profile names the model by its id.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from lrs.competency.evidence import RecordedEvidence, Source
from lrs.competency.rubric import Rubric
from lrs.plugin.manager import PluginHost
from lrs.stores.base import Activation, Generation, GenerationStore, Kind

_Rubrics = Mapping[str, Rubric]
_FOUND_BY = attrgetter("plugin", "plugin_version")


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What counts at an instant."""

    rubrics: Mapping[str, Rubric]
    """By competency, in that order."""
    owners: Mapping[str, str]
    """By competency, the plugin that it belongs to."""
    plugins: Mapping[str, str]
    """Version in force of every loaded plugin, by name."""
    activations: Mapping[str, Activation]
    """Of loaded plugins, by name; those that have never found anything have none."""
    others: Mapping[str, tuple[Generation, ...]]
    """Live generations that had begun by then and are not of the source in force, by plugin."""

    def warnings(self, evidence: Iterable[RecordedEvidence]) -> list[str]:
        """For each plugin of whose evidence some was not found as what is in force finds it: what to do."""
        records = list(evidence)
        # Usually all was found as what is in force finds it, and that is quickly seen.
        doubtful = {pair for pair in set(map(_FOUND_BY, records)) if self._is_doubtful(*pair)}
        odd: Counter[tuple[str, str]] = Counter()
        for record in records if doubtful else ():
            other = self._found_otherwise(record)
            if other is not None:
                odd[record.plugin, other] += 1
        return [
            _mixed(self.activations[plugin].generation.source, other, pieces)
            for (plugin, other), pieces in sorted(odd.items())
        ]

    def _is_doubtful(self, plugin: str, version: str) -> bool:
        """Whether there may be evidence of a plugin in a version that was found by something else."""
        activation = self.activations.get(plugin)
        others = self.others.get(plugin)
        return activation is not None and (bool(others) or version != activation.generation.source.version)

    def _found_otherwise(self, record: RecordedEvidence) -> str | None:
        """The version that found it, when that is not the source in force; None when it is, as far as is known."""
        activation = self.activations.get(record.plugin)
        if activation is None:
            return None
        version = activation.generation.source.version
        if record.plugin_version != version:
            return record.plugin_version
        # Of the same version and configured in another way: evidence names no configuration, but since when there
        # was another one is known.
        same = (one for one in self.others.get(record.plugin, ()) if one.source.version == version)
        found_us = record.stored_us if record.mended_us is None else record.mended_us
        rebuilt = record.mended_us is None and record.stored_us <= activation.through_us
        return None if rebuilt or not any(one.begun_us <= found_us for one in same) else version


def in_force(
    store: GenerationStore,
    plugins: PluginHost,
    as_of_us: int,
    instead: Mapping[str, Generation] | None = None,
) -> InForce:
    """What counts at an instant, microseconds since the epoch.

    `instead`, by plugin: as if these generations were in force, to compare before a switch.
    """
    loaded = {plugin.name: plugin for plugin in plugins.plugins}
    activations = {
        one.generation.source.plugin: one
        for one in store.activations(as_of_us)
        if one.generation.source.plugin in loaded
    }
    for name, generation in (instead or {}).items():
        activations[name] = Activation(
            generation=generation, at_us=as_of_us, through_us=generation.through_us or -1
        )
    sources = {name: one.generation.source for name, one in activations.items()}
    owned = _owned(plugins, sources)
    return InForce(
        rubrics={competency: rubric for competency, (_, rubric) in owned.items()},
        owners={competency: plugin for competency, (plugin, _) in owned.items()},
        plugins={
            name: sources[name].version if name in sources else plugin.version
            for name, plugin in loaded.items()
        },
        activations=activations,
        others=_others(store.generations(), sources, as_of_us) if activations else {},
    )


def rubrics_of(source: Source) -> Mapping[str, Rubric]:
    """The rubrics that are kept with a source, by competency."""
    return _read(source.digest, source.rubrics)


@lru_cache(maxsize=64)
def _read(_digest: str, text: str) -> Mapping[str, Rubric]:
    """Reading a rubric takes longer than making a profile from it; sources are few and never change."""
    rubrics = map(Rubric.from_dict, json.loads(text))
    return {rubric.competency: rubric for rubric in rubrics}


def _owned(plugins: PluginHost, sources: Mapping[str, Source]) -> dict[str, tuple[str, Rubric]]:
    """By competency, in that order: the plugin that it belongs to, and its rubric in force."""
    owners = {name: plugin.name for plugin in plugins.plugins for name in plugin.competencies}
    found: dict[str, tuple[str, Rubric]] = {}
    for plugin, rubrics in _by_plugin(plugins, sources):
        for competency, rubric in rubrics.items():
            if competency not in found or owners.get(competency) == plugin:
                found[competency] = plugin, rubric
    return dict(sorted(found.items()))


def _by_plugin(plugins: PluginHost, sources: Mapping[str, Source]) -> Iterator[tuple[str, _Rubrics]]:
    for plugin in plugins.plugins:
        # None are kept with what was found before stores kept rubrics.
        kept = rubrics_of(sources[plugin.name]) if plugin.name in sources else {}
        yield plugin.name, kept or {name: plugins.rubrics[name] for name in plugin.competencies}


def _others(
    generations: Sequence[Generation], sources: Mapping[str, Source], as_of_us: int
) -> dict[str, tuple[Generation, ...]]:
    found: dict[str, tuple[Generation, ...]] = {}
    live = [one for one in generations if one.kind is Kind.LIVE and one.begun_us <= as_of_us]
    for one in live:
        own = sources.get(one.source.plugin)
        if own is not None and one.source.digest != own.digest and rubrics_of(own):
            found[own.plugin] = (*found.get(own.plugin, ()), one)
    return found


def _mixed(source: Source, other: str, pieces: int) -> str:
    name, number = source.plugin, "1 piece" if pieces == 1 else f"{pieces} pieces"
    if other != source.version:
        found = f"{number} of evidence found by plugin {name} in version {other}"
    else:
        found = f"{number} of evidence may have been found by plugin {name} with other rules or settings"
    return (
        f"{found}; judged by the rubrics of version {source.version}, which is in force. To settle it: "
        f"lrs reprofile {name}, lrs plugin compare {name}, lrs plugin activate {name}."
    )
