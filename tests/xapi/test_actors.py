from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.xapi.actors import agent_from_key, agent_key, agent_keys, escape_name
from tests.xapi.strategies import AGENTS, IRIS

TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
NAMES = TEXT | st.text("%@20457aA\n\u2028é", max_size=8)


def account(name: str, home_page: str = "https://academy.example") -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": home_page, "name": name}}


@pytest.mark.parametrize(
    ("agent", "key"),
    [
        ({"mbox": "mailto:officer-17@academy.example"}, "mailto:officer-17@academy.example"),
        (account("O-1017"), "account:O-1017@https://academy.example"),
        (account("a@b%c"), "account:a%40b%25c@https://academy.example"),
        (account("two\nlines\u2028"), "account:two%0Alines%E2%80%A8@https://academy.example"),
        (account(""), "account:@https://academy.example"),
        (account("René Ω"), "account:René Ω@https://academy.example"),
        (account("x", "https://a@b.example"), "account:x@https://a@b.example"),
        (
            {"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9"},
            "mbox_sha1sum:ebd31e95054c018b10727ccffd2ef2ec3a016ee9",
        ),
        ({"openid": "https://id.example/officer-17"}, "openid:https://id.example/officer-17"),
        (
            {"objectType": "Group", "mbox": "mailto:unit@academy.example", "member": []},
            "mailto:unit@academy.example",
        ),
        ({"objectType": "Group", "member": [{"mbox": "mailto:officer-17@academy.example"}]}, None),
    ],
)
def test_the_key_of_an_actor_is_its_identifier(agent: dict[str, Any], key: str | None) -> None:
    assert agent_key(agent) == key


@pytest.mark.parametrize("name", ["mbox", "mbox_sha1sum"])
def test_what_has_no_case_makes_no_second_agent(name: str) -> None:
    lower, upper = {
        "mbox": ("mailto:R.Vera@academy.example", "mailto:R.Vera@ACADEMY.Example"),
        "mbox_sha1sum": (
            "ebd31e95054c018b10727ccffd2ef2ec3a016ee9",
            "EBD31E95054C018B10727CCFFD2EF2EC3A016EE9",
        ),
    }[name]
    assert agent_key({name: lower}) == agent_key({name: upper})


@pytest.mark.parametrize("name", ["openid", "account", "mbox"])
def test_upper_and_lower_case_tell_agents_apart_elsewhere(name: str) -> None:
    one: Any = {
        "openid": "https://x.example/a",
        "account": account("a")["account"],
        "mbox": "mailto:a@x.example",
    }
    other: Any = {
        "openid": "https://x.example/A",
        "account": account("A")["account"],
        "mbox": "mailto:A@x.example",
    }
    assert agent_key({name: one[name]}) != agent_key({name: other[name]})


@given(AGENTS | st.builds(account, NAMES, IRIS))
def test_a_key_stands_for_its_agent_and_no_other(agent: dict[str, Any]) -> None:
    key = agent_key(agent)
    assert key is not None
    back = agent_from_key(key)
    assert agent_key(back) == key
    if "account" in agent or "openid" in agent:
        assert {**back, "objectType": "Agent"} == {"objectType": "Agent", **without_name(agent)}


def without_name(agent: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in agent.items() if name != "name"}


@given(st.builds(account, NAMES, IRIS), st.builds(account, NAMES, IRIS))
def test_two_accounts_have_one_key_only_when_they_are_one(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (agent_key(one) == agent_key(other)) == (one == other)


@given(st.builds(account, NAMES, IRIS))
def test_a_key_is_one_line(agent: dict[str, Any]) -> None:
    assert len(str(agent_key(agent)).splitlines()) == 1


@given(NAMES)
def test_the_first_at_sign_ends_the_name(name: str) -> None:
    assert "@" not in escape_name(name)
    assert agent_key(account(name)) == f"account:{escape_name(name)}@https://academy.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "officer-17",
        "mailto:",
        "mailto:officer-17",
        "mailto:@x",
        "mailto:x@",
        "account:",
        "account:x",
        "account:x@",
        "account:a%zz@https://x.example",
        "account:a%41@https://x.example",
        "account:a%0a@https://x.example",
        "account:a%FF@https://x.example",
        "account:two\nlines@https://x.example",
        "mbox_sha1sum:",
        "openid:",
        "https://id.example/officer-17",
        "Mailto:officer-17@academy.example",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an agent key"):
        agent_from_key(text)


@given(TEXT | st.builds("account:{}@{}".format, NAMES, TEXT) | st.builds("mailto:{}@{}".format, NAMES, TEXT))
def test_any_text_is_refused_or_stands_for_one_agent(text: str) -> None:
    try:
        agent = agent_from_key(text)
    except ValueError:
        return
    key = agent_key(agent)
    assert key is not None
    assert agent_key(agent_from_key(key)) == key
    assert key.lower() == text.lower()


def test_a_group_is_found_by_itself_and_by_its_members() -> None:
    members = [account("a"), account("b")]
    assert list(agent_keys({"objectType": "Group", "mbox": "mailto:unit@x.example", "member": members})) == [
        "mailto:unit@x.example",
        "account:a@https://academy.example",
        "account:b@https://academy.example",
    ]
    assert list(agent_keys({"objectType": "Group", "member": members[:1]})) == [
        "account:a@https://academy.example"
    ]
    assert list(agent_keys(members[0])) == ["account:a@https://academy.example"]
