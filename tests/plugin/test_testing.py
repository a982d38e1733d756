from __future__ import annotations

import pytest

from lrs.errors import PluginError
from lrs.plugin.testing import explain, host_with, recognise, statement
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version
from tests.plugin.fakes import Fixed, evidence, plugin


def test_the_plain_statement_is_valid() -> None:
    assert check_statement(statement(), Version("2.0.0")) == []


def test_parts_may_be_given_short() -> None:
    made = statement(actor="R-1", verb="https://a.example/v", object="https://a.example/o", authority=None)
    assert made["actor"] == {"account": {"homePage": "https://academy.example", "name": "R-1"}}
    assert (made["verb"], made["object"]) == ({"id": "https://a.example/v"}, {"id": "https://a.example/o"})
    assert "authority" not in made


def test_recognise_answers_the_evidence_of_all_statements() -> None:
    one = plugin(Fixed("x", [evidence()]), competency="juggling")
    assert recognise(one, statement(), statement()) == [evidence(), evidence()]


def test_recognise_raises_what_a_server_would_quarantine() -> None:
    with pytest.raises(AssertionError, match="x: ValueError: broken"):
        recognise(plugin(Fixed("x", ValueError("broken"))), statement())


def test_recognise_and_explain_take_a_configuration() -> None:
    one = plugin(Fixed("x", [evidence()]), competency="juggling", schema={"required": ["balls"]})
    with pytest.raises(PluginError):
        recognise(one, statement())
    assert recognise(one, statement(), config={"balls": 3}) == [evidence()]
    (outcome,) = explain(one, statement(), config={"balls": 3})
    assert (outcome.rule, outcome.matched) == ("x", True)


def test_two_plugins_of_one_name_need_names() -> None:
    with pytest.raises(PluginError, match="Two plugins have the same name"):
        host_with(plugin(), plugin())
    assert [info.name for info in host_with(a=plugin(), b=plugin()).plugins] == ["a", "b"]
