from __future__ import annotations

import base64
import json
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lrs.demo.posting import PostingError, Tally, post
from lrs.demo.shapes import Posting, Vendor

KEYS = {vendor: (f"key of {vendor.name}", f"secret:of {vendor.name}") for vendor in Vendor}
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass
class Recorder:
    """What a server on loopback was sent, and what it answers: 200, unless told otherwise."""

    url: str = ""
    requests: list[tuple[str, dict, list]] = field(default_factory=list)
    connections: set = field(default_factory=set)
    answers: deque = field(default_factory=deque)

    def ids(self) -> list[list[str]]:
        return [[statement["id"] for statement in body] for _path, _headers, body in self.requests]


@pytest.fixture
def server():
    recorder = Recorder()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            recorder.requests.append((self.path, dict(self.headers), body))
            recorder.connections.add(self.client_address)
            status, headers, answer = recorder.answers.popleft() if recorder.answers else (200, {}, b"[]")
            if status is None:  # hang up without an answer
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        recorder.url = f"http://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield recorder
        http.shutdown()
        thread.join()


def some(count: int, vendor: Vendor = Vendor.VR, version: str = "2.0.0", mark: str = "s") -> list[Posting]:
    return [Posting(vendor, version, {"id": f"{mark}{number}"}, NOW) for number in range(count)]


def never(_seconds: float) -> None:
    raise AssertionError("nothing to wait for")


def test_statements_are_posted_in_batches_and_in_order(server):
    post(server.url, KEYS, some(5), batch=2)
    assert server.ids() == [["s0", "s1"], ["s2", "s3"], ["s4"]]


def test_a_batch_is_of_one_vendor_and_one_version(server):
    mixed = [
        posting
        for three in zip(
            some(3, Vendor.VR, "2.0.0", "vr"),
            some(3, Vendor.OBSERVATION, "2.0.0", "two"),
            some(3, Vendor.OBSERVATION, "1.0.3", "one"),
            strict=True,
        )
        for posting in three
    ]
    post(server.url, KEYS, mixed, batch=3)
    assert sorted(server.ids()) == [["one0", "one1", "one2"], ["two0", "two1", "two2"], ["vr0", "vr1", "vr2"]]
    assert {
        (body[0]["id"][:2], headers["X-Experience-API-Version"]) for _, headers, body in server.requests
    } == {
        ("on", "1.0.3"),
        ("tw", "2.0.0"),
        ("vr", "2.0.0"),
    }


def test_each_vendor_shows_its_own_key(server):
    post(server.url, KEYS, some(1, Vendor.VR) + some(1, Vendor.SURVEY))
    shown = [
        base64.b64decode(headers["Authorization"].removeprefix("Basic ")) for _, headers, _ in server.requests
    ]
    assert shown == [b"key of VR:secret:of VR", b"key of SURVEY:secret:of SURVEY"]


def test_the_statements_resource_is_found_below_the_path_of_the_url(server):
    post(f"{server.url}/lrs/", KEYS, some(1))
    path, headers, _ = server.requests[0]
    assert path == "/lrs/xapi/statements"
    assert headers["Content-Type"] == "application/json"


def test_text_beyond_ascii_arrives_as_it_was(server):
    post(server.url, KEYS, [Posting(Vendor.VR, "2.0.0", {"id": "señal"}, NOW)])
    assert server.ids() == [["señal"]]


def test_one_connection_serves_all_batches(server):
    post(server.url, KEYS, some(6), batch=1)
    assert len(server.requests) == 6
    assert len(server.connections) == 1


def test_the_tally_says_what_was_posted(server):
    tally = post(server.url, KEYS, some(3) + some(2, Vendor.SURVEY), batch=2)
    sent = sum(int(headers["Content-Length"]) for _, headers, _ in server.requests)
    assert tally == Tally(
        statements=5, requests=3, retries=0, bytes_sent=sent, by_vendor={Vendor.VR: 3, Vendor.SURVEY: 2}
    )


def test_progress_is_told_after_each_batch(server):
    steps = []
    post(server.url, KEYS, some(5), batch=2, progress=steps.append)
    assert steps == [2, 2, 1]


def test_nothing_to_post_asks_nothing_of_the_server(server):
    assert post(server.url, KEYS, []) == Tally()
    assert server.requests == []


def test_a_busy_server_is_asked_again_after_the_time_it_names(server):
    server.answers.append((503, {"Retry-After": "2"}, b"busy"))
    waits = []
    tally = post(server.url, KEYS, some(2), sleep=waits.append)
    assert waits == [2.0]
    assert server.ids() == [["s0", "s1"], ["s0", "s1"]]
    assert (tally.statements, tally.requests, tally.retries) == (2, 2, 1)


@pytest.mark.parametrize(
    ("named", "waited"), [("Wed, 21 Oct 2026 07:28:00 GMT", 1.0), ("86400", 30.0), ("-5", 0.0), ("nan", 1.0)]
)
def test_a_wait_is_bounded_whatever_the_server_names(server, named, waited):
    server.answers.append((503, {"Retry-After": named}, b""))
    waits = []
    post(server.url, KEYS, some(1), sleep=waits.append)
    assert waits == [waited]


def test_a_server_that_stays_busy_is_given_up(server):
    server.answers.extend([(503, {"Retry-After": "1"}, b"still busy")] * 20)
    waits = []
    with pytest.raises(PostingError, match=r"503 .*still busy"):
        post(server.url, KEYS, some(1), sleep=waits.append)
    assert len(server.requests) == 6
    assert len(waits) == 5


def test_a_refusal_names_the_status_and_what_the_server_said(server):
    server.answers.append((400, {}, b'{"code": "invalid_statement"}'))
    with pytest.raises(
        PostingError, match=r'VR vendor \(xAPI 2\.0\.0\).* 400 .*\{"code": "invalid_statement"\}'
    ):
        post(server.url, KEYS, some(3), batch=2, sleep=never)
    assert len(server.requests) == 1


def test_a_lost_connection_is_made_again_and_the_batch_repeated(server):
    server.answers.append((None, {}, b""))
    tally = post(server.url, KEYS, some(2), sleep=lambda _: None)
    assert server.ids() == [["s0", "s1"], ["s0", "s1"]]
    assert (tally.requests, tally.retries) == (1, 1)


def test_a_server_that_hangs_up_every_time_is_given_up(server):
    server.answers.extend([(None, {}, b"")] * 20)
    with pytest.raises(PostingError, match=r"No answer from 127\.0\.0\.1"):
        post(server.url, KEYS, some(1), sleep=lambda _: None)


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "127.0.0.1:8000", "http://"])
def test_only_http_and_https_are_spoken(url):
    with pytest.raises(ValueError, match="not an http or https URL"):
        post(url, KEYS, some(1))


def test_a_batch_of_nothing_is_refused(server):
    with pytest.raises(ValueError, match="at least 1"):
        post(server.url, KEYS, some(1), batch=0)
