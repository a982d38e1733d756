"""What a page of another origin can send and read (Fetch standard, CORS), as Chromium enforces it."""

from __future__ import annotations

import base64
import contextlib
import sqlite3
from collections.abc import Callable
from typing import Any

import httpx
import pymongo
import pytest
from playwright.sync_api import Error, Page

from tests.interop import needs
from tests.interop.endpoint import Endpoint

_FETCH = """
    async ([url, options]) => {
        const answer = await fetch(url, options);
        return [answer.status, Object.fromEntries(answer.headers), await answer.text()];
    }
"""
_AGENT = "%7B%22mbox%22%3A%22mailto%3Ar-001%40academy.example%22%7D"


needs.need(needs.packages, needs.chromium)

Send = Callable[..., tuple[int, dict[str, str], str]]


@pytest.fixture
def send(lesson: Page, vendor: Endpoint) -> Send:
    """Sends from the page with the vendor's key; status, the headers that the page may read, and text."""
    token = base64.b64encode(f"{vendor.username}:{vendor.password}".encode()).decode()

    def sent(
        path: str, method: str = "GET", body: str | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        given = {
            "Authorization": f"Basic {token}",
            "X-Experience-API-Version": "2.0.0",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        options = {"method": method, "headers": given, "body": body}
        status, readable, text = lesson.evaluate(_FETCH, [vendor.server.url + path, options])
        return status, readable, text

    return sent


def _profile(name: str) -> str:
    return f"/xapi/agents/profile?agent={_AGENT}&profileId={name}"


def _put_long_ago(vendor: Endpoint, path: str, content: bytes) -> None:
    """Another client put this ten days ago: the older a document is, the longer a browser keeps it unasked."""
    auth = (vendor.username, vendor.password)
    version = {"X-Experience-API-Version": "2.0.0"}
    url = vendor.server.url + path
    httpx.delete(url, auth=auth, headers=version).raise_for_status()
    httpx.put(url, auth=auth, headers=version, content=content).raise_for_status()
    _make_older(vendor.server.store, 10 * 86_400 * 1_000_000)


def _make_older(store_url: str, by_us: int) -> None:
    if store_url.startswith("mongodb"):
        with pymongo.MongoClient(store_url) as client:
            client.get_default_database()["document"].update_many({}, {"$inc": {"updated": -by_us}})
        return
    file = store_url.removeprefix("sqlite:///")
    with contextlib.closing(sqlite3.connect(file, timeout=30)) as store, store:
        store.execute("UPDATE document SET updated = updated - ?", (by_us,))


def test_a_preflight_goes_before_a_request_with_a_key(lesson: Page, send: Send) -> None:
    answered: list[tuple[str, int]] = []

    def note(event: dict[str, Any]) -> None:
        answered.append((event["type"], event["response"]["status"]))

    session = lesson.context.new_cdp_session(lesson)
    session.on("Network.responseReceived", note)
    session.send("Network.enable")
    # A browser remembers what a preflight allowed, by address: no other test asks this one.
    send("/xapi/statements?limit=1&ascending=true")
    session.send("Network.disable")  # answered after every event before it
    session.detach()
    assert answered == [("Preflight", 204), ("Fetch", 200)]


def test_the_page_reads_etag_and_age_of_a_document(send: Send) -> None:
    send(_profile("read"), "PUT", "{}", Content_Type="application/json")
    _, headers, _ = send(_profile("read"))
    assert headers["etag"] == '"bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f"'
    assert headers["last-modified"].endswith("GMT")


@pytest.mark.parametrize(
    ("condition", "status"), [('"0000000000000000000000000000000000000000"', 412), ("*", 204)]
)
def test_the_page_puts_under_a_condition(send: Send, condition: str, status: int) -> None:
    path = _profile(f"condition-{status}")
    send(path, "PUT", "{}", Content_Type="application/json")
    assert send(path, "PUT", "[]", Content_Type="application/json", If_Match=condition)[0] == status


def test_the_page_creates_only_what_is_not_there(send: Send) -> None:
    once = [
        send(_profile("once"), "PUT", text, Content_Type="text/plain", If_None_Match="*")[0] for text in "ab"
    ]
    assert once == [204, 412]


def test_the_page_deletes(send: Send) -> None:
    send(_profile("deleted"), "PUT", "{}", Content_Type="application/json")
    assert send(_profile("deleted"), "DELETE")[0] == 204
    assert send(_profile("deleted"))[0] == 404


def test_the_page_reads_the_xapi_headers(send: Send) -> None:
    _, headers, _ = send("/xapi/statements?limit=1")
    assert headers["x-experience-api-version"] == "2.0.0"
    assert headers["x-experience-api-consistent-through"].endswith("Z")


def test_the_page_reads_why_it_was_refused(send: Send) -> None:
    status, headers, text = send("/xapi/statements", Authorization="Basic d3Jvbmc6d3Jvbmc=")
    assert status == 401
    assert headers["www-authenticate"].startswith("Basic ")
    assert "unauthenticated" in text


def test_the_page_reads_what_is_wrong_with_its_statement(send: Send) -> None:
    status, _, text = send("/xapi/statements", "POST", "{}", Content_Type="application/json")
    assert status == 400
    assert "invalid_statement" in text


def test_the_page_reads_that_an_address_is_wrong(send: Send) -> None:
    assert send("/xapi/statement")[0] == 404


def test_the_page_asks_for_a_language(send: Send) -> None:
    assert send("/xapi/statements?format=canonical", Accept_Language="de")[0] == 200


def test_the_page_reads_a_document_as_it_is_now(send: Send, vendor: Endpoint) -> None:
    _put_long_ago(vendor, _profile("now"), b"one")
    first = send(_profile("now"))[2]
    _put_long_ago(vendor, _profile("now"), b"two")
    assert (first, send(_profile("now"))[2]) == ("one", "two")


def test_the_page_reads_nothing_with_a_wrong_key(send: Send, vendor: Endpoint) -> None:
    _put_long_ago(vendor, _profile("kept"), b"one")
    first = send(_profile("kept"))[0]
    assert (first, send(_profile("kept"), Authorization="Basic d3Jvbmc6d3Jvbmc=")[0]) == (200, 401)


def test_the_page_cannot_read_what_is_not_xapi(send: Send) -> None:
    with pytest.raises(Error, match="Failed to fetch"):
        send("/api/v1/competencies")
