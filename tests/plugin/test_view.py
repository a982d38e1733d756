from __future__ import annotations

from typing import Any

import pytest

from lrs.competency.evidence import Flag
from lrs.plugin import StatementView
from lrs.plugin.aliases import standard_aliases
from lrs.plugin.testing import statement
from lrs.plugin.vocabulary import COMPETENCY_SCORES, ENCOUNTER, MODE, NOT_OBSERVED, OFFICER, OFFICER_ROLE

REGISTRATION = "9F0E5A52-5F0C-4B7E-8A86-2B8B7D0A4C11"
OFFICER_1 = {"mbox": "mailto:one@academy.example"}
OFFICER_2 = {"mbox": "mailto:two@academy.example"}


def view(**parts: Any) -> StatementView:
    return StatementView(statement(**parts))


@pytest.mark.parametrize(
    "sent",
    [
        "http://id.tincanapi.com/verb/rated",
        "https://id.tincanapi.com/verb/rated",
        "http://id.tincanapi.com/verbs/rated",
        "https://id.tincanapi.com/verbs/rated",
    ],
)
def test_a_misspelt_verb_is_the_verb_that_is_meant(sent: str) -> None:
    assert view(verb=sent).verb == "http://id.tincanapi.com/verb/rated"


def test_a_verb_that_the_table_does_not_know_stays_as_it_is() -> None:
    assert view(verb="https://vr.example/verbs/gazed").verb == "https://vr.example/verbs/gazed"


def test_a_misspelt_activity_type_is_the_type_that_is_meant() -> None:
    sent = {
        "id": "https://a.example/1",
        "definition": {"type": "https://adlnet.gov/expapi/activities/course"},
    }
    assert view(object=sent).object_type == "http://adlnet.gov/expapi/activities/course"


def test_a_misspelt_extension_key_is_the_key_that_is_meant() -> None:
    wrong = "http://w3id.org/xapi/rapport/extension/mode"
    assert view(context={"extensions": {wrong: "graded", "https://a.example/b": 1}}).context_extensions == {
        MODE: "graded",
        "https://a.example/b": 1,
    }


@pytest.mark.parametrize("wrong_first", [True, False])
def test_of_a_wrong_and_a_right_extension_key_the_right_one_counts(wrong_first: bool) -> None:
    sent = {"http://w3id.org/xapi/rapport/extensions/mode": "guided", MODE: "graded"}
    ordered = sent if wrong_first else dict(reversed(sent.items()))
    assert view(context={"extensions": ordered}).context_extensions == {MODE: "graded"}


def test_every_variant_of_an_iri_is_put_right_again() -> None:
    aliases = standard_aliases()
    for right in set(aliases.canonical.values()):
        assert right in aliases.variants(right)
        assert {aliases.right(sent) for sent in aliases.variants(right)} == {right}


def test_no_wrong_iri_is_a_right_one_as_well() -> None:
    aliases = standard_aliases()
    assert not aliases.canonical.keys() & set(aliases.canonical.values())


def test_an_object_that_is_an_agent_has_no_activity_id() -> None:
    assert view(object={"objectType": "Agent", "mbox": "mailto:one@academy.example"}).object_id is None


def test_a_context_activity_may_stand_without_its_array() -> None:
    seen = view(context={"contextActivities": {"parent": {"id": "https://a.example/p"}}})
    assert (seen.parents, seen.groupings) == (("https://a.example/p",), ())
    assert seen.activities == ("https://academy.example/activities/1", "https://a.example/p")


def test_types_of_the_context_are_those_of_parents_and_groupings() -> None:
    simulation = {
        "id": "https://a.example/s",
        "definition": {"type": "https://adlnet.gov/expapi/activities/simulation"},
    }
    plain = {"id": "https://a.example/plain"}
    seen = view(context={"contextActivities": {"grouping": [plain, simulation], "other": [simulation]}})
    assert seen.context_types == ("http://adlnet.gov/expapi/activities/simulation",)


def test_other_activities_say_nothing_of_what_a_statement_speaks_to() -> None:
    seen = view(context={"contextActivities": {"other": [{"id": "https://a.example/o"}]}})
    assert seen.others == ("https://a.example/o",)
    assert "https://a.example/o" not in seen.activities


def test_an_encounter_is_the_registration_before_anything_else() -> None:
    context = {"registration": REGISTRATION, "extensions": {ENCOUNTER: "shift-7"}}
    assert view(context=context).encounter == REGISTRATION.lower()


def test_an_encounter_may_be_named_by_an_extension() -> None:
    assert view(context={"extensions": {ENCOUNTER: "shift-7"}}).encounter == "shift-7"


@pytest.mark.parametrize("named", ["", 7, None, ["shift-7"]])
def test_an_encounter_that_is_no_text_is_not_taken(named: object) -> None:
    seen = view(context={"extensions": {ENCOUNTER: named}})
    assert seen.encounter == "2026-01-15|https://academy.example/activities/1"


def test_without_either_an_encounter_is_the_day_where_it_happened_and_the_parent() -> None:
    parents = {"contextActivities": {"parent": [{"id": "https://a.example/shift"}]}}
    seen = view(timestamp="2026-01-15T23:30:00-05:00", context=parents)
    assert seen.encounter == "2026-01-15|https://a.example/shift"


def test_a_timestamp_is_microseconds_since_the_epoch() -> None:
    assert view(timestamp="1970-01-01T00:00:01.5Z").timestamp_us == 1_500_000


def test_of_an_authority_of_two_it_is_the_application_that_counts() -> None:
    pair = {
        "objectType": "Group",
        "member": [{"mbox": "mailto:app@a.example"}, {"mbox": "mailto:user@a.example"}],
    }
    assert view(authority=pair).authority_key == "mailto:app@a.example"


def test_officers_are_named_by_role_and_by_extension() -> None:
    entries = [
        {
            "objectType": "contextAgent",
            "agent": OFFICER_1,
            "relevantTypes": ["https://a.example/x", OFFICER_ROLE],
        },
        {
            "objectType": "contextAgent",
            "agent": {"mbox": "mailto:x@a.example"},
            "relevantTypes": ["https://a.example/x"],
        },
    ]
    assert view(context={"contextAgents": entries, "extensions": {OFFICER: OFFICER_2}}).officers == (
        OFFICER_1,
        OFFICER_2,
    )


@pytest.mark.parametrize(
    "sent",
    [
        "R-1",
        1,
        None,
        {},
        {"mbox": 1},
        {"account": {"name": "R-1"}},
        {"account": "R-1"},
        {"mbox": "a", "openid": "b"},
    ],
)
def test_an_officer_extension_that_holds_no_agent_is_seen_as_nobody(sent: object) -> None:
    assert view(context={"extensions": {OFFICER: sent}}).officers == ({},)


def test_competency_scores_that_are_no_object_are_none() -> None:
    assert view(result={"extensions": {COMPETENCY_SCORES: [0.5]}}).competency_scores == {}


@pytest.mark.parametrize("token", ["N.O.", "NO", " not observed ", "n/o"])
def test_a_response_may_say_not_observed(token: str) -> None:
    seen = view(result={"response": token})
    assert (seen.flags, seen.spoken_flags) == (frozenset(), {Flag.NOT_OBSERVED})


def test_a_response_may_say_nrt_beside_the_extension_for_not_observed() -> None:
    seen = view(result={"response": "NRT", "extensions": {NOT_OBSERVED: True}})
    assert (seen.flags, seen.spoken_flags) == ({Flag.NOT_OBSERVED}, {Flag.NOT_OBSERVED, Flag.NOT_RESPONDING})


@pytest.mark.parametrize("sent", [False, "true", 1, None])
def test_only_true_sets_a_flag(sent: object) -> None:
    assert view(result={"extensions": {NOT_OBSERVED: sent}}).flags == frozenset()
