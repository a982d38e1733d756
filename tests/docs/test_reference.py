"""The reference names everything there is, and nothing that is not there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import click
import pytest
from flask.testing import FlaskClient
from marshmallow import Schema

from lrs import errors, schemas
from lrs.cli.main import group
from lrs.competency.evidence import Tier
from lrs.competency.policy import Policy
from lrs.config import SETTINGS, Config
from lrs.plugin import spec
from lrs.services.access.keys import SCOPES
from lrs.stores.sqlite.migrating import migrations
from lrs.web import api
from lrs.web.errors import STATUS
from lrs.xapi.statement_parameters import KNOWN
from tests.clients import Xapi
from tests.docs.pages import code_in, rows_of, sections_of, text_of

# Settings


def test_the_table_of_settings_has_each_with_its_variable_and_default() -> None:
    rows = rows_of(sections_of("reference/settings.md")["Table of settings"])
    defaults = {setting.name: getattr(Config(), setting.name) for setting in SETTINGS}
    assert [[row[0], row[1], row[2]] for row in rows] == [
        [f"`{s.name}`", f"`{s.variable}`", f"`{_toml(defaults[s.name])}`"] for s in SETTINGS
    ]


def test_the_table_of_settings_says_what_the_code_says() -> None:
    rows = rows_of(sections_of("reference/settings.md")["Table of settings"])
    assert [row[3][: len(s.meaning)] for row, s in zip(rows, SETTINGS, strict=True)] == [
        s.meaning for s in SETTINGS
    ]


def test_the_tables_of_the_policy_have_every_value_with_its_default() -> None:
    rows = rows_of(sections_of("reference/settings.md")["The table [scoring]"])
    shown = {row[0].strip("`"): row[1].strip("`") for row in rows}
    policy = Policy().as_dict()
    tiers = policy.pop("tiers")
    assert shown == {
        name: value if isinstance(value, str) else f"{value:g}" for name, value in {**policy, **tiers}.items()
    }
    assert set(tiers) == set(Tier)


def test_the_policy_takes_what_the_page_says() -> None:
    schema = schemas.documents()["scoring.json"]
    names = schema["properties"].keys() - {"tiers", "competencies"}
    rows = rows_of(sections_of("reference/settings.md")["The table [scoring]"])
    assert names == {row[0].strip("`") for row in rows} - set(Tier)
    for name in ("tiers", "competencies"):
        assert f"`[scoring.{name}" in text_of("reference/settings.md")


def test_every_setting_that_any_page_sets_exists() -> None:
    named = re.findall(r"`LRS_([A-Z_]+)`", text_of("reference/settings.md"))
    assert set(named) - {"CONFIG", "TEST_", ""} == {setting.name.upper() for setting in SETTINGS}


def _toml(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value)


# Command line


def _commands(command: click.Command, path: str = "lrs") -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from _commands(found, f"{path} {name}")


COMMANDS = dict(_commands(group))


def test_every_command_has_a_section_and_every_section_is_a_command() -> None:
    headings = [heading for heading in sections_of("reference/command-line.md") if heading.startswith("lrs ")]
    assert sorted(headings) == sorted(COMMANDS)


@pytest.mark.parametrize("path", ["lrs", *COMMANDS])
def test_a_command_is_described_with_its_options_and_arguments(path: str) -> None:
    command = COMMANDS.get(path, group)
    section = sections_of("reference/command-line.md")[path]
    options = [option for one in command.params if isinstance(one, click.Option) for option in one.opts]
    shown = [cell[0].strip("`").split()[0] for cell in rows_of(section) if cell[0].startswith("`--")]
    assert sorted(shown) == sorted(options)
    for argument in (one for one in command.params if isinstance(one, click.Argument)):
        assert f"`{path} {argument.human_readable_name}`" in section


def test_the_scopes_of_keys_are_described() -> None:
    rows = rows_of(sections_of("how-to/keys.md")["With other scopes"])
    assert {scope for row in rows for scope in code_in(row[0])} == set(SCOPES)
    scopes = next(row for row in rows_of(text_of("reference/command-line.md")) if row[0] == "`--scope SCOPE`")
    assert set(code_in(scopes[1])) == set(SCOPES)


# HTTP


def _endpoints(http: FlaskClient) -> set[str]:
    """Those for programs. What each page asks of who comes to it stands on the page of permissions."""
    return {
        f"{method} " + re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", rule.rule)
        for rule in http.application.url_map.iter_rules()
        if not rule.rule.startswith(("/dashboard", "/bootstrap"))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def _described() -> dict[str, str]:
    """`METHOD PATH` → its section; a heading may name several methods: `GET, PUT /path`."""
    pages = ("reference/api.md", "reference/reports.md", "reference/xapi.md")
    sections = {heading: text for page in pages for heading, text in sections_of(page).items()}
    named = ((re.fullmatch(r"([A-Z, ]+) (/.*)", heading), text) for heading, text in sections.items())
    return {f"{method} {found[2]}": text for found, text in named if found for method in found[1].split(", ")}


def test_every_endpoint_has_a_section_and_every_section_is_an_endpoint(http: FlaskClient) -> None:
    assert set(_described()) == _endpoints(http)


def test_every_parameter_of_the_api_is_described() -> None:
    modules = [import_module(f"{api.__name__}.{module.name}") for module in iter_modules(api.__path__)]
    queries = {
        found
        for module in modules
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Schema) and found.__name__.endswith("Query")
    }
    described = {
        name for heading, text in _described().items() if "/api/" in heading for name in _parameters(text)
    }
    assert described == {name for query in queries for name in query().fields}


def test_the_api_takes_every_parameter_that_is_described(client_with: Any) -> None:
    client: Xapi = client_with("all")
    for heading, text in _described().items():
        method, path = heading.split()
        if not path.startswith("/api/"):
            continue
        for name in _parameters(text):
            details = _problems(client, method, path, name)
            assert details != _problems(client, method, path, "nonsense"), f"{heading} does not know {name}"


def _problems(client: Xapi, method: str, path: str, name: str) -> list[str]:
    """What is wrong with a parameter of this name and a value that fits none."""
    answer = client.request(method, path.replace("{agent}", "R-001"), query_string={name: "\0"})
    return [
        detail["expected"]
        for detail in (answer.json or {}).get("error", {}).get("details", ())
        if detail["path"] == name
    ]


def test_what_openapi_describes_is_on_the_page(http: FlaskClient) -> None:
    paths: dict[str, dict[str, Any]] = http.get("/api/v1/openapi.json").json["paths"]  # type: ignore[index]
    described = _described()
    for path, methods in paths.items():
        for method in methods.keys() - {"parameters"}:
            named = [one["name"] for one in methods[method].get("parameters", []) if one["in"] == "query"]
            assert set(named) <= set(_parameters(described[f"{method.upper()} {path}"]))


def test_every_parameter_of_statements_is_described() -> None:
    described = _described()
    assert sorted(_parameters(described["GET /xapi/statements"])) == sorted([*KNOWN, "more"])
    assert _parameters(described["PUT /xapi/statements"]) == ["statementId"]
    assert _parameters(described["POST /xapi/statements"]) == []


def _parameters(section: str) -> list[str]:
    """The names in the first column of the tables of a section whose names are lower-case words."""
    tables = section.split("| Parameter |")[1:]
    return [
        row[0].strip("`") for table in tables for row in rows_of("| Parameter |" + table.split("\n\n")[0])
    ]


# Errors


def _all_errors(root: type[errors.LrsError]) -> Iterator[type[errors.LrsError]]:
    yield root
    for kind in root.__subclasses__():
        if kind.__module__ == errors.__name__:  # a command's own never becomes an answer
            yield from _all_errors(kind)


def test_every_error_is_described_with_its_status() -> None:
    kinds = set(_all_errors(errors.LrsError))
    status = {
        kind.code: next((STATUS[base] for base in kind.__mro__ if base in STATUS), 500) for kind in kinds
    }
    shown = {row[0].strip("`"): int(row[1]) for row in rows_of(sections_of("reference/errors.md")["Codes"])}
    of_http = {code: number for code, number in shown.items() if code not in status}
    assert {code: shown.get(code) for code in status} == status
    assert all(
        HTTPStatus(number).phrase.lower().replace(" ", "_") == code for code, number in of_http.items()
    )


def test_the_form_of_an_error_is_as_described(http: FlaskClient) -> None:
    answer = http.get("/nowhere").json
    assert answer is not None
    described = code_in(sections_of("reference/errors.md")["Errors"])
    assert {*answer["error"]} | {f"details[].{name}" for name in answer["error"]["details"][0]} <= set(
        described
    )


# Hooks


def test_every_hook_has_a_section_and_every_section_is_a_hook() -> None:
    hooks = {name for name, found in vars(spec).items() if hasattr(found, f"{spec.PROJECT}_spec")}
    headings = {
        heading.split("(")[0] for heading in sections_of("reference/hooks.md") if heading.startswith("lrs_")
    }
    assert hooks == headings


# The store


def test_every_table_of_the_store_is_described() -> None:
    # A set: a migration may make a table anew.
    tables = re.findall(r"^CREATE TABLE (\w+)", "".join(migrations()), re.MULTILINE)
    rows = rows_of(sections_of("reference/store.md")["What is in it"])
    assert sorted(name for row in rows for name in code_in(row[0])) == sorted(set(tables))


# The whole


def test_every_code_mark_with_lrs_names_a_command_that_exists() -> None:
    pages = [
        "how-to/serve.md",
        "how-to/backup.md",
        "how-to/monitor.md",
        "reference/store.md",
        "explanation/privacy.md",
    ]
    named = {mark for page in pages for mark in code_in(text_of(page)) if re.match(r"lrs [a-z]", mark)}
    assert named
    # A whole command, with what it is given; or a group of them.
    assert all(
        any(f"{mark} ".startswith(f"{path} ") or path.startswith(f"{mark} ") for path in COMMANDS)
        for mark in named
    )
