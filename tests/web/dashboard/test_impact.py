"""Group gaps: how the audit is run; its result shown, and believed no further than its counts."""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from lrs.cohort.groups import Groups
from lrs.cohort.impact import adverse_impact
from lrs.cohort.rater_groups import rater_group_effects
from lrs.cohort.votes import Ballot
from lrs.competency.estimate import Verdict
from lrs.services.impact import ImpactReport
from lrs.services.wiring import Rapport
from lrs.web.dashboard.impact_file import MOST_BYTES
from tests.services.academy import key
from tests.web.dashboard.conftest import Browser, SignedIn, actions

COUNTS = {"young": (12, 8, 5), "middle": (30, 10, 0), "old": (20, 20, 2), "few": (1, 2, 0)}
"""By group: at standard, below, not decided."""
HOSTILE = '<script>alert("x")</script>'


def audited(
    counts: Mapping[str, tuple[int, int, int]] = COUNTS, *, minimum: int = 5, **parts: Any
) -> dict[str, Any]:
    """What `lrs report impact --json` answers of such a cohort: made by the same code, on one attribute."""
    verdicts: dict[str, Verdict] = {}
    members: dict[str, str] = {}
    kinds = (Verdict.AT_STANDARD, Verdict.BELOW_STANDARD, Verdict.UNDETERMINED)
    for group, numbers in counts.items():
        for verdict, people in zip(kinds, numbers, strict=True):
            for n in range(people):
                someone = key(f"{group}-{verdict}-{n}")
                verdicts[someone], members[someone] = verdict, group
    groups = Groups(by_attribute={"age": members}, rows=len(members), unknown=0)
    report = ImpactReport(
        competency="communication",
        as_of_us=1_790_000_000_000_000,
        groups=groups,
        verdicts=adverse_impact(verdicts, groups, minimum=minimum),
        raters=rater_group_effects(_ballots(members), groups),
        refused=None,
    )
    answer: dict[str, Any] = json.loads(json.dumps({**report.as_dict(), **parts}))
    return answer


def _ballots(members: dict[str, str]) -> list[Ballot]:
    """Two raters of everybody, one of whom is a point more severe."""
    return [
        Ballot(rater=key(rater), officer=officer, encounter=f"{rater} {officer}", value=value)
        for officer in members
        for rater, value in (("T-00", 4.0), ("T-01", 5.0))
    ]


def shown(browser: Browser, report: Any, **fields: Any) -> Any:
    return browser.send("/dashboard/impact", {"result": json.dumps(report), **fields})


@pytest.fixture
def supervisor(signed_in: SignedIn) -> Browser:
    return signed_in("supervisor")


@pytest.mark.parametrize("name", ["supervisor", "auditor"])
def test_the_page_says_how_the_audit_is_run_and_asks_for_no_groups(signed_in: SignedIn, name: str) -> None:
    page = signed_in(name).get("/dashboard/impact")
    assert page.status_code == 200
    assert "lrs report impact --groups groups.csv --competency communication --json" in page.text
    assert re.findall(r'<(?:input|textarea)[^>]* name="([^"]+)"', page.text.partition("<main")[2]) == [
        "csrf",
        "file",
        "result",
    ]


@pytest.mark.parametrize("name", ["officer", "training_officer", "administrator"])
def test_others_see_neither_page_nor_result(signed_in: SignedIn, name: str) -> None:
    browser = signed_in(name)
    assert browser.get("/dashboard/impact").status_code == 403
    assert shown(browser, audited()).status_code == 403


def test_ratios_are_drawn_with_the_line_and_n(supervisor: Browser) -> None:
    page = shown(supervisor, audited())
    assert page.status_code == 200
    [spec] = re.findall(r'<script type="application/json">(.*?)</script>', page.text)
    assert '"ratio": 0.8' in spec
    assert "n 40" in spec
    assert "old: ratio 0.67 (interval" in page.text.replace("age, ", "")
    assert "Fisher p" in page.text


def test_withheld_groups_are_shown_as_withheld(supervisor: Browser) -> None:
    report = audited()
    withheld = {g["group"] for g in report["verdicts"]["attributes"][0]["groups"] if g["suppressed"]}
    assert withheld == {"few", "young"}  # the smallest with it, or the few could be worked out
    page = shown(supervisor, report).text
    assert "Withheld in age: few, young." in page
    assert "few: withheld" in page.replace("age, ", "")


def test_a_file_does_as_well_as_its_text(supervisor: Browser) -> None:
    file = (io.BytesIO(b"\xef\xbb\xbf" + json.dumps(audited()).encode()), "impact.json")
    page = supervisor.send("/dashboard/impact", {"file": file}, content_type="multipart/form-data")
    assert page.status_code == 200
    assert "Withheld in age" in page.text


def test_nothing_of_it_is_kept(supervisor: Browser, rapport: Rapport) -> None:
    before = actions(rapport)
    assert shown(supervisor, audited()).status_code == 200
    assert actions(rapport) == before
    assert "Withheld in age" not in supervisor.get("/dashboard/impact").text


def test_raters_are_told_by_group(supervisor: Browser) -> None:
    page = shown(supervisor, audited()).text
    table = re.search(r"Raters by age</caption>.*?</table>", page, re.DOTALL)
    assert table
    # Of each rater the few are withheld, and with them the smallest of the others.
    assert re.findall(r'<th scope="row">([^<]+)<', table[0]) == ["T-00", "T-00", "T-01", "T-01"]
    assert "-1.00" in table[0]
    assert "4 of 8 cells are withheld." in page


def test_an_auditor_reads_no_name_of_a_rater(signed_in: SignedIn) -> None:
    browser = signed_in("auditor")
    page = shown(browser, audited()).text
    table = re.search(r"Raters by age</caption>.*?</table>", page, re.DOTALL)
    assert table
    assert "T-0" not in table[0]
    pseudonyms = set(re.findall(r'<th scope="row">(P-[A-Z2-7]{8})<', table[0]))
    assert len(pseudonyms) == 2


def test_without_raters_the_reason_is_told(supervisor: Browser) -> None:
    page = shown(supervisor, audited(raters=None, raters_refused="they rate on several scales")).text
    assert "Nothing is said of raters: the audit gave a reason, “they rate on several scales”." in page


def test_names_and_notes_of_the_file_are_text_and_no_part_of_the_page(supervisor: Browser) -> None:
    counts = {HOSTILE: (30, 10, 0), "</script><b>": (20, 20, 0)}
    report = audited(counts, notes=["This is proof of discrimination."], about="Proof.")
    page = shown(supervisor, report)
    assert page.status_code == 200
    assert HOSTILE not in page.text
    assert "</script><b>" not in page.text
    assert "roof" not in page.text  # what it says is said in our words
    assert "A screening figure, not a finding of discrimination" in page.text


def _rate(report: Any, group: str = "old", base: str = "decided") -> Any:
    groups = report["verdicts"]["attributes"][0]["groups"]
    found = next(one for one in groups if one["group"] == group)
    return next(rate for rate in found["rates"] if rate["of"] == base)


def _ratio(report: Any) -> None:
    _rate(report)["ratio"] = 0.95
    _rate(report)["below_four_fifths"] = False


def _people(report: Any) -> None:
    _rate(report)["people"] = 400


def _more_than_all(report: Any) -> None:
    _rate(report)["at_standard"] = 41


def _small_cell(report: Any) -> None:
    """As if it had been forgotten to withhold the few."""
    report["verdicts"] = audited({"few": (3, 4, 0), "many": (30, 10, 0)}, minimum=2)["verdicts"]
    report["verdicts"]["smallest_cell_shown"] = 5


def _rates_of_a_withheld_group(report: Any) -> None:
    groups = report["verdicts"]["attributes"][0]["groups"]
    next(one for one in groups if one["group"] == "few")["rates"] = [_rate(report)]


def _figures_of_a_withheld_cell(report: Any) -> None:
    cell = next(one for one in report["raters"]["attributes"][0]["cells"] if one["suppressed"])
    cell["officers"] = 3


def _a_group_twice(report: Any) -> None:
    groups = report["verdicts"]["attributes"][0]["groups"]
    groups.append(copy.deepcopy(groups[-1]))


def _another_member(report: Any) -> None:
    report["people"] = ["R-001"]


def _text_for_number(report: Any) -> None:
    _rate(report)["people"] = "40"


def _no_instant(report: Any) -> None:
    report["as_of"] = "lately"


def _control_character(report: Any) -> None:
    report["verdicts"]["attributes"][0]["attribute"] = "age\u2028band"


def _a_crowd(report: Any) -> None:
    report["verdicts"]["attributes"] *= 21


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (_ratio, "/verdicts/attributes/0/groups/2/rates"),
        (_people, "/verdicts/attributes/0/groups/2/rates"),
        (_more_than_all, "/verdicts/attributes/0/groups/2/rates"),
        (_small_cell, "/verdicts/attributes/0/groups/0"),
        (_rates_of_a_withheld_group, "/verdicts/attributes/0/groups/0/rates"),
        (_figures_of_a_withheld_cell, "/raters/attributes/0/cells/"),
        (_a_group_twice, "/verdicts/attributes/0/groups"),
        (_another_member, "/people"),
        (_text_for_number, "/verdicts/attributes/0/groups/2/rates/0/people"),
        (_no_instant, "/as_of"),
        (_control_character, "/verdicts/attributes/0/attribute"),
        (_a_crowd, "/verdicts/attributes"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_and_nothing_is_drawn(
    supervisor: Browser, change: Callable[[Any], None], where: str
) -> None:
    report = audited()
    change(report)
    page = shown(supervisor, report)
    assert page.status_code == 400
    assert re.search(rf"<code>{re.escape(where)}[^<]*</code>", page.text)
    assert "data-chart" not in page.text
    assert "This is no result of the audit as it left" in page.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("account,age\nR-001,young\n", "This is not JSON."),
        ("", "This is not JSON."),
        ('{"report": "gaps"}', "&#34;gaps&#34;; expected the answer of lrs report impact --json"),
        ("[]", "expected the answer of lrs report impact --json"),
        ('{"report": "impact", "report": "impact"}', "This is not JSON."),
    ],
)
def test_what_is_something_else_is_told_to_be(supervisor: Browser, text: str, said: str) -> None:
    page = supervisor.send("/dashboard/impact", {"result": text})
    assert page.status_code == 400
    assert said in page.text


def test_what_was_pasted_is_kept_to_be_mended(supervisor: Browser) -> None:
    page = supervisor.send("/dashboard/impact", {"result": '{"report": "gaps"}'})
    assert re.search(r'<textarea[^>]*name="result"[^>]*>\{&#34;report&#34;: &#34;gaps&#34;\}', page.text)


def test_a_file_beyond_all_measure_is_refused(supervisor: Browser) -> None:
    file = (io.BytesIO(b" " * (MOST_BYTES + 1)), "impact.json")
    page = supervisor.send("/dashboard/impact", {"file": file}, content_type="multipart/form-data")
    assert page.status_code == 413
    assert "at most 400,000" in page.text


def test_a_form_of_another_session_is_refused(supervisor: Browser) -> None:
    page = supervisor.post("/dashboard/impact", data={"csrf": "x", "result": json.dumps(audited())})
    assert page.status_code == 403
