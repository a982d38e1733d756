from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from lrs.demo import vocabulary as v
from lrs.demo.academy import generate
from lrs.demo.people import cohort
from lrs.demo.shapes import Vendor


def printed(postings) -> bytes:
    return json.dumps([(p.vendor, p.version, p.posted.isoformat(), p.statement) for p in postings]).encode()


def verb(posting) -> str:
    return posting.statement["verb"]["id"].rpartition("/")[2]


def happened(posting) -> datetime:
    return datetime.fromisoformat(posting.statement["timestamp"])


def extensions(posting) -> dict:
    return posting.statement.get("context", {}).get("extensions", {})


def account(agent: dict) -> str:
    return agent["account"]["name"]


def agents(value):
    """Every agent and group anywhere in a statement."""
    if isinstance(value, dict):
        if "account" in value:
            yield value
        for part in value.values():
            yield from agents(part)
    elif isinstance(value, list):
        for part in value:
            yield from agents(part)


def officer(posting) -> str | None:
    """Account of the recruit whom a rating is about."""
    found = {account(agent) for agent in agents(posting.statement) if account(agent).startswith("R-")}
    assert len(found) <= 1
    return next(iter(found), None)


def ratings(postings):
    """Ride-along ratings."""
    for posting in postings:
        marked = extensions(posting).get(v.ASSESSMENT_TYPE, "field-observation")
        item = posting.statement["object"].get("definition", {}).get("type")
        if item == v.CHECKLIST_ITEM and marked == "field-observation":
            yield posting


def test_the_same_arguments_give_the_same_bytes(until, small):
    assert printed(generate(until=until, scale=0.25)) == printed(small)


def test_another_seed_gives_another_academy(until, small):
    other = generate(until=until, seed=2, scale=0.25)
    assert not {p.statement["id"] for p in other} & {p.statement["id"] for p in small}


def test_another_instant_moves_the_same_statements(until, small):
    later = generate(until=until + timedelta(days=1), scale=0.25)
    assert {p.statement["id"] for p in later} == {p.statement["id"] for p in small}
    assert max(map(happened, later)) - max(map(happened, small)) == timedelta(days=1)


def test_an_instant_without_an_offset_is_refused(until):
    with pytest.raises(ValueError, match="offset"):
        generate(until=until.replace(tzinfo=None), scale=0.05)


def test_an_instant_in_another_zone_is_the_same_instant(until, small):
    from datetime import timezone

    abroad = generate(until=until.astimezone(timezone(timedelta(hours=-5))), scale=0.25)
    assert [p.statement for p in abroad] == [p.statement for p in small]


def test_every_id_is_a_random_uuid_of_its_own(academy):
    ids = [posting.statement["id"] for posting in academy]
    assert len(set(ids)) == len(ids)
    assert all(UUID(one).version == 4 for one in ids)


def test_the_full_academy_has_about_twenty_two_thousand_statements(academy):
    assert 20_000 <= len(academy) <= 24_000


def test_every_source_is_there_in_volume(academy):
    verbs = Counter(map(verb, academy))
    marked = Counter(extensions(posting).get(v.ASSESSMENT_TYPE) for posting in academy)
    modes = Counter(extensions(p)[v.MODE] for p in academy if v.MODE in extensions(p) and verb(p) != "gazed")
    assert verbs["gazed"] + verbs["grabbed"] + verbs["nodded"] > 5000
    assert min(verbs[name] for name in ("passed", "failed", "completed", "scored", "mentored")) > 50
    assert verbs["answered"] > 1000
    assert sum(1 for _ in ratings(academy)) > 5000
    assert all(
        marked[kind] > 50
        for kind in ("role-play", "supervisor-evaluation", "self-report", "survey", "stakeholder-feedback")
    )
    assert all(modes[mode] > 100 for mode in ("graded", "guided", "tutorial", "freeplay"))


def test_every_vendor_posts(academy):
    assert {posting.vendor for posting in academy} == set(Vendor)


def test_the_observation_app_posts_in_both_versions(small):
    versions = {posting.version for posting in small if posting.vendor is Vendor.OBSERVATION}
    assert versions == {"1.0.3", "2.0.0"}


def test_half_of_the_ratings_have_the_rater_as_actor(academy):
    found = list(ratings(academy))
    by_rater = sum(account(posting.statement["actor"]).startswith("T-") for posting in found)
    assert 0.35 < by_rater / len(found) < 0.65


def test_every_rating_names_one_officer_and_one_rater(academy):
    for posting in ratings(academy):
        kinds = Counter(account(agent)[0] for agent in agents(posting.statement))
        assert kinds == {"R": 1, "T": 1}


def test_context_agents_are_posted_as_two_point_zero(academy):
    shaped = [posting for posting in academy if "contextAgents" in posting.statement.get("context", {})]
    assert shaped
    assert {posting.version for posting in shaped} == {"2.0.0"}


def test_ratings_keep_to_the_scale_from_one_to_seven(academy):
    scores = [p.statement["result"]["score"] for p in ratings(academy) if "score" in p.statement["result"]]
    assert {score["raw"] for score in scores} == set(range(1, 8))
    assert {(score["min"], score["max"]) for score in scores} == {(1, 7)}


def test_not_observed_never_comes_with_a_number(academy):
    unseen = [p.statement["result"] for p in ratings(academy) if "score" not in p.statement["result"]]
    assert {result.get("response", "extension") for result in unseen} == {"N.O.", "not observed", "extension"}


def test_somebody_is_flagged_on_one_item_three_times_as_not_responding(academy):
    flagged = Counter(
        (officer(posting), posting.statement["object"]["definition"]["name"]["en-US"])
        for posting in ratings(academy)
        if posting.statement["result"].get("extensions", {}).get(v.NOT_RESPONDING)
    )
    assert max(flagged.values()) >= 3


def test_postings_are_in_order_of_time_and_none_is_later_than_asked_for(academy, until):
    assert all(one.posted <= two.posted for one, two in pairwise(academy))
    assert academy[-1].posted <= until
    assert all(happened(posting) <= posting.posted for posting in academy)


def test_some_evidence_comes_weeks_late(academy):
    late = [p for p in academy if p.posted - happened(p) > timedelta(days=9)]
    assert 50 < len(late) < 1000


def test_a_voiding_statement_refers_to_an_earlier_one_of_the_same_vendor_and_version(academy):
    seen = {}
    voided = 0
    for posting in academy:
        seen[posting.statement["id"]] = posting
        if verb(posting) == "voided":
            target = seen[posting.statement["object"]["id"]]
            assert (target.vendor, target.version) == (posting.vendor, posting.version)
            assert verb(target) != "voided"
            voided += 1
    assert voided >= 10


def test_a_voided_report_is_followed_by_its_correction(small):
    places = {posting.statement["id"]: place for place, posting in enumerate(small)}
    for place, posting in enumerate(small):
        if verb(posting) == "voided":
            slip = small[places[posting.statement["object"]["id"]]].statement
            corrected = [
                p.statement
                for p in small[place:]
                if p.statement.get("context") == slip["context"]
                and p.statement["object"] == slip["object"]
                and p.statement["timestamp"] == slip["timestamp"]
            ]
            assert len(corrected) == 1
            assert corrected[0]["id"] != slip["id"]


def test_no_survey_is_about_an_individual(academy):
    surveys = [p for p in academy if extensions(p).get(v.ASSESSMENT_TYPE) == "survey"]
    assert {posting.statement["actor"]["objectType"] for posting in surveys} == {"Group"}
    assert all(account(agent).startswith("U-") for p in surveys for agent in agents(p.statement))


def test_everybody_is_plainly_invented(academy):
    named = {
        (account(agent), agent["name"], agent["account"]["homePage"])
        for p in academy
        for agent in agents(p.statement)
    }
    words = {"R": "Recruit", "T": "Training officer", "S": "Supervisor", "P": "Partner", "U": "Unit"}
    for name, shown, home in named:
        assert home == "https://academy.example"
        assert shown.startswith(words[name[0]])
        assert name[1] == "-"
        assert name[2:].isdigit()


def test_no_statement_leads_to_a_real_site(small):
    text = json.dumps([posting.statement for posting in small])
    hosts = {
        part.split("/")[0].split('"')[0] for part in text.replace("http://", "https://").split("https://")[1:]
    }
    vocabularies = {"adlnet.gov", "id.tincanapi.com", "w3id.org", "activitystrea.ms"}
    assert all(host.endswith(".example") for host in hosts - vocabularies)


def test_the_one_without_leadership_has_no_word_about_it(small):
    lacking = next(r for r in cohort(1, 0.25).recruits if r.character == "no_leadership")
    about = [json.dumps(p.statement) for p in small if officer(p) == lacking.account]
    assert about
    assert not [text for text in about if "leadership" in text]


def test_the_one_on_leave_has_nothing_of_the_last_half_year(small, until):
    away = next(r for r in cohort(1, 0.25).recruits if r.character == "away")
    newest = max(happened(p) for p in small if officer(p) == away.account)
    assert until - newest > timedelta(days=180)


def test_severe_raters_give_lower_ratings_than_lenient_ones(academy):
    severity = {f"T-{rater.number:02}": rater.severity for rater in cohort(1).raters}
    given = {name: [] for name in severity}
    for posting in ratings(academy):
        if "score" in posting.statement["result"]:
            rater = next(account(a) for a in agents(posting.statement) if account(a).startswith("T-"))
            given[rater].append(posting.statement["result"]["score"]["raw"])
    means = {name: sum(raws) / len(raws) for name, raws in given.items()}
    severe, lenient = min(severity, key=severity.get), max(severity, key=severity.get)
    assert means[lenient] - means[severe] > 1


def speaks_to(posting) -> str:
    """The category of a statement."""
    return posting.statement["context"]["contextActivities"]["category"][0]["id"]


@pytest.mark.parametrize("competency", ["communication", "community_survey"])
def test_the_survey_of_the_unit_that_took_the_course_rises_and_that_of_the_others_does_not(
    academy, competency
):
    middle = min(p.posted for p in academy if extensions(p).get(v.ASSESSMENT_TYPE) == "survey") + timedelta(
        weeks=9
    )

    def rise(unit: str) -> float:
        halves = {False: [], True: []}
        for posting in academy:
            if account(posting.statement["actor"]) == unit and competency in speaks_to(posting):
                halves[posting.posted > middle].append(int(posting.statement["result"]["response"]))
        return sum(halves[True]) / len(halves[True]) - sum(halves[False]) / len(halves[False])

    assert rise("U-01") > 0.35
    assert all(abs(rise(unit)) < 0.35 for unit in ("U-02", "U-03", "U-04"))
