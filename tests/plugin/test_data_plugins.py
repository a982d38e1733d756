from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lrs.errors import PluginError
from lrs.plugin import DataPlugin, packaged_json, packaged_rubric
from lrs.plugin.authoring import alignment_in
from lrs.plugin.folders import folder_points
from lrs.plugin.host import PluginHost
from lrs.plugin.manager import load_plugins
from lrs.plugin.testing import explain, host_with, recognise, statement
from lrs.plugin.vocabulary import indicator_iri
from lrs.plugin.yaml_text import yaml_text
from tests.plugin.fakes import JUGGLING, RATED

ALIGNMENT: Mapping[str, Any] = {
    "competency": "juggling",
    "version": "3.1",
    "rules": [
        {
            "id": "own",
            "verbs": [RATED],
            "rater": "system",
            "tier": "quiz",
            "rating": ["score"],
            "scale": "fto-7",
        }
    ],
}
SEEN = statement(
    object=indicator_iri("juggling", "catches"), result={"score": {"raw": 5, "min": 1, "max": 7}}
)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a folder with a rubric and an alignment; None leaves one out, text is written as it is."""

    def make(name: str = "juggling", form: str = "yaml", **parts: Any) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True)
        for stem, data in {"rubric": dict(JUGGLING), "alignment": dict(ALIGNMENT), **parts}.items():
            if data is not None:
                text = (
                    data if isinstance(data, str) else yaml_text(data) if form == "yaml" else json.dumps(data)
                )
                (folder / f"{stem}.{form}").write_text(text, "utf-8")
        return folder

    return make


def loaded(*paths: Path, config: Mapping[str, Any] | None = None) -> PluginHost:
    return load_plugins(config, entry_points=[], folders=paths)


# Packages


@pytest.fixture
def package(tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A package that is a docstring, a plugin in one line, and two files."""
    folder = write("a_data_package")
    lines = ['"""Juggling: keeps things in the air.\n\nMore of it."""', "from lrs.plugin import DataPlugin"]
    (folder / "__init__.py").write_text("\n".join([*lines, "plugin = DataPlugin(__name__)"]))
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield importlib.import_module("a_data_package")
    del sys.modules["a_data_package"]


def test_a_package_of_two_files_and_no_code_is_a_plugin(package: Any) -> None:
    host = host_with(package.plugin)
    (info,) = host.plugins
    assert (info.name, info.summary) == ("a_data_package", "Juggling: keeps things in the air.")
    assert (info.competencies, info.recognisers) == (("juggling",), ("juggling-alignment",))
    (evidence,) = recognise(package.plugin, SEEN)
    assert (evidence.rule, evidence.rating) == ("own", 5.0)


def test_such_a_package_takes_an_agencys_activities(package: Any) -> None:
    seen = statement(object="https://a.example/1", result={"score": {"raw": 5, "min": 1, "max": 7}})
    assert recognise(package.plugin, seen) == []
    (evidence,) = recognise(package.plugin, seen, config={"activities": {"https://a.example/1": "throws"}})
    assert evidence.indicator == "throws"
    with pytest.raises(PluginError, match="configured wrongly"):
        recognise(package.plugin, seen, config={"colour": "red"})


def test_a_package_that_does_not_exist_is_named() -> None:
    with pytest.raises(PluginError, match="no package no_such_package"):
        packaged_rubric("no_such_package")


def test_any_file_of_a_package_is_found_by_name_with_or_without_its_ending(package: Any) -> None:
    whole = packaged_json("a_data_package", "alignment.yaml")
    assert whole == packaged_json("a_data_package", "alignment") == ALIGNMENT
    with pytest.raises(PluginError, match=r"scenarios\.json cannot be read"):
        packaged_json("a_data_package", "scenarios.json")


def test_a_plugin_reads_nothing_before_it_is_asked() -> None:
    assert DataPlugin("no_such_package").__doc__ is None


# Folders


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_folder_of_two_files_is_a_plugin_by_its_name(write: Write, form: str) -> None:
    host = loaded(write("juggling", form))
    (info,) = host.plugins
    assert (info.name, info.version, info.distribution) == ("juggling", "3.1", "")
    assert info.summary == "Keeps things in the air."
    ((finding,),) = host.recognise([SEEN])
    assert finding.evidence[0].rule == "own"


def test_a_folder_takes_a_configuration_like_any_plugin(write: Write) -> None:
    config = {"juggling": {"activities": {"https://a.example/1": "throws"}}}
    host = loaded(write(), config=config)
    assert host.sources["juggling"].digest != loaded(write("other/juggling")).sources["juggling"].digest


def test_a_folder_of_folders_is_a_plugin_for_each(write: Write, tmp_path: Path) -> None:
    write("all/juggling")
    write(
        "all/email",
        rubric={**JUGGLING, "competency": "email"},
        alignment={**ALIGNMENT, "competency": "email"},
    )
    write("all/_drafts", rubric="no rubric")
    write("all/.git", rubric="no rubric")
    (tmp_path / "all" / "README.md").write_text("notes")
    assert [info.name for info in loaded(tmp_path / "all").plugins] == ["email", "juggling"]


def test_a_folder_that_lacks_a_file_stops_the_start_and_is_named(write: Write, tmp_path: Path) -> None:
    write("all/juggling")
    write("all/email", alignment=None)
    with pytest.raises(PluginError, match=r"Plugin 'email' .*There is none of alignment\.yaml"):
        loaded(tmp_path / "all")


def test_a_path_that_is_no_folder_of_plugins_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="no such folder"):
        folder_points([tmp_path / "nowhere"])
    with pytest.raises(PluginError, match="there is no plugin"):
        folder_points([tmp_path])


def test_a_folder_whose_name_cannot_be_a_plugins_is_an_error(write: Write) -> None:
    with pytest.raises(PluginError, match="cannot be a plugin: its name"):
        folder_points([write("My plugin")])


def test_two_folders_of_one_name_are_an_error(write: Write) -> None:
    with pytest.raises(PluginError, match="Two plugins are named 'juggling'"):
        loaded(write("one/juggling"), write("two/juggling"))


def test_a_mistake_is_told_with_plugin_file_line_and_path(write: Write) -> None:
    text = yaml_text(dict(ALIGNMENT)).replace("tier: quiz", "tier: qiuz").replace("scale:", "scael:")
    with pytest.raises(PluginError) as caught:
        loaded(write(alignment=text))
    places = {detail.path: detail for detail in caught.value.details}
    assert set(places) == {
        "alignment.yaml:4 /rules/0",
        "alignment.yaml:7 /rules/0/tier",
        "alignment.yaml:9 /rules/0/scael",
    }
    assert 'alignment.yaml:7 /rules/0/tier is "qiuz"; expected one of field, ' in caught.value.message
    assert '(did you mean "quiz"?)' in caught.value.message
    assert '(did you mean "scale"?)' in places["alignment.yaml:9 /rules/0/scael"].expected


def test_a_mistake_in_the_rubric_is_told_in_the_rubric(write: Write) -> None:
    text = yaml_text(dict(JUGGLING)).replace("rating: 3.5", "rating: 9")
    with pytest.raises(PluginError) as caught:
        loaded(write(rubric=text))
    (detail,) = caught.value.details
    assert detail.path.startswith("rubric.yaml:")
    assert detail.path.endswith(" /cut/rating")


def test_a_mistake_in_the_configuration_is_not_told_in_a_file(write: Write) -> None:
    with pytest.raises(PluginError) as caught:
        loaded(write(), config={"juggling": {"shapes_off": ["survey"]}})
    assert [detail.path for detail in caught.value.details] == ["/shapes_off/0"]


# What they rest on


def test_the_same_alignment_as_yaml_and_as_json_has_the_same_digest_and_finds_the_same(write: Write) -> None:
    as_yaml, as_json = alignment_in(write("a")), alignment_in(write("b", "json"))
    assert as_yaml.digest == as_json.digest
    host_a, host_b = loaded(write("a/juggling")), loaded(write("b/juggling", "json"))
    assert host_a.sources == host_b.sources
    assert host_a.recognise([SEEN]) == host_b.recognise([SEEN])


PROFILE = {
    "id": "https://v.example/profile",
    "type": "Profile",
    "templates": [
        {
            "id": "https://v.example/templates/toss",
            "type": "StatementTemplate",
            "verb": RATED,
            "rules": [{"location": "$.result.score.raw", "presence": "included"}],
        }
    ],
}
OF_TEMPLATE = [{"the": "template", "is": ["https://v.example/templates/toss"]}]


def with_profile(**changes: Any) -> dict[str, Any]:
    return {
        **ALIGNMENT,
        "profiles": ["v.jsonld"],
        "rules": [{**ALIGNMENT["rules"][0], "when": OF_TEMPLATE, **changes}],
    }


def test_a_profile_beside_the_alignment_lends_its_templates(write: Write) -> None:
    folder = write(alignment=with_profile())
    (folder / "v.jsonld").write_text(json.dumps(PROFILE))
    host = loaded(folder)
    ((finding,),) = host.recognise([SEEN])
    assert finding.evidence[0].rule == "own"
    (outcome,) = host.explain(
        statement(object=indicator_iri("juggling", "catches"), result={"success": True})
    )
    assert outcome.reasons[0] == (
        "it does not match the template https://v.example/templates/toss: "
        "$.result.score.raw is absent; it must be there"
    )


def test_the_digest_changes_with_the_profile(write: Write) -> None:
    folder = write(alignment=with_profile())
    (folder / "v.jsonld").write_text(json.dumps(PROFILE))
    before = alignment_in(folder).digest
    (folder / "v.jsonld").write_text(
        json.dumps({**PROFILE, "templates": [{**PROFILE["templates"][0], "rules": []}]})
    )
    assert alignment_in(folder).digest != before


@pytest.mark.parametrize(
    ("content", "path", "words"),
    [
        (None, "/profiles/0", "a file beside the alignment"),
        ("{", "v.jsonld:1", "JSON"),
        ('{"templates": [{}]}', "/profiles/0", "an xAPI Profile that can be used"),
        ('{"templates": 7}', "/profiles/0", "an xAPI Profile that can be used"),
        ("{}", "/rules/0/when/0/is/0", "the id of a statement template"),
    ],
)
def test_a_profile_that_cannot_be_used_is_told_with_its_place(
    write: Write, content: str | None, path: str, words: str
) -> None:
    folder = write(alignment=with_profile())
    if content is not None:
        (folder / "v.jsonld").write_text(content)
    with pytest.raises(PluginError) as caught:
        alignment_in(folder)
    assert any(detail.path.endswith(path) and words in detail.expected for detail in caught.value.details)


def test_a_profile_is_never_looked_for_outside_of_the_folder(write: Write) -> None:
    folder = write(alignment={**with_profile(), "profiles": ["../v.jsonld"]})
    (folder.parent / "v.jsonld").write_text(json.dumps(PROFILE))
    with pytest.raises(PluginError) as caught:
        alignment_in(folder)
    assert caught.value.details[0].path.endswith("/profiles/0")


def test_explain_is_for_data_plugins_too(package: Any) -> None:
    (outcome,) = explain(package.plugin, SEEN)
    assert outcome.matched
