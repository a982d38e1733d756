"""`lrs doctor`: is the installation sound, and what to do where it is not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import click

from lrs.cli.context import settings
from lrs.cli.output import json_option, show_json, when
from lrs.config import Config
from lrs.errors import LrsError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `good`, `look` (worth a look) or `bad`."""

    check: str
    state: str
    found: str
    advice: str = ""


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Check settings, store, clock, plugins and keys, and say what to do. Exit code 1 when something is bad."""
    findings = list(_findings())
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.state:5} {finding.check:9} {finding.found}")
            if finding.advice:
                click.echo(f"{'':15} → {finding.advice}")
    sys.exit(1 if any(finding.state == "bad" for finding in findings) else 0)


def _findings() -> Iterator[Finding]:
    from lrs.stores.opening import shown

    try:
        config = settings()
    except LrsError as exc:
        yield Finding("settings", "bad", exc.message, "Correct the setting, see `settings` in the manual.")
        return
    yield Finding("settings", "good", f"store {shown(config.store)}, public URL {config.public_url}")
    yield from _guarded("scoring", lambda: _scoring(config), "Correct the table [scoring].")
    yield from _guarded(
        "plugins", lambda: _plugins(config), "Mend or reinstall the plugin, or name it in plugins_off."
    )
    yield from _guarded("store", lambda: _store(config), "")


def _guarded(check: str, look: Callable[[], Iterator[Finding]], advice: str) -> Iterator[Finding]:
    try:
        yield from look()
    except LrsError as exc:
        # What a store says is wrong with it comes with what to do.
        yield Finding(check, "bad", exc.message, advice)


def _scoring(config: Config) -> Iterator[Finding]:
    from lrs.competency.policy import Policy
    from lrs.services.wiring import loaded

    policy = Policy.from_mapping(config.scoring, loaded(config).models)
    yield Finding("scoring", "good", f"half-life {policy.half_life_days:g} days, policy {policy.digest[:12]}")


def _plugins(config: Config) -> Iterator[Finding]:
    from lrs.services.wiring import loaded

    host = loaded(config)
    names = ", ".join(f"{plugin.name} {plugin.version}" for plugin in host.plugins)
    if not host.plugins:
        yield Finding("plugins", "look", "none is loaded", "Without a plugin no statement becomes evidence.")
    else:
        yield Finding("plugins", "good", names)


def _store(config: Config) -> Iterator[Finding]:
    from lrs.services.wiring import now_us
    from lrs.stores.opening import open_store

    store = open_store(config.store)
    try:
        store.ping()
        for name, value in store.health().items():
            yield Finding("store", "bad" if value is False else "good", f"{name}: {_plain(value)}")
        newest = store.consistent_through()
        if newest > now_us() + 1_000_000:
            yield Finding(
                "clock",
                "bad",
                f"newest statement {when(newest)}",
                "This machine's clock runs behind; set it.",
            )
        else:
            yield Finding("clock", "good", when(now_us()))
        failures = store.count_quarantined()
        advice = "See the reasons under /api/v1/plugins; evidence may be missing." if failures else ""
        yield Finding("evidence", "look" if failures else "good", f"{failures} failures of plugins", advice)
        live = [key for key in store.keys() if key.revoked_us is None]  # noqa: SIM118 (no mapping)
        yield Finding(
            "keys",
            "good" if live else "look",
            f"{len(live)} in use",
            "" if live else "lrs key create --name NAME",
        )
        for key in live:
            if "all" in key.scopes:
                yield Finding(
                    "keys",
                    "look",
                    f"{key.name} ({key.id}) may do everything",
                    "Give vendors statements/write only.",
                )
    finally:
        store.close()


def _plain(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
