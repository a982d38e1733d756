"""`/api/v1/roster`."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from lrs.services.wiring import Rapport
from tests.clients import Xapi
from tests.services.academy import ACADEMY, ROSTER, key
from tests.web.api.readers import Readers


def send(client: Xapi, data: bytes, kind: str = "text/csv", **query: object) -> TestResponse:
    return client.request(
        "POST", "/api/v1/roster", data=data, content_type=kind, query_string={"home_page": ACADEMY, **query}
    )


def test_a_roster_goes_in_and_comes_out(xapi: Xapi, rapport: Rapport) -> None:
    done = send(xapi, ROSTER, "text/csv; charset=utf-8")
    assert (done.status_code, done.json["stored"], done.json["added"]) == (200, True, 4)
    again = rapport.roster.import_csv(ROSTER, home_page=ACADEMY).as_dict()
    assert send(xapi, ROSTER).json == json.loads(json.dumps(again))
    listed = xapi.get("/api/v1/roster", unit="North", trainer="T-01").json
    assert listed == [
        {
            "officer": key("R-002"),
            "name": "Recruit 2",
            "unit": "North",
            "phase": "2",
            "trainer": key("T-01"),
            "start": None,
        }
    ]


def test_what_changes_is_told_for_each_row(xapi: Xapi) -> None:
    send(xapi, ROSTER)
    [row] = send(xapi, b"account,phase\nR-003,2\n").json["rows"]
    assert (row["row"], row["fate"], row["changes"]) == (2, "changed", {"phase": ["1", "2"]})


def test_a_refused_row_refuses_all_with_row_and_column(xapi: Xapi) -> None:
    answer = send(xapi, b"account,start\nR-001,\nR-002,soon\n")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "invalid_input")
    assert [one["path"] for one in answer.json["error"]["details"]] == ["row 3, start"]
    assert xapi.get("/api/v1/roster").json == []
    assert send(xapi, b"account,start\nR-001,\nR-002,soon\n", skip_refused="true").json["refused"] == 1
    assert len(xapi.get("/api/v1/roster").json) == 1


def test_a_dry_run_tells_every_fate_and_changes_nothing(xapi: Xapi) -> None:
    done = send(xapi, b"account,start\nR-001,\nR-002,soon\n", dry_run="true").json
    assert (done["stored"], [row["fate"] for row in done["rows"]]) == (False, ["added", "refused"])
    assert xapi.get("/api/v1/roster").json == []


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_it_takes_csv_only(xapi: Xapi, kind: str) -> None:
    assert send(xapi, ROSTER, kind).status_code == 400


def test_who_may_read_reads_and_who_may_do_everything_writes(client_with: Callable[..., Xapi]) -> None:
    reader, vendor = client_with("all/read"), client_with("statements/write")
    assert reader.get("/api/v1/roster").status_code == 200
    assert send(reader, ROSTER).status_code == 403
    assert vendor.get("/api/v1/roster").status_code == 403


def test_everybody_who_is_listed_is_in_the_audit_log(xapi: Xapi, rapport: Rapport) -> None:
    send(xapi, ROSTER)
    read = Readers(rapport)
    xapi.get("/api/v1/roster", phase="1")
    assert read() == [(key("R-003"), "roster")]
