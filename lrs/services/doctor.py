"""Is the installation sound, and what is to be done where it is not: what `lrs doctor` says."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lrs.competency.policy import Policy
from lrs.config import Config
from lrs.errors import LrsError
from lrs.plugin.manager import PluginHost
from lrs.services.generations import Generations
from lrs.services.wiring import loaded, now_us
from lrs.stores.base import Store
from lrs.stores.opening import open_store, shown
from lrs.xapi.timestamps import format_us

_YEAR_US = 365 * 86_400 * 1_000_000
_SLOW_MS = 1_000
_MOST_FAILURES = 10_000
_AHEAD_US = 1_000_000


class State(StrEnum):
    """How something is."""

    GOOD = "good"
    LOOK = "look"  # worth a look
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    check: str
    state: State
    found: str
    advice: str = ""
    """What to do; empty when it is good."""


def examine(settings: Callable[[], Config]) -> Iterator[Finding]:
    """Settings, scoring, plugins, store, clock, evidence and keys, in this order. Stops where nothing can follow."""
    try:
        config = settings()
    except LrsError as exc:
        yield Finding(
            "settings", State.BAD, exc.message, "Correct the setting, see `settings` in the manual."
        )
        return
    where = f"store {shown(config.store)}, public URL {config.public_url}"
    yield Finding("settings", State.GOOD, where)
    yield from _guarded("scoring", lambda: _scoring(config), "Correct the table [scoring].")
    mend = "Mend or reinstall the plugin, or name it in plugins_off."
    yield from _guarded("plugins", lambda: _plugins(config), mend)
    yield from _guarded("store", lambda: _store(config), "")


def _guarded(check: str, look: Callable[[], Iterator[Finding]], advice: str) -> Iterator[Finding]:
    try:
        yield from look()
    except LrsError as exc:
        # What a store says is wrong with it comes with what it should be.
        expected = "; ".join(f"{detail.found}; expected {detail.expected}" for detail in exc.details)
        yield Finding(check, State.BAD, exc.message, advice or expected)


def _scoring(config: Config) -> Iterator[Finding]:
    policy = Policy.from_mapping(config.scoring, loaded(config).models)
    found = f"half-life {policy.half_life_days:g} days, policy {policy.digest[:12]}"
    yield Finding("scoring", State.GOOD, found)


def _plugins(config: Config) -> Iterator[Finding]:
    host = loaded(config)
    names = ", ".join(f"{plugin.name} {plugin.version}" for plugin in host.plugins)
    if host.plugins:
        yield Finding("plugins", State.GOOD, names)
    else:
        advice = "Without a plugin no statement becomes evidence."
        yield Finding("plugins", State.LOOK, "none is loaded", advice)


def _store(config: Config) -> Iterator[Finding]:
    store = open_store(config.store)
    try:
        yield _reached(store)
        yield from _facts(store)
        yield _clock(store)
        yield from _evidence(store, loaded(config))
        yield from _keys(store)
    finally:
        store.close()


def _reached(store: Store) -> Finding:
    """A write, there and back. Raises `StoreUnavailable` or `StoreMismatch`."""
    began = time.perf_counter()
    store.ping()
    took_ms = (time.perf_counter() - began) * 1_000
    slow = took_ms > _SLOW_MS
    advice = "Every request that writes waits for so long: look at the disk, or at the network in between."
    return Finding(
        "store",
        State.LOOK if slow else State.GOOD,
        f"reached: a write took {took_ms:.0f} ms",
        advice if slow else "",
    )


def _facts(store: Store) -> Iterator[Finding]:
    health = store.health()
    remarks = {remark.fact: remark for remark in store.remarks(health)}
    for name, value in health.items():
        remark = remarks.get(name)
        state = State.GOOD if remark is None else State.BAD if remark.bad else State.LOOK
        yield Finding("store", state, f"{name}: {_plain(value)}", remark.advice if remark else "")


def _clock(store: Store) -> Finding:
    now = now_us()
    newest = store.consistent_through()
    if newest > now + _AHEAD_US:
        advice = "This machine's clock runs behind, or another's ran ahead; set them by NTP."
        return Finding(
            "clock", State.BAD, f"here {format_us(now)}, newest instant {format_us(newest)}", advice
        )
    return Finding("clock", State.GOOD, format_us(now))


def _evidence(store: Store, plugins: PluginHost) -> Iterator[Finding]:
    """Failures of plugins, and plugins that never saw what is stored."""
    failed = Counter(one.plugin for one in store.quarantined(as_of_us=now_us(), limit=_MOST_FAILURES))
    for plugin, count in sorted(failed.items()):
        least = "at least " if count == _MOST_FAILURES else ""
        advice = (
            f"lrs plugin quarantine; once it is mended, lrs plugin rerun {plugin}. Evidence may be missing."
        )
        yield Finding("evidence", State.LOOK, f"{plugin} failed on {least}{count} statements", advice)
    changed = sorted(_changed(store, plugins))
    if changed:
        found = f"changed since they last found anything: {', '.join(changed)}"
        advice = "lrs reprofile shows them all that is stored; nothing counts anew until it is activated."
        yield Finding("evidence", State.LOOK, found, advice)
    if not failed:
        yield Finding("evidence", State.GOOD, "0 failures of plugins")


def _changed(store: Store, plugins: PluginHost) -> set[str]:
    """Plugins that have found something, and nothing as they are loaded now."""
    listed = Generations(store, plugins).listed()
    now = {one.generation.source.plugin for one in listed if one.loaded}
    return {one.generation.source.plugin for one in listed} & set(plugins.sources) - now


def _keys(store: Store) -> Iterator[Finding]:
    live = [key for key in store.keys() if key.revoked_us is None]  # noqa: SIM118 (no mapping)
    advice = "" if live else "lrs key create --name NAME"
    yield Finding("keys", State.GOOD if live else State.LOOK, f"{len(live)} in use", advice)
    for key in live:
        named = f"{key.name} ({key.id})"
        if "all" in key.scopes:
            yield Finding(
                "keys", State.LOOK, f"{named} may do everything", "Give vendors statements/write only."
            )
        if key.created_us < now_us() - _YEAR_US:
            since = format_us(key.created_us)[:10]
            advice = "Revoke it, and give its holder a new one of the same name."
            yield Finding("keys", State.LOOK, f"{named} is in use since {since}", advice)


def _plain(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
