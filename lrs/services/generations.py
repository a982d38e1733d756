"""Generations of evidence: which there are, which count, and the switch from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any

from lrs.errors import Conflict, Detail, NotFound
from lrs.plugin.manager import PluginHost
from lrs.stores.base import Activation, Generation, Kind, Store
from lrs.xapi.timestamps import format_us

_COUNT_AT_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A generation, and what it is now."""

    generation: Generation
    activation: Activation | None
    """Since when it counts; None: it does not."""
    loaded: bool
    """It is of the plugin as it is loaded, version and settings and all."""

    @property
    def counts_as_it_is(self) -> bool:
        """It counts, all that it has looked at."""
        return self.activation is not None and self.activation.through_us == (
            self.generation.through_us or -1
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        one, source, activation = self.generation, self.generation.source, self.activation
        return {
            "generation": one.number,
            "plugin": source.plugin,
            "version": source.version,
            "digest": source.digest,
            "kind": one.kind.value,
            "loaded": self.loaded,
            "begun": format_us(one.begun_us),
            "through": None if one.through_us is None else format_us(one.through_us),
            "evidence": one.evidence,
            "failures": one.failures,
            "in_force": None if activation is None else activation_as_dict(activation),
        }


class Generations:
    """Lists, activates and forgets generations."""

    def __init__(self, store: Store, plugins: PluginHost) -> None:
        self._store = store
        self._plugins = plugins

    def listed(self, plugin: str | None = None) -> list[Listed]:
        """Every generation (of one plugin), in order of number.

        Raises `NotFound` for a plugin that is not loaded and has none.
        """
        active = self._active()
        digests = {source.digest for source in self._plugins.sources.values()}
        found = [
            Listed(
                generation=one,
                activation=active.get(one.number),
                loaded=one.source.digest in digests,
            )
            for one in self._store.generations()
            if plugin is None or one.source.plugin == plugin
        ]
        if plugin is not None and not found and plugin not in self._plugins.sources:
            raise NotFound(
                f"There is no plugin {plugin}.", [Detail("plugin", plugin, f"loaded: {self._known()}")]
            )
        return found

    def activate(self, plugin: str, *, anyway: bool = False) -> Activation:
        """Let what `reprofile` found with the plugin as it is loaded count from now on.

        Profiles as of an earlier instant stay as they were. When it counts already, nothing is changed.

        Raises `NotFound` for a plugin that is not loaded; `Conflict` when there is no complete generation of it as it
        is loaded, and when statements came later that it may not have looked at, unless `anyway`.
        """
        generation = self._rebuilt(plugin)
        through_us = generation.through_us
        if through_us is None:
            raise Conflict(
                f"There is no complete generation of plugin {plugin} as it is loaded.",
                [Detail("generation", "none that is complete", f"lrs reprofile {plugin}, first")],
            )
        active = self._active().get(generation.number)
        if active is not None and active.through_us == through_us:
            return active
        missed = 0 if anyway else self._missed(through_us)
        if missed:
            raise Conflict(_too_late(plugin, missed), [_reprofile_again(plugin, missed)])
        return self._store.activate(generation.number)

    def forget(self, number: int) -> int:
        """Delete a rebuilt generation that never counted, finished or not; how many pieces of evidence it had.

        Raises `NotFound` and `Conflict` as the store does.
        """
        return self._store.forget_generation(number)

    def _rebuilt(self, plugin: str) -> Generation:
        """The rebuilt generation of the plugin as it is loaded."""
        source = self._plugins.sources.get(plugin)
        if source is None:
            raise NotFound(
                f"There is no plugin {plugin}.", [Detail("plugin", plugin, f"loaded: {self._known()}")]
            )
        for one in self._store.generations():
            if one.source.digest == source.digest and one.kind is Kind.REBUILT:
                return one
        raise Conflict(
            f"There is no generation of plugin {plugin} as it is loaded, version {source.version}.",
            [Detail("generation", "none", f"lrs reprofile {plugin}, first")],
        )

    def _missed(self, through_us: int) -> int:
        """How many statements are later than the rebuild, counted up to a bound.

        That the same source found something live after it proves nothing of them: a plugin may have been turned
        off for a while, or have run in another version, and what it never looked at would be missing in silence.
        """
        return sum(1 for _ in islice(self._store.scan(through_us), _COUNT_AT_MOST))

    def _active(self) -> dict[int, Activation]:
        now = self._store.consistent_through()
        return {one.generation.number: one for one in self._store.activations(now)}

    def _known(self) -> str:
        return ", ".join(sorted(self._plugins.sources)) or "none"


def activation_as_dict(activation: Activation) -> dict[str, Any]:
    """Since when a generation counts, JSON-ready. `since` is null for the first of a plugin: it always did."""
    return {
        "since": format_us(activation.at_us) if activation.at_us else None,
        "through": format_us(activation.through_us) if activation.through_us >= 0 else None,
    }


def _too_late(plugin: str, missed: int) -> str:
    number = f"{missed:,} or more" if missed >= _COUNT_AT_MOST else f"{missed:,}"
    were = "statement was" if missed == 1 else "statements were"
    return (
        f"{number} {were} stored after plugin {plugin} was reprofiled, "
        "and may have been looked at by another version of it, or not at all."
    )


def _reprofile_again(plugin: str, missed: int) -> Detail:
    return Detail(
        "statements",
        f"{missed:,} not looked at",
        f"lrs reprofile {plugin}, again (it looks at these alone), or --anyway where the server runs this version",
    )
