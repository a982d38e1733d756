from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from importlib import metadata
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lrs.errors import PluginError
from lrs.plugin import configuration_schema, hookimpl
from lrs.plugin.manager import load_plugins
from lrs.plugin.testing import host_with
from tests.plugin.fakes import JUGGLING, Fixed, Model, Says, Shows, plugin, rubric_of

Install = Callable[..., None]

GOOD = f'''
"""Juggling, for the tests.

More words.
"""
import json
from lrs.plugin import Rubric, hookimpl

@hookimpl
def lrs_rubrics():
    return [Rubric.from_dict(json.loads({json.dumps(dict(JUGGLING))!r}))]
'''


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Writes a module and the metadata of a distribution that brings it along, as pip would."""
    monkeypatch.syspath_prepend(tmp_path)
    before = set(sys.modules)

    def write(module: str, code: str, *, distribution: str = "jugglers-guild", **points: str) -> None:
        (tmp_path / f"{module}.py").write_text(textwrap.dedent(code))
        info = tmp_path / f"{distribution.replace('-', '_')}-2.1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 2.1\n")
        lines = [f"{name} = {value}" for name, value in (points or {module: module}).items()]
        (info / "entry_points.txt").write_text("[lrs]\n" + "\n".join(lines) + "\n")

    yield write
    for name in set(sys.modules) - before:
        if name.startswith("try_"):
            del sys.modules[name]


def points(*names: str) -> list[EntryPoint]:
    """The entry points of these names that are installed."""
    return [point for point in metadata.entry_points(group="lrs") if point.name in names]


def error(config: Mapping[str, Any] | None = None, *names: str, off: tuple[str, ...] = ()) -> PluginError:
    with pytest.raises(PluginError) as caught:
        load_plugins(config, off, points(*names))
    return caught.value


def test_a_plugin_is_known_by_its_entry_point_and_its_distribution(install: Install) -> None:
    install("try_good", GOOD, juggling="try_good")
    host = load_plugins(entry_points=points("juggling"))
    (info,) = host.plugins
    assert info.as_dict() == {
        "name": "juggling",
        "version": "2.1",
        "distribution": "jugglers-guild",
        "summary": "Juggling, for the tests.",
        "competencies": ("juggling",),
        "recognisers": (),
        "models": (),
        "explanations": (),
        "report_columns": (),
    }
    assert host.rubrics["juggling"].name == "Juggling"


def test_installed_plugins_are_found_without_being_named(install: Install) -> None:
    install("try_good", GOOD, juggling="try_good")
    names = [info.name for info in load_plugins().plugins]
    assert names == sorted(names)
    assert {"juggling", "communication", "cultural_competency", "leadership"} <= set(names)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import no_such_module", "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise ValueError('broken')", "cannot be loaded: ValueError: broken"),
        ("import sys; sys.exit(0)", "cannot be loaded: SystemExit: 0"),
        ("def f(:", "cannot be loaded: SyntaxError"),
        ("x = 1", "implements no hook"),
        ("def lrs_rubrics(): return []", "implements no hook"),
        (
            "from lrs.plugin import hookimpl\n@hookimpl\ndef lrs_rubriks(): return []",
            "cannot be loaded: PluginValidationError: unknown hook 'lrs_rubriks'",
        ),
        (
            "from lrs.plugin import hookimpl\n@hookimpl\ndef lrs_recognisers(settings): return []",
            "cannot be loaded: PluginValidationError",
        ),
        (
            "from lrs.plugin import hookimpl\n@hookimpl\ndef lrs_rubrics(): raise KeyError('x')",
            "fails in lrs_rubrics: KeyError: 'x'",
        ),
        (
            "from lrs.plugin import hookimpl\n@hookimpl\ndef lrs_rubrics(): return 7",
            "fails in lrs_rubrics: TypeError",
        ),
        (
            "from lrs.plugin import hookimpl\n@hookimpl\ndef lrs_rubrics(): return ['juggling']",
            "answers lrs_rubrics with a str, which is no Rubric",
        ),
        (
            "from lrs.plugin import hookimpl, packaged_rubric as r\n@hookimpl\ndef lrs_rubrics(): return [r('email')]",
            "fails in lrs_rubrics: There is none of rubric.yaml, rubric.yml, rubric.json in ",
        ),
        (
            "from lrs.plugin import hookimpl\n@hookimpl\ndef lrs_recognisers(config): return [object()]",
            "answers lrs_recognisers with a object, which is no Recogniser",
        ),
        (
            "from lrs.plugin import hookimpl\n@hookimpl\ndef lrs_models(config): return [object()]",
            "answers lrs_models with a object, which is no Model",
        ),
        (
            "from lrs.plugin import hookimpl\n@hookimpl\ndef lrs_models(config): raise KeyError('x')",
            "fails in lrs_models: KeyError: 'x'",
        ),
        (
            "from lrs.plugin import hookimpl\n@hookimpl\ndef lrs_explanations(config): return ['text']",
            "answers lrs_explanations with a str, which is no Explainer",
        ),
        (
            "from lrs.plugin import hookimpl\n@hookimpl\ndef lrs_report_columns(config): return [{}]",
            "answers lrs_report_columns with a dict, which is no ReportColumn",
        ),
    ],
)
def test_a_broken_plugin_stops_the_start_and_is_named_with_its_distribution(
    install: Install, code: str, words: str
) -> None:
    install("try_broken", code, broken="try_broken")
    message = error(None, "broken").message
    assert message.startswith("Plugin 'broken' (jugglers-guild 2.1) ")
    assert words in message


def test_a_broken_plugin_that_is_turned_off_is_not_even_imported(install: Install) -> None:
    install("try_broken", "raise ValueError", broken="try_broken")
    assert load_plugins(None, ["broken"], points("broken")).plugins == ()
    assert "try_broken" not in sys.modules


def test_an_invalid_rubric_is_told_with_everything_that_is_wrong(install: Install) -> None:
    install(
        "try_bad", GOOD.replace('"version": "1"', '"version": 1').replace('"name": "Juggling"', '"name": ""')
    )
    raised = error(None, "try_bad")
    assert {detail.path for detail in raised.details} == {"/version", "/name"}
    assert "/version is 1; expected text" in raised.message


def test_an_entry_point_that_is_a_class_is_refused(install: Install) -> None:
    install("try_class", "class Plugin: pass", broken="try_class:Plugin")
    assert "try_class:Plugin is a class" in error(None, "broken").message


def test_two_plugins_of_one_name_are_refused_and_both_are_named(install: Install) -> None:
    install("try_one", GOOD, distribution="guild-one", juggling="try_one")
    install("try_two", GOOD, distribution="guild-two", juggling="try_two")
    message = error(None, "juggling").message
    assert "try_one of guild-one 2.1" in message
    assert "try_two of guild-two 2.1" in message
    assert load_plugins(None, ["juggling"], points("juggling")).plugins == ()


def test_a_competency_of_two_plugins_is_refused_and_both_are_named() -> None:
    with pytest.raises(
        PluginError, match="'juggling' is defined twice: by the plugin 'a' and the plugin 'b'"
    ):
        host_with(b=plugin(competency="juggling"), a=plugin(competency="juggling"))


def test_configuration_for_a_plugin_that_is_not_installed_is_refused() -> None:
    with pytest.raises(PluginError, match=r"\[plugins.juglging\] configures a plugin that is not installed"):
        load_plugins({"juglging": {}}, (), [])


def test_turning_off_a_plugin_that_is_not_installed_is_refused() -> None:
    with pytest.raises(PluginError, match="plugins_off names 'juglging'"):
        load_plugins(None, ["juglging"], [])


def test_configuration_of_a_plugin_that_is_turned_off_is_left_alone(install: Install) -> None:
    install("try_good", GOOD)
    assert load_plugins({"try_good": {"any": 1}}, ["try_good"], points("try_good")).plugins == ()


SCHEMA = {
    "type": "object",
    "properties": {"balls": {"type": "integer", "minimum": 3}},
    "required": ["balls"],
    "additionalProperties": False,
}


def test_a_plugin_is_given_its_configuration() -> None:
    juggler = plugin(schema=SCHEMA)
    host_with(juggler=juggler, config={"juggler": {"balls": 5}})
    assert juggler.hooks["config"] == {"balls": 5}


def test_configuration_is_checked_by_the_plugins_own_schema_and_every_problem_is_named() -> None:
    with pytest.raises(PluginError) as caught:
        host_with(juggler=plugin(schema=SCHEMA), config={"juggler": {"balls": 2, "clubs": 1}})
    assert "[plugins.juggler]" in caught.value.message
    assert [detail.path for detail in caught.value.details] == ["", "/balls"]


def test_configuration_that_a_plugin_requires_must_be_there() -> None:
    with pytest.raises(PluginError, match="'balls' is a required property"):
        host_with(juggler=plugin(schema=SCHEMA))


def test_a_plugin_without_a_schema_takes_no_configuration() -> None:
    with pytest.raises(
        PluginError, match=r"takes no configuration, and there is the table \[plugins.juggler\]"
    ):
        host_with(juggler=plugin(), config={"juggler": {"balls": 3}})


@pytest.mark.parametrize(
    "schema", [{"type": "no such type"}, {"$ref": "https://a.example/none.json"}, "object"]
)
def test_a_configuration_schema_that_is_none_is_refused(schema: object) -> None:
    with pytest.raises(PluginError, match="Plugin 'juggler'"):
        host_with(juggler=plugin(schema=schema), config={"juggler": {"balls": 3}})


def test_a_configuration_schema_may_refer_to_ours() -> None:
    juggler = plugin(schema=configuration_schema())
    with pytest.raises(PluginError) as caught:
        host_with(juggler=juggler, config={"juggler": {"activities": {"https://a.example/1": 1}}})
    assert [detail.path for detail in caught.value.details] == ["/activities/https:~1~1a.example~11"]


@pytest.mark.parametrize(
    ("recognisers", "words"),
    [
        ([Fixed("x", []), Fixed("x", [])], "two recognisers of the same name"),
        ([Fixed("", [])], "a recogniser whose name is ''"),
        ([Fixed("x", [], ["a"])], "verbs are neither a frozenset"),  # type: ignore[arg-type]
        ([Fixed("x", [], frozenset([1]))], "verbs are neither a frozenset"),  # type: ignore[list-item]
    ],
)
def test_a_recogniser_without_a_proper_name_or_verbs_is_refused(recognisers: list[Fixed], words: str) -> None:
    with pytest.raises(PluginError, match=words):
        host_with(juggler=plugin(*recognisers))


def test_a_plugin_without_a_distribution_may_tell_its_version() -> None:
    @hookimpl
    def lrs_rubrics() -> list[Any]:
        return [rubric_of("juggling")]

    host = host_with(SimpleNamespace(__name__="juggler", __version__="3.2", lrs_rubrics=lrs_rubrics))
    assert [(info.name, info.version, info.distribution) for info in host.plugins] == [("juggler", "3.2", "")]


# Models, explanations, columns


def test_a_plugin_says_what_it_brings_in_order_of_name() -> None:
    juggler = plugin(
        models=[Model("b/1"), Model("a/1")],
        explanations=[Says("y"), Says("x")],
        report_columns=[Shows("q"), Shows("p")],
    )
    (info,) = host_with(juggler=juggler).plugins
    assert (info.models, info.explanations, info.report_columns) == (("a/1", "b/1"), ("x", "y"), ("p", "q"))


@pytest.mark.parametrize("id_", ["", "a", "A/1", "a/1/2", None, 7])
def test_a_model_without_a_proper_id_is_refused(id_: object) -> None:
    with pytest.raises(PluginError, match=f"has a model whose id is {id_!r}, and not name/version"):
        host_with(juggler=plugin(models=[Model(id_)]))


def test_two_models_of_one_id_are_refused_and_both_plugins_are_named() -> None:
    with pytest.raises(PluginError, match="'a/1' is brought twice: by the plugin 'one' and the plugin 'two'"):
        host_with(two=plugin(models=[Model("a/1")]), one=plugin(models=[Model("a/1")]))


def test_two_models_of_one_id_in_one_plugin_are_refused() -> None:
    with pytest.raises(PluginError, match="'a/1' is brought twice"):
        host_with(one=plugin(models=[Model("a/1"), Model("a/1")]))


def test_no_plugin_can_take_the_place_of_the_default_model() -> None:
    with pytest.raises(
        PluginError, match="'decayed_beta/1' is brought twice: by Rapport itself and the plugin 'one'"
    ):
        host_with(one=plugin(models=[Model("decayed_beta/1")]))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"explanations": [Says("x"), Says("x")]}, "has two explainers of the same name: x, x"),
        ({"report_columns": [Shows("x"), Shows("x")]}, "has two report columns of the same name: x, x"),
        ({"explanations": [Says("")]}, "has an explainer whose name is ''"),
        ({"report_columns": [Shows(7)]}, "has a report column whose name is 7"),
    ],
)
def test_names_are_texts_and_unique_in_a_plugin(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(PluginError, match=words):
        host_with(juggler=plugin(**parts))


def test_a_plugin_may_bring_a_model_alone() -> None:
    assert set(host_with(juggler=plugin(models=[Model("a/1")])).models) == {"a/1", "decayed_beta/1"}
