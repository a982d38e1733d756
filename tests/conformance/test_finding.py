"""Which statements a question finds: related filters, references in either order, voiding, instants, pages."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from lrs.xapi.timestamps import parse_us
from tests.clients import Xapi
from tests.conformance.samples import attached, error_of, new_id, ref, statement, voiding

WANTED: dict[str, Any] = {"account": {"homePage": "https://example.com", "name": "wanted"}}
MEMBER = {"objectType": "Group", "member": [{"mbox": "mailto:x@example.com"}, WANTED]}
NAMED = {**MEMBER, "mbox": "mailto:unit@example.com"}
COURSE = "https://example.com/courses/wanted"
RARE = {"id": "https://example.com/verbs/rare"}
OTHER = {"mbox": "mailto:x@example.com"}


def sub(**parts: Any) -> dict[str, Any]:
    inner = {"objectType": "SubStatement", **statement(**parts)}
    del inner["id"]
    return statement(object=inner)


def agent(name: str) -> dict[str, Any]:
    return {"account": {"homePage": "https://example.com", "name": name}}


def agent_places(wanted: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Where an agent stands → a statement; where the plain filter finds it, too, a star is put before it."""
    as_object = {**wanted, "objectType": "Agent"}
    group = {"objectType": "Group", "member": [OTHER, wanted]}
    named = {**group, "mbox": "mailto:unit@example.com"}
    return {
        "*actor": statement(actor=wanted),
        "*member of the actor": statement(actor=group),
        "*member of the identified actor": statement(actor=named),
        "*object": statement(object=as_object),
        "*member of the object": statement(object=group),
        "instructor": statement(context={"instructor": wanted}),
        "member of the instructor": statement(context={"instructor": group}),
        "member of the team": statement(context={"team": group}),
        "authority": statement(authority=wanted),
        "member of the authority": statement(authority=group),
        "actor of the SubStatement": sub(actor=wanted),
        "object of the SubStatement": sub(object=as_object),
        "instructor of the SubStatement": sub(context={"instructor": wanted}),
        "member of the team of the SubStatement": sub(context={"team": named}),
    }


def agent_places_of_2_0(wanted: dict[str, Any]) -> dict[str, dict[str, Any]]:
    group = {"objectType": "Group", "member": [OTHER, wanted]}
    agents = {"contextAgents": [{"objectType": "contextAgent", "agent": wanted}]}
    groups = {"contextGroups": [{"objectType": "contextGroup", "group": group}]}
    return {
        "contextAgents": statement(context=agents),
        "member in contextGroups": statement(context=groups),
        "contextAgents of the SubStatement": sub(context=agents),
        "member in contextGroups of the SubStatement": sub(context=groups),
    }


def activity_places(wanted: str) -> dict[str, dict[str, Any]]:
    places = {"*object": statement(object={"id": wanted}), "object inside": sub(object={"id": wanted})}
    for kind in ("parent", "grouping", "category", "other"):
        listed = {"contextActivities": {kind: [{"id": "https://example.com/x"}, {"id": wanted}]}}
        places[kind] = statement(context=listed)
        places[f"{kind} of the SubStatement"] = sub(context=listed)
    places["a lone parent"] = statement(context={"contextActivities": {"parent": {"id": wanted}}})
    return places


def posted(xapi: Xapi, one: dict[str, Any]) -> str:
    answer = xapi.post(one)
    assert answer.status_code == 200, answer.text
    return str(answer.json[0])


def test_related_agents_reaches_every_place_and_the_plain_filter_actor_and_object(either: Xapi) -> None:
    for place in agent_places(WANTED):
        wanted = agent(place)
        one = posted(either, agent_places(wanted)[place])
        asked = json.dumps(wanted)
        assert either.ids(agent=asked, related_agents="true") == [one], place
        plain = [one] if place.startswith("*") else []
        assert either.ids(agent=asked) == plain, place
        assert either.ids(agent=asked, related_agents="false") == plain, place


def test_related_agents_reaches_what_2_0_added(xapi2: Xapi) -> None:
    for place in agent_places_of_2_0(WANTED):
        one = posted(xapi2, agent_places_of_2_0(agent(place))[place])
        asked = json.dumps(agent(place))
        assert xapi2.ids(agent=asked, related_agents="true") == [one], place
        assert xapi2.ids(agent=asked) == [], place


def test_related_activities_reaches_every_place_and_the_plain_filter_the_object(either: Xapi) -> None:
    for number, place in enumerate(activity_places(COURSE)):
        wanted = f"{COURSE}/{number}"
        one = posted(either, activity_places(wanted)[place])
        assert either.ids(activity=wanted, related_activities="true") == [one], place
        assert either.ids(activity=wanted) == ([one] if place.startswith("*") else []), place


def test_an_identified_group_is_found_by_its_own_identifier(either: Xapi) -> None:
    one = statement(actor=NAMED)
    either.post([one, statement(actor=MEMBER)])
    asked = json.dumps({"objectType": "Group", "mbox": NAMED["mbox"]})
    assert either.ids(agent=asked) == [one["id"]]


def test_an_agent_is_found_by_its_identifier_whatever_else_is_said_of_it(either: Xapi) -> None:
    one = statement(actor={**WANTED, "name": "Was called this"})
    either.post(one)
    assert either.ids(agent=json.dumps({**WANTED, "name": "Now that", "objectType": "Agent"})) == [one["id"]]


# References

REGISTRATION = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
FILTERS: list[dict[str, str]] = [
    {"verb": RARE["id"]},
    {"agent": json.dumps(WANTED)},
    {"activity": COURSE},
    {"registration": REGISTRATION},
    {"agent": json.dumps(agent("boss")), "related_agents": "true"},
    {"activity": f"{COURSE}/parent", "related_activities": "true"},
]
CONTEXT = {
    "registration": REGISTRATION,
    "instructor": agent("boss"),
    "contextActivities": {"parent": [{"id": f"{COURSE}/parent"}]},
}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_what_refers_to_a_match_is_found_at_any_depth_in_whatever_order_they_came(
    either: Xapi, order: tuple[int, ...]
) -> None:
    target = statement(verb=RARE, actor=WANTED, object={"id": COURSE}, context=CONTEXT)
    middle = ref(target["id"], actor=OTHER)
    chain = [target, middle, ref(middle["id"], actor=OTHER)]
    for index in order:
        posted(either, chain[index])
    either.post([ref(new_id(), actor=OTHER), statement(actor=OTHER, object={"id": "https://example.com/no"})])
    for query in FILTERS:
        assert either.ids(**query) == [chain[index]["id"] for index in reversed(order)], query


def test_filters_are_met_by_the_target_together(either: Xapi) -> None:
    target = statement(verb=RARE, actor=WANTED)
    about = ref(target["id"], actor=OTHER)
    either.post([target, about])
    assert either.ids(verb=RARE["id"], agent=json.dumps(WANTED)) == [about["id"], target["id"]]


def test_a_reference_in_the_context_is_no_reason_to_be_found(either: Xapi) -> None:
    target = statement(verb=RARE)
    context = {"statement": {"objectType": "StatementRef", "id": target["id"]}}
    either.post([target, statement(context=context)])
    assert either.ids(verb=RARE["id"]) == [target["id"]]


def test_since_and_until_speak_of_the_reference_and_not_of_its_target(either: Xapi) -> None:
    target = statement(verb=RARE)
    either.post(target)
    moment = either.get(statementId=target["id"]).json["stored"]
    about = ref(target["id"])
    either.post(about)
    assert either.ids(verb=RARE["id"], since=moment) == [about["id"]]
    assert either.ids(verb=RARE["id"], until=moment) == [target["id"]]


def test_references_in_a_circle_are_found_and_end(either: Xapi) -> None:
    first, second = new_id(), new_id()
    one, two = ref(second, id=first, verb=RARE), ref(first, id=second)
    for each in (one, two):
        assert either.post(each).status_code == 200
    assert either.ids(verb=RARE["id"]) == [second, first]


# Voiding


@pytest.mark.parametrize("how", ["after", "before", "in one batch", "in one batch, first"])
def test_a_statement_is_voided_in_whatever_order_they_came(either: Xapi, how: str) -> None:
    one = statement(verb=RARE)
    void = voiding(one["id"])
    pair = [one, void] if how in ("after", "in one batch") else [void, one]
    for sent in [pair] if "batch" in how else pair:
        assert either.post(sent).status_code == 200
    assert either.get(statementId=one["id"]).status_code == 404
    assert either.get(voidedStatementId=one["id"]).json["id"] == one["id"]
    assert either.get(statementId=void["id"]).status_code == 200
    assert either.ids() == [void["id"]]
    assert either.ids(verb=RARE["id"]) == [void["id"]]


def test_a_voiding_statement_stays_when_another_names_it_first_or_last(either: Xapi) -> None:
    one = statement()
    void = voiding(one["id"])
    for order in ([voiding(void["id"]), void], [void, voiding(void["id"])]):
        for each in order:
            either.post(each)
    either.post(one)
    assert either.get(statementId=void["id"]).status_code == 200
    assert either.get(voidedStatementId=void["id"]).status_code == 404
    assert either.get(statementId=one["id"]).status_code == 404


def test_a_voided_reference_still_leads_from_what_refers_to_it(either: Xapi) -> None:
    target = statement(verb=RARE)
    middle = ref(target["id"])
    outer = ref(middle["id"])
    void = voiding(middle["id"])
    either.post([target, middle, outer, void])
    assert either.ids(verb=RARE["id"]) == [void["id"], outer["id"], target["id"]]


def test_a_voided_statement_that_comes_again_stays_voided(either: Xapi) -> None:
    one = statement()
    either.post([one, voiding(one["id"])])
    assert either.post(one).status_code == 200
    assert either.put(one["id"], one).status_code == 204
    assert either.get(statementId=one["id"]).status_code == 404
    assert either.post({**one, "verb": RARE}).status_code == 409


def test_voiding_twice_is_accepted(either: Xapi) -> None:
    one = statement()
    voids = [voiding(one["id"]), voiding(one["id"])]
    for sent in ([one], voids[:1], voids[1:]):
        assert either.post(sent).status_code == 200
    assert either.ids() == [voids[1]["id"], voids[0]["id"]]


def test_a_refused_voiding_voids_nothing(either: Xapi) -> None:
    one = statement()
    either.post(one)
    assert either.post([voiding(one["id"]), {}]).status_code == 400
    assert either.get(statementId=one["id"]).status_code == 200


def test_a_verb_like_voided_voids_nothing(either: Xapi) -> None:
    one = statement()
    about = ref(one["id"], verb={"id": "http://adlnet.gov/expapi/verbs/Voided"})
    either.post([one, about])
    assert either.get(statementId=one["id"]).status_code == 200


@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
@pytest.mark.parametrize(
    "other",
    [
        {"agent": json.dumps(WANTED)},
        {"verb": RARE["id"]},
        {"activity": COURSE},
        {"registration": new_id()},
        {"related_activities": "true"},
        {"related_agents": "false"},
        {"since": "2026-01-01T00:00:00Z"},
        {"until": "2026-01-01T00:00:00Z"},
        {"limit": "0"},
        {"ascending": "true"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_an_id_stands_beside_format_and_attachments_only(
    anywhere: Xapi, name: str, other: dict[str, str]
) -> None:
    one, gone = statement(), statement()
    anywhere.post([one, gone, voiding(gone["id"])])
    wanted = {name: (one if name == "statementId" else gone)["id"]}
    assert anywhere.get(**wanted, format="ids", attachments="true").status_code == 200
    answer = anywhere.get(**wanted, **other)
    assert answer.status_code == 400
    assert error_of(answer)["details"][0]["path"] in other


# Instants and order


def test_since_is_exclusive_and_until_inclusive_in_any_offset(either: Xapi) -> None:
    ids = [either.post(statement()).json[0] for _ in range(3)]
    stored = either.get(statementId=ids[1]).json["stored"]
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=parse_us(stored))
    for hours in (0, 5.5, -8):
        text = moment.astimezone(timezone(timedelta(hours=hours))).isoformat()
        assert either.ids(since=text) == [ids[2]]
        assert either.ids(until=text) == [ids[1], ids[0]]


def test_a_plus_that_became_a_blank_is_refused_and_not_misread(either: Xapi) -> None:
    answer = either.request("GET", "/xapi/statements?since=2026-01-01T00:00:00+01:00")
    assert answer.status_code == 400
    assert "%2B" in error_of(answer)["details"][0]["expected"]


def test_newest_stored_comes_first_whatever_the_timestamps(either: Xapi) -> None:
    years = (2005, 2001, 2009, 2003)
    ids = [either.post(statement(timestamp=f"{year}-01-01T00:00:00Z")).json[0] for year in years]
    assert either.ids() == ids[::-1]
    assert either.ids(ascending="true") == ids
    stored = [parse_us(one["stored"]) for one in either.get(ascending="true").json["statements"]]
    assert stored == sorted(set(stored))


def test_nothing_found_is_200_and_an_empty_list(either: Xapi) -> None:
    answer = either.get(verb=RARE["id"])
    assert (answer.status_code, answer.json) == (200, {"statements": [], "more": ""})


def test_a_limit_beyond_the_servers_is_the_servers(either: Xapi) -> None:
    either.post([statement() for _ in range(3)])
    assert len(either.ids(limit="99999999999999999999")) == 3
    assert len(either.ids(limit="2")) == 2


# Pages


def pages(xapi: Xapi, **query: Any) -> Iterator[list[str]]:
    page = xapi.get(**query).json
    while True:
        yield [one["id"] for one in page["statements"]]
        if not page["more"]:
            return
        page = xapi.get(page["more"]).json


@pytest.mark.parametrize("ascending", ["true", "false"])
def test_pages_neither_skip_nor_repeat_while_threads_write(either: Xapi, ascending: str) -> None:
    before = either.post([statement(verb=RARE) for _ in range(40)]).json
    stop = threading.Event()
    written: list[list[str]] = [[] for _ in range(3)]

    def write(into: list[str]) -> None:
        client = Xapi(either.http.application.test_client(), either.key_id, either.secret, either.version)
        while not stop.is_set() and len(into) < 400:
            into += client.post([statement(verb=RARE), statement()]).json[:1]

    writers = [threading.Thread(target=write, args=(into,)) for into in written]
    for writer in writers:
        writer.start()
    try:
        seen = [
            one
            for page in itertools.islice(pages(either, verb=RARE["id"], limit="3", ascending=ascending), 200)
            for one in page
        ]
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    after = {one for into in written for one in into}
    assert after, "nothing was written meanwhile"
    assert len(seen) == len(set(seen))
    assert set(before) <= set(seen) <= set(before) | after
    wanted = before if ascending == "true" else before[::-1]
    assert [one for one in seen if one in set(before)] == wanted
    # What was read up to here is exactly what a later reader finds up to here.
    settled = [one for page in pages(either, verb=RARE["id"], limit="500", ascending="true") for one in page]
    found = seen if ascending == "true" else seen[::-1]
    place = settled.index(found[0])
    assert settled[place : place + len(found)] == found


def test_more_resolves_against_the_request_and_keeps_every_parameter(either: Xapi) -> None:
    content = b"once"
    for _ in range(3):
        one = statement(
            verb={**RARE, "display": {"en": "did"}},
            actor=WANTED,
            attachments=[attached(content, fileUrl="https://example.com/f")],
        )
        assert either.post(one).status_code == 200
    either.post(statement(actor=WANTED))
    query = {"agent": json.dumps(WANTED), "verb": RARE["id"], "ascending": "true", "format": "ids"}
    page = either.get(**query, limit="1", attachments="true")
    for number in range(2):
        body = json.loads(page.data.split(b"\r\n\r\n", 1)[1].split(b"\r\n--", 1)[0])
        assert len(body["statements"]) == 1
        assert body["statements"][0]["verb"] == RARE
        assert body["more"].startswith("/xapi/statements?"), number
        page = either.get(body["more"])
        assert page.content_type.startswith("multipart/mixed")
    body = json.loads(page.data.split(b"\r\n\r\n", 1)[1].split(b"\r\n--", 1)[0])
    assert (len(body["statements"]), body["more"]) == (1, "")


def test_a_more_link_asks_for_a_key_of_its_own(either: Xapi) -> None:
    either.post([statement(), statement()])
    more = either.get(limit="1").json["more"]
    assert either.http.get(more, headers={"X-Experience-API-Version": "1.0.3"}).status_code == 401
