"""An officer's profile as PDF."""

from __future__ import annotations

import pytest

from lrs.charts.tiers import tiers_chart
from lrs.charts.waterfall import waterfall_chart
from lrs.paper.profile import profile_pdf
from tests.paper.conftest import Of, contest, explained, kept_standards, rejoinder, words

HOSTILE = '#panic("x") $ @ * \\ \u202e <b> 😀'
NOWHERE = "11111111-2222-4333-8444-555555555555"


def first_statement(answers: dict, competency: str = "communication") -> str:
    return explained(answers, competency)["votes"][0]["ratings"][0]["statement_id"]


def test_it_says_of_whom_it_is_of_when_by_whom_it_was_printed_and_what_it_is(of: Of) -> None:
    answers = of("R-001")
    pdf = profile_pdf(**answers)
    found = words(pdf)
    assert pdf.startswith(b"%PDF")
    assert "Competency profile of Recruit 1 (R-001)" in found
    for said in ("Unit North", "Phase of training 2", "Training officer T-00", answers["who"]["officer"]):
        assert said in found
    assert answers["profile"]["as_of"] in found
    assert "Printed 2026-11-28 17:00 UTC, by T-00" in found
    assert answers["profile"]["about"] in found


def test_every_number_of_a_competency_is_on_it(of: Of) -> None:
    answers = of("R-001")
    found = words(profile_pdf(**answers))
    e = explained(answers, "communication")
    low, high = e["estimate"]["interval"]
    assert e["verdict"] == "at_standard"
    assert "✓ at standard: what is recorded is at or above the cut" in found
    assert f"{e['estimate']['score']:.2f}; 90 % interval {low:.2f} to {high:.2f}" in found
    assert f"{e['counts']['text']}." in found
    for gate in e["gates"]:
        assert gate["reason"] in found
    for formula in e["formulae"]:
        assert formula["filled"] in found
    for one in e["indicators"]:
        assert one["name"] in found
    assert f"Policy {e['model']['policy_digest'][:8]}: half-life 30 days;" in found


def test_every_rating_is_on_it_with_its_statement_in_full(of: Of) -> None:
    answers = of("R-001")
    found = words(profile_pdf(**answers))
    votes = explained(answers, "communication")["votes"]
    assert len(votes) == 13
    for vote in votes:
        assert f"{vote['s']:.3f} {vote['weight']:.3f} {vote['to_e']:.3f}" in found
        for rating in vote["ratings"]:
            assert f"{rating['rating']:g} ({rating['scale']})" in found
            assert f"{rating['statement_id']} {rating['sha256']}" in found


def test_what_is_missing_for_a_decision_is_said(of: Of) -> None:
    answers = of("R-002")
    found = words(profile_pdf(**answers))
    missing = explained(answers, "communication")["to_decide"]
    assert missing
    for said in missing:
        assert said in found


def test_versions_are_on_it(of: Of) -> None:
    answers = of("R-001")
    found = words(profile_pdf(**answers))
    profile = answers["profile"]
    assert "Rapport 1.2.3" in found
    assert f"Model {profile['model']['id']}" in found
    assert profile["model"]["policy_digest"] in found
    for part in profile["competencies"]:
        assert f"{part['name']} {part['rubric']['version']} {part['rubric']['digest']}" in found
    for name, version in profile["plugins"].items():
        assert f"{name} {version}" in found


def test_warnings_come_first_and_once(of: Of) -> None:
    answers = of("R-001")
    for whole in (answers["profile"], *answers["explanations"]):
        whole["warnings"] = ["A plugin failed on a statement."]
    explained(answers, "communication")["warnings"].append("One more, on this competency.")
    found = words(profile_pdf(**answers))
    assert found.count("A plugin failed on a statement.") == 1
    assert found.index("A plugin failed") < found.index("Summary Competency")
    assert "One more, on this competency." in found


def test_a_contest_and_a_rejoinder_stand_beside_their_item(of: Of) -> None:
    answers = of("R-001")
    votes = explained(answers, "communication")["votes"]
    item, after = votes[0]["ratings"][-1]["statement_id"], votes[1]["ratings"][0]["statement_id"]
    answers["contests"] = [contest(answers, item)]
    answers["rejoinders"] = [rejoinder(answers, item, "The radio was out of order.\nI said so.")]
    found = words(profile_pdf(**answers))
    order = [
        f" {item[:8]} Contested on 2026-11-20 09:00 UTC",
        "It was my partner who spoke.",
        "Open, to be decided by 2026-12-20 09:00 UTC.",
        "Rejoinder of the officer, 2026-11-21 09:00 UTC",
        "The radio was out of order. I said so.",
        f" {after[:8]} ",
    ]
    places = [found.index(said) for said in order]
    assert places == sorted(places)
    assert "1 contest (1 open), 1 rejoinder" in found


def test_the_reasons_of_a_refusal_are_kept_beside_the_item(of: Of) -> None:
    answers = of("R-001")
    decided = {"state": "refused", "decided": "2026-11-22T08:00:00.000000Z", "decided_by": "S-02"}
    item = first_statement(answers)
    answers["contests"] = [contest(answers, item, **decided, reasons="The notes are of that day.")]
    found = words(profile_pdf(**answers))
    assert "Refused: the item stays, on 2026-11-22 08:00 UTC by S-02. The notes are of that day." in found


def test_what_is_said_to_a_statement_that_was_voided_is_not_lost(of: Of) -> None:
    answers = of("R-001")
    decided = {
        "state": "granted",
        "decided": "2026-11-22T08:00:00.000000Z",
        "voiding_id": NOWHERE.replace("1", "2"),
        "reissued_id": NOWHERE.replace("1", "3"),
    }
    assert "not in this record" not in words(profile_pdf(**answers))
    answers["contests"] = [contest(answers, NOWHERE, **decided)]
    found = words(profile_pdf(**answers))
    assert "Contests and rejoinders on what is not in this record" in found
    assert f"Statement {NOWHERE}" in found
    assert f"Voided by statement {decided['voiding_id']}." in found
    assert f"Recorded anew as statement {decided['reissued_id']}." in found


def test_what_was_said_to_an_item_stands_at_the_one_that_was_recorded_anew(of: Of) -> None:
    answers = of("R-001")
    anew = first_statement(answers)
    decided = {"state": "granted", "decided": "2026-11-22T08:00:00.000000Z", "voiding_id": "v"}
    answers["contests"] = [contest(answers, NOWHERE, **decided, reissued_id=anew)]
    found = words(profile_pdf(**answers))
    assert f"{anew[:8]} Contested on 2026-11-20 09:00 UTC, statement {NOWHERE[:8]}" in found
    assert "not in this record" not in found


def test_the_audit_trail_has_its_newest_entry_by_itself(of: Of) -> None:
    answers = of("R-001")
    assert "No entry was given with this print." in words(profile_pdf(**answers))
    answers["trail"] = [
        {
            "number": number,
            "at": "2026-11-28T16:00:00.000000Z",
            "actor": f"user:{NOWHERE}",
            "action": "read profile",
            "sha256": f"{number:064d}",
        }
        for number in (9, 12, 10)
    ]
    found = words(profile_pdf(**answers))
    assert f"Newest entry number 12 Its SHA-256 {12:064d}" in found
    assert f"9 2026-11-28 16:00 UTC user:{NOWHERE}".replace(" ", "") in found.replace(" ", "")


def test_an_officer_without_evidence_has_a_profile_that_says_so(of: Of) -> None:
    pdf = profile_pdf(**of("R-009"))
    found = words(pdf)
    assert kept_standards(pdf)
    assert "Nothing is recorded on any of its indicators: Lets others finish;" in found
    assert "Statements that this record rests on There is none." in found
    assert "Evidence that counts" not in found


def test_who_is_on_no_roster_is_called_by_the_account(of: Of) -> None:
    found = words(profile_pdf(**of("R-004")))
    assert "Competency profile of R-004" in found
    assert "Unit not said" in found


def test_charts_are_drawn_with_title_subtitle_and_text_in_their_place(of: Of) -> None:
    answers = of("R-001")
    e = explained(answers, "communication")
    tiers, waterfall = tiers_chart(e), waterfall_chart(e)
    pdf = profile_pdf(**answers, charts={"communication": [tiers, waterfall]})
    found = words(pdf)
    assert kept_standards(pdf)
    assert tiers.summary.encode("utf-16-be") in pdf or tiers.summary.encode() in pdf or b"/Alt" in pdf
    for said in (tiers.title, tiers.subtitle, waterfall.title):
        assert " ".join(said.split()) in found
    assert found.index(tiers.title) < found.index("Indicators of the rubric", found.index(tiers.title))
    assert found.index(waterfall.title) < found.index("Evidence that counts", found.index(tiers.title))
    assert len(pdf) > len(profile_pdf(**answers, charts={})) + 5000


def test_tiers_and_waterfall_are_drawn_unless_other_charts_are_given(of: Of) -> None:
    answers = of("R-001")
    e = explained(answers, "communication")
    found = words(profile_pdf(**answers))
    assert " ".join(tiers_chart(e).title.split()) in found
    assert " ".join(waterfall_chart(e, name="Recruit 1").title.split()) in found
    assert tiers_chart(e).title not in words(profile_pdf(**answers, charts={}))


def test_a_chart_without_a_drawing_says_why(of: Of) -> None:
    answers = of("R-009")
    chart = waterfall_chart(explained(answers, "communication"))
    assert chart.spec is None
    assert " ".join(chart.empty.split()) in words(profile_pdf(**answers, charts={"communication": [chart]}))


def test_only_what_is_explained_has_pages_of_its_own(of: Of) -> None:
    answers = of("R-001")
    answers["explanations"] = [explained(answers, "leadership")]
    found = words(profile_pdf(**answers))
    assert "Evidence that counts" not in found
    assert explained(answers, "leadership")["to_decide"][0] in found
    assert "Communication ✓ at standard" in found


def test_nothing_that_people_write_is_markup_or_fails(of: Of) -> None:
    answers = of("R-001")
    item = first_statement(answers)
    answers["who"] |= {"name": HOSTILE, "unit": "x" * 5000, "phase": HOSTILE, "trainer": HOSTILE}
    answers["contests"] = [
        contest(answers, item, reason_given=HOSTILE, reasons=HOSTILE, state="refused", decided=None)
    ]
    answers["rejoinders"] = [rejoinder(answers, item, f"{HOSTILE}\n{'y' * 5000}END")]
    answers["printed"] = {**answers["printed"], "by": HOSTILE}
    e = explained(answers, "communication")
    for vote in e["votes"]:
        vote["rater"] = vote["encounter"] = HOSTILE + "z" * 5000
    for one in e["raters"]:
        one["rater"] = HOSTILE + "z" * 5000
    charts = {"communication": [tiers_chart(e), waterfall_chart(e, name=HOSTILE)]}
    pdf = profile_pdf(**answers, charts=charts)
    found = words(pdf)
    assert kept_standards(pdf)
    assert '#panic("x") $ @ * \\ <b> □' in found
    assert "END" in found


def test_the_same_arguments_give_the_same_bytes(of: Of) -> None:
    charts = {"communication": [tiers_chart(explained(of("R-001"), "communication"))]}
    assert profile_pdf(**of("R-001"), charts=charts) == profile_pdf(**of("R-001"), charts=charts)


@pytest.mark.parametrize("where", ["who", "explanations", "contests", "rejoinders"])
def test_people_are_never_mixed(of: Of, where: str) -> None:
    answers, other = of("R-001"), of("R-002")
    changed = {
        "who": other["who"],
        "explanations": other["explanations"],
        "contests": [contest(other, NOWHERE)],
        "rejoinders": [rejoinder(other, NOWHERE, "said")],
    }
    with pytest.raises(ValueError, match="R-002"):
        profile_pdf(**{**answers, where: changed[where]})


def test_instants_are_never_mixed(of: Of) -> None:
    answers = of("R-001")
    answers["explanations"][0]["as_of"] = "2026-01-01T00:00:00.000000Z"
    with pytest.raises(ValueError, match="different instants"):
        profile_pdf(**answers)
