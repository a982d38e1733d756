"""For the tests of a plugin: statements to show it, and a host to show them to.

from lrs.plugin.testing import recognise, statement
import my_plugin

def test_a_rating_counts():
    (evidence,) = recognise(my_plugin, statement(verb=RATED, object={"id": ITEM}, result={...}))
    assert evidence.rating == 5
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint
from typing import Any

from lrs.competency.evidence import Evidence
from lrs.errors import PluginError
from lrs.plugin.host import PluginHost
from lrs.plugin.manager import load_plugins
from lrs.plugin.recogniser import Outcome
from lrs.xapi.statement import Statement

__all__ = ["explain", "host_with", "recognise", "statement"]

_DEFAULTS: Mapping[str, Any] = {
    "id": "00000000-0000-4000-8000-000000000000",
    "actor": {"account": {"homePage": "https://academy.example", "name": "officer-1"}},
    "verb": {"id": "http://id.tincanapi.com/verb/rated"},
    "object": {"id": "https://academy.example/activities/1"},
    "timestamp": "2026-01-15T20:30:00.000000Z",
    "authority": {"account": {"homePage": "https://academy.example/keys", "name": "key-1"}},
    "version": "2.0.0",
}


def statement(**parts: Any) -> dict[str, Any]:
    """A stamped statement with these members; the others are those of a plain synthetic one.

    `verb` may be the verb's id, `object` an activity's id, `actor` an account's name. A member given as None
    is left out.
    """
    members: dict[str, Any] = {**_DEFAULTS, **parts}
    if isinstance(members.get("verb"), str):
        members["verb"] = {"id": members["verb"]}
    if isinstance(members.get("object"), str):
        members["object"] = {"id": members["object"]}
    if isinstance(members.get("actor"), str):
        account = {"homePage": "https://academy.example", "name": members["actor"]}
        members["actor"] = {"account": account}
    return {name: value for name, value in members.items() if value is not None}


def host_with(
    *plugins: object, config: Mapping[str, Mapping[str, Any]] | None = None, **named: object
) -> PluginHost:
    """A host of just these plugins, modules or objects, loaded as if they were installed.

    A plugin goes by its `__name__`, else its class's; as a keyword argument it gets a name of its own.

    Raises `PluginError` just as a server would that starts with them.
    """
    everything = {**{_name(plugin): plugin for plugin in plugins}, **named}
    if len(everything) < len(plugins) + len(named):
        raise PluginError("Two plugins have the same name; give them names as keyword arguments.")
    return load_plugins(config, entry_points=[_Point.of(name, plugin) for name, plugin in everything.items()])


def recognise(
    plugin: object, *statements: Statement, config: Mapping[str, Any] | None = None
) -> list[Evidence]:
    """The evidence that a plugin, alone in its host, finds in statements.

    Raises `AssertionError` with the reason when the plugin fails on one, which a server would quarantine.
    """
    host = _alone(plugin, config)
    findings = [finding for found in host.recognise(statements) for finding in found]
    failures = [finding.failure for finding in findings if finding.failure is not None]
    if failures:
        raise AssertionError("; ".join(failures))
    return [evidence for finding in findings for evidence in finding.evidence]


def explain(plugin: object, statement: Statement, config: Mapping[str, Any] | None = None) -> list[Outcome]:
    """What each rule of a plugin, alone in its host, makes of a statement, and why."""
    return _alone(plugin, config).explain(statement)


def _alone(plugin: object, config: Mapping[str, Any] | None) -> PluginHost:
    return host_with(plugin, config=None if config is None else {_name(plugin): config})


def _name(plugin: object) -> str:
    return str(getattr(plugin, "__name__", None) or type(plugin).__name__)


class _Point(EntryPoint):
    """An entry point to something that is at hand."""

    @classmethod
    def of(cls, name: str, plugin: object) -> _Point:
        point = cls(name, repr(plugin), "lrs")
        vars(point)["plugin"] = plugin
        return point

    def load(self) -> Any:
        return vars(self)["plugin"]
