"""The quarantine: statements that a plugin failed on, and another try once the plugin was put right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lrs.competency.evidence import Finding
from lrs.errors import Detail, NotFound
from lrs.plugin.manager import PluginHost
from lrs.stores.base import Quarantined, Store
from lrs.xapi.strict_json import parse_again
from lrs.xapi.timestamps import format_us

_ALL = 2**62


class Fate(StrEnum):
    """What another try has come to."""

    MENDED = "mended"  # it found evidence
    NOTHING = "nothing"  # it found none, and did not fail: mended, too
    FAILS = "fails"  # it still fails
    NOT_LOADED = "not_loaded"  # the plugin is not loaded, so it was not asked
    GONE = "gone"  # another try, at the same time, was quicker


@dataclass(frozen=True, slots=True)
class Tried:
    """A failure, and what another try has come to."""

    failure: Quarantined
    fate: Fate
    pieces: int = 0
    """Pieces of evidence that were found."""
    reason: str | None = None
    """Why it still fails."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            **failure_as_dict(self.failure),
            "fate": self.fate.value,
            "evidence": self.pieces,
            "reason_now": self.reason,
        }


class Quarantine:
    """Lists the failures that count, and tries again."""

    def __init__(self, store: Store, plugins: PluginHost) -> None:
        self._store = store
        self._plugins = plugins

    def listed(self, as_of_us: int | None = None, *, limit: int = _ALL) -> Sequence[Quarantined]:
        """Failures that count at an instant (default: now) and are not mended by then, newest first."""
        moment = self._store.consistent_through() if as_of_us is None else as_of_us
        return self._store.quarantined(as_of_us=moment, limit=limit)

    def rerun(
        self, plugins: Collection[str] = (), *, progress: Callable[[int, int], None] | None = None
    ) -> list[Tried]:
        """Show each statement that a plugin (of these; none named: any) failed on to it again, and keep what it finds.

        `progress` is told how many of how many failures are done. Raises `NotFound` for a plugin that is not loaded
        and has no failure, and `StoreUnavailable`; what is mended by then stays so.
        """
        failures = [one for one in self.listed() if not plugins or one.plugin in plugins]
        self._check(plugins, failures)
        tried = []
        for done, failure in enumerate(failures, start=1):
            tried.append(self._again(failure))
            if progress is not None:
                progress(done, len(failures))
        return tried

    def _check(self, plugins: Collection[str], failures: Sequence[Quarantined]) -> None:
        known = {*self._plugins.sources, *(one.plugin for one in failures)}
        for name in plugins:
            if name not in known:
                loaded = ", ".join(sorted(self._plugins.sources)) or "none"
                raise NotFound(f"There is no plugin {name}.", [Detail("plugin", name, f"loaded: {loaded}")])

    def _again(self, failure: Quarantined) -> Tried:
        source = self._plugins.sources.get(failure.plugin)
        statement = self._store.get(failure.statement_id)
        if source is None or statement is None:
            return Tried(failure, Fate.NOT_LOADED)
        finding = self._found(failure.plugin, statement.raw)
        if finding is not None and finding.failure is not None:
            return Tried(failure, Fate.FAILS, reason=finding.failure)
        if not self._store.mend(failure.statement_id, failure.plugin, finding, source):
            return Tried(failure, Fate.GONE)
        pieces = len(finding.evidence) if finding is not None else 0
        return Tried(failure, Fate.MENDED if pieces else Fate.NOTHING, pieces)

    def _found(self, plugin: str, raw: bytes) -> Finding | None:
        [findings] = self._plugins.only([plugin]).recognise([parse_again(raw)])
        return findings[0] if findings else None


def failure_as_dict(failure: Quarantined) -> dict[str, Any]:
    """A failure, JSON-ready."""
    return {
        "statement_id": failure.statement_id,
        "stored": format_us(failure.stored_us),
        "plugin": failure.plugin,
        "version": failure.plugin_version,
        "reason": failure.reason,
    }
