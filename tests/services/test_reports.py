"""The questions over a real store: who is in an answer, as of when, and in how few reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lrs.cohort.refused import refused
from lrs.competency.policy import Policy
from lrs.errors import InvalidInput, InvalidParameter, NotFound
from lrs.plugin.manager import load_plugins
from lrs.services.data_quality import Period, look_through
from lrs.services.impact import audit_impact
from lrs.services.reports import Reports, Whom, instant
from lrs.services.wiring import Rapport
from lrs.stores.refusals import Refusal
from tests.clients import Xapi
from tests.services.academy import DE_ESCALATES, fill, gazed, graded, key, on, post, reply, surveys
from tests.web.api.conftest import rating

EVERYBODY = Whom()


@pytest.fixture
def reports(rapport: Rapport, xapi: Xapi) -> Reports:
    """Over a store with the small academy."""
    fill(xapi, rapport)
    return rapport.reports


def officers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["officer"] for row in rows]


def test_recruits_of_a_phase_without_evidence_of_an_indicator(reports: Reports) -> None:
    found = reports.gaps(
        reports.as_of(None),
        Whom(phase="2"),
        competency="communication",
        indicator="de-escalates-before-force",
        lacking=True,
    )
    assert officers(found.as_dict()["officers"]) == [key("R-002"), key("R-009")]
    assert found.read == (key("R-001"), key("R-002"), key("R-009"))


def test_without_a_question_to_the_roster_those_on_it_and_those_with_evidence_are_in(
    reports: Reports,
) -> None:
    rows = reports.gaps(reports.as_of(None), EVERYBODY, competency="communication").as_dict()["officers"]
    assert officers(rows) == [key(name) for name in ("R-001", "R-002", "R-003", "R-004", "R-009")]
    assert [row["unit"] for row in rows] == ["North", "North", "South", "", "South"]


def test_by_trainer_only_theirs_are_in(reports: Reports) -> None:
    found = reports.gaps(reports.as_of(None), Whom(trainer="T-00"), competency="communication")
    assert found.read == (key("R-001"), key("R-003"))


def test_an_earlier_instant_has_the_answer_of_then(reports: Reports, xapi: Xapi) -> None:
    then = reports.as_of(None)
    before = reports.gaps(then, EVERYBODY, competency="communication").as_dict()
    post(xapi, on(DE_ESCALATES, rating("R-002", 5)))
    assert reports.gaps(then, EVERYBODY, competency="communication").as_dict() == before
    now = reports.gaps(reports.as_of(None), EVERYBODY, competency="communication").as_dict()
    assert now["officers"][1]["empty"] == before["officers"][1]["empty"] - 1


def test_reads_do_not_grow_with_the_officers(reports: Reports, monkeypatch: pytest.MonkeyPatch) -> None:
    store, reads = reports._store, []

    def counting(inner: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **options: Any) -> Any:
            reads.append(inner)
            return inner(*args, **options)

        return counted

    for name in ("evidence", "officers", "members", "quarantined", "activations"):
        monkeypatch.setattr(store, name, counting(getattr(store, name)))
    reports.stale(reports.as_of(None), Whom(unit="North"))
    few = len(reads)
    reads.clear()
    reports.stale(reports.as_of(None), EVERYBODY)
    assert few <= len(reads) <= few + 2


def test_a_trend_is_of_one_officer(reports: Reports) -> None:
    date_us = instant("date", (datetime.now(UTC) - timedelta(days=6.5)).isoformat())
    found = reports.trend(reports.as_of(None), reports.resolve("R-001"), "communication", date_us=date_us)
    whole = found.as_dict()
    assert (found.read, whole["officer"], whole["phase"]) == ((key("R-001"),), key("R-001"), "2")
    assert (whole["before"]["encounters"], whole["after"]["encounters"]) == (6, 7)
    assert whole["change"]["given"]


def test_vr_and_field_are_paired_by_officer(reports: Reports, xapi: Xapi) -> None:
    post(xapi, *(graded("R-003", 0.4, days) for days in (1, 2, 3)))
    found = reports.vr_field(reports.as_of(None), EVERYBODY, competency="communication").as_dict()
    [one] = found["competencies"]
    assert (one["n"], one["given"], one["left_out"]) == (1, False, 3)
    assert (one["pairs"][0]["vr"], one["pairs"][0]["field"]) == (0.4, pytest.approx(1 / 6, abs=1e-6))


def test_a_units_survey_has_every_other_unit_beside_it(reports: Reports, xapi: Xapi) -> None:
    for unit, means in (("U-1", (3, 3, 3, 4, 4, 4)), ("U-2", (3, 3, 3, 3, 3, 3))):
        post(xapi, *surveys(unit, means))
    date_us = instant("date", (datetime.now(UTC) - timedelta(days=84)).isoformat())
    found = reports.unit_survey(reports.as_of(None), key("U-1"), "communication", date_us=date_us)
    whole = found.as_dict()
    assert [one["unit"] for one in whole["units"]] == [key("U-1"), key("U-2")]
    assert whole["units"][0]["change"]["points"]["value"] == 1.0
    assert (whole["change"]["given"], whole["change"]["points"]["value"]) == (True, 1.0)
    assert found.read == ()


def test_a_low_and_steady_officer_is_flat(reports: Reports) -> None:
    found = reports.flat(reports.as_of(None), EVERYBODY, competency="communication").as_dict()
    assert officers(found["flat"]) == [key("R-003")]


def test_what_goes_stale_is_told_for_scored_competencies(reports: Reports) -> None:
    lines = reports.stale(reports.as_of(None), EVERYBODY, within_days=179.5).as_dict()["lines"]
    assert {line["officer"] for line in lines} == {key(n) for n in ("R-001", "R-002", "R-003", "R-004")}
    assert {line["competency"] for line in lines} == {"communication"}


def test_raters_are_compared_and_named_among_those_read(reports: Reports) -> None:
    pytest.importorskip("raschpy")
    found = reports.raters(reports.as_of(None), EVERYBODY, "communication")
    raters = [row["rater"] for row in found.as_dict()["raters"]]
    assert sorted(raters) == [key("T-00"), key("T-01")]
    assert {*raters, key("R-003")} <= set(found.read)


def test_unknown_competencies_and_indicators_are_named(reports: Reports) -> None:
    now = reports.as_of(None)
    with pytest.raises(NotFound, match="charm"):
        reports.gaps(now, EVERYBODY, competency="charm")
    with pytest.raises(NotFound, match="whistles"):
        reports.gaps(now, EVERYBODY, indicator="whistles")
    with pytest.raises(InvalidParameter, match="cannot be asked"):
        reports.stale(now, EVERYBODY, competency="bias_reflection")


def test_a_date_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="date is 'soon'"):
        instant("date", "soon")
    assert instant("date", None) is None


def test_every_report_says_what_it_is_and_how_to_read_it(reports: Reports) -> None:
    whole = reports.stale(reports.as_of(None), EVERYBODY).as_dict()
    assert "decides nothing about a person" in whole["about"]
    assert whole["notes"]


# Data quality


def test_statements_are_counted_by_vendor_platform_and_scenario(reports: Reports, xapi: Xapi) -> None:
    post(xapi, graded("R-001", 0.5, 1), gazed("R-001"), gazed("R-002"))
    found = reports.quality(reports.as_of(None)).as_dict()
    [vr] = [line for line in found["lines"] if line["platform"] == "VR"]
    assert vr["authority"] == f"account:{xapi.name}@https://lrs.example"
    assert vr["activity"] == "https://vr.example/scenarios/traffic-stop"
    assert (vr["statements"], vr["recognised"], vr["unrecognised"], vr["evidence"]) == (3, 1, 2, 1)
    assert vr["why_not"]["sampled"] == 2
    assert [reason["times"] for reason in vr["why_not"]["reasons"]] == [2]
    assert found["totals"]["statements"] == 26
    assert found["covered"]["complete"]


def test_of_a_verb_that_no_rule_is_for_that_is_all_that_is_said(
    rapport: Rapport, reports: Reports, xapi: Xapi
) -> None:
    post(xapi, gazed("R-001"))
    by_rules_alone = load_plugins({}, ("problem_solving",))
    period = Period(since_us=-1, until_us=reports.as_of(None), most=100)
    found = look_through(
        rapport.store,
        by_rules_alone,
        by_rules_alone.rubrics,
        Policy(),
        period,
        refused=refused([], "2026-01-01", "2026-01-02"),
        lines=10,
    )
    [vr] = [line for line in found.lines if line.platform == "VR"]
    assert vr.reasons == (("no rule is for the verb https://vr.example/verbs/gazed", 1),)


def test_an_attempt_that_was_not_graded_says_so(reports: Reports, xapi: Xapi) -> None:
    guided = graded("R-001", 0.5, 1)
    guided["context"]["extensions"] = dict.fromkeys(guided["context"]["extensions"], "guided")
    post(xapi, guided)
    [vr] = [line for line in reports.quality(reports.as_of(None)).as_dict()["lines"] if line["platform"]]
    [reason] = vr["why_not"]["reasons"]
    assert "'guided'" in reason["reason"]


def test_what_is_dated_in_the_future_cannot_be_used(reports: Reports, xapi: Xapi) -> None:
    post(xapi, rating("R-001", 5, days_ago=-3))
    found = reports.quality(reports.as_of(None)).as_dict()["totals"]
    assert (found["future"], found["unusable"]) == (1, 1)


def test_not_observed_has_a_share(reports: Reports, xapi: Xapi) -> None:
    post(xapi, rating("R-001", 5, result={"response": "N.O."}))
    assert reports.quality(reports.as_of(None)).as_dict()["totals"]["not_observed"] == 1


def test_a_voided_statement_is_counted_as_such_from_its_voiding_on(reports: Reports, xapi: Xapi) -> None:
    [id_] = post(xapi, rating("R-001", 5))
    then = reports.as_of(None)
    voiding = {
        "actor": {"mbox": "mailto:app@academy.example"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": id_},
    }
    post(xapi, voiding)
    assert reports.quality(reports.as_of(None)).as_dict()["totals"]["voided"] == 1
    assert reports.quality(then).as_dict()["totals"]["voided"] == 0


def test_a_scan_that_was_cut_goes_on_where_it_ended(rapport: Rapport, reports: Reports) -> None:
    now, rubrics, seen, since = reports.as_of(None), rapport.plugins.rubrics, 0, -1
    while True:
        found = look_through(
            rapport.store,
            rapport.plugins,
            rubrics,
            Policy(),
            Period(since_us=since, until_us=now, most=7),
            refused=refused([], "2026-01-01", "2026-01-02"),
            lines=10,
        )
        seen += found.totals["statements"]
        since = found.covered.through_us
        if found.covered.complete:
            break
    assert seen == 23
    assert since == now


def test_what_was_refused_is_told_by_vendor_and_reason_for_the_days_of_the_period(
    rapport: Rapport, reports: Reports, xapi: Xapi
) -> None:
    vendor = f"account:{xapi.name}@https://lrs.example"
    old = Refusal(
        day="2026-01-15",
        authority="mailto:other@vr.example",
        code="conflict",
        path="/id",
        expected="a new id",
        requests=7,
        statements=9,
        last_us=instant("day", "2026-01-15T12:00:00Z") or 0,
    )
    rapport.store.add_refusals([old])
    for _ in range(2):
        assert xapi.post([{**rating("R-001", 5), "verb": {"id": "rated"}}] * 3).status_code == 400
    found = reports.quality(reports.as_of(None)).as_dict()["refused"]
    assert (found["requests"], found["statements"], found["more_reasons"]) == (2, 6, 0)
    [by_vendor] = found["by_vendor"]
    assert (by_vendor["authority"], by_vendor["requests"], by_vendor["statements"]) == (vendor, 2, 6)
    [reason] = found["reasons"]
    assert (reason["authority"], reason["code"], reason["path"]) == (
        vendor,
        "invalid_statement",
        "/*/verb/id",
    )
    assert "IRI" in reason["expected"]
    assert reason["last"] == by_vendor["last"]
    assert found["until"] == reason["last"][:10]
    then = reports.quality(reports.as_of("2026-01-15T00:00:00Z"), since_us=instant("since", "2026-01-15"))
    assert then.as_dict()["refused"]["by_vendor"] == [
        {
            "authority": old.authority,
            "requests": 7,
            "statements": 9,
            "last": "2026-01-15T12:00:00.000000Z",
        }
    ]


# The audit of impact


def groups(folder: Path, *lines: str) -> Path:
    file = folder / "groups.csv"
    file.write_text("account,band\n" + "".join(f"{line}\n" for line in lines))
    return file


def test_the_audit_reads_groups_from_a_file_and_withholds_small_cells(
    reports: Reports, tmp_path: Path
) -> None:
    file = groups(tmp_path, "R-001,a", f"{key('R-002')},b", "R-003,a", "R-404,b")
    found = audit_impact(reports, reports.as_of(None), EVERYBODY, "communication", file).as_dict()
    assert (found["rows"], found["rows_unknown"]) == (4, 1)
    [band] = found["verdicts"]["attributes"]
    assert [(one["group"], one["suppressed"]) for one in band["groups"]] == [("a", True), ("b", True)]


def test_group_data_never_enters_the_store(rapport: Rapport, reports: Reports, tmp_path: Path) -> None:
    file = groups(tmp_path, "R-001,zebra-band", "R-003,zebra-band")
    audit_impact(reports, reports.as_of(None), EVERYBODY, "communication", file)
    rapport.store.close()
    file = Path(rapport.config.store.removeprefix("sqlite:///"))
    stored = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    assert b"communication" in stored
    assert b"zebra-band" not in stored


def test_a_file_of_groups_that_is_not_utf8_is_refused_without_a_word_of_it(
    reports: Reports, tmp_path: Path
) -> None:
    file = tmp_path / "groups.csv"
    file.write_bytes(b"account,band\nR-001,\xff\n")
    with pytest.raises(InvalidInput) as caught:
        audit_impact(reports, reports.as_of(None), EVERYBODY, "communication", file)
    assert "R-001" not in str(caught.value.as_dict())


def test_an_audit_of_nobody_is_refused(reports: Reports, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        audit_impact(
            reports, reports.as_of(None), Whom(unit="West"), "communication", groups(tmp_path, "R-001,a")
        )


def test_a_reply_to_a_survey_of_a_unit_is_on_no_officer(reports: Reports, xapi: Xapi) -> None:
    post(xapi, reply("R-001", 5, 1))
    found = reports.trend(reports.as_of(None), key("R-001"), "communication").as_dict()
    assert {dot["tier"] for dot in found["dots"]} == {"field"}
