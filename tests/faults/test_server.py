"""The real server under faults: killed while it writes, fed rubbish, stopped under load."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import socket
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Server, serving

BATCH = 20


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path) as running:
        yield running


class Client:
    """A vendor with a connection of its own."""

    def __init__(self, server: Server, key: tuple[str, str]) -> None:
        token = base64.b64encode(":".join(key).encode()).decode()
        self.headers = {
            "Authorization": f"Basic {token}",
            "X-Experience-API-Version": "1.0.3",
            "Content-Type": "application/json",
        }
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        self.connection.request(method, path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def ids(self) -> set[str]:
        """Every statement that is stored."""
        seen: set[str] = set()
        path = "/xapi/statements?limit=0"
        while path:
            status, body = self.request("GET", path)
            assert status == 200, body
            page = json.loads(body)
            seen |= {statement["id"] for statement in page["statements"]}
            path = page["more"]
        return seen


def batch(size: int = BATCH) -> list[dict[str, object]]:
    return [
        {
            "id": str(uuid.uuid4()),
            "actor": {"mbox": "mailto:a@example.com"},
            "verb": {"id": "https://example.com/verbs/did"},
            "object": {"id": "https://example.com/activities/1"},
        }
        for _ in range(size)
    ]


def keep_posting(
    server: Server, key: tuple[str, str], sent: list[list[str]], acknowledged: list[list[str]]
) -> None:
    """Post batches until the server is gone; note what was sent and what it acknowledged."""
    with Client(server, key) as client, contextlib.suppress(OSError, http.client.HTTPException):
        for _ in range(10_000):
            statements = batch()
            ids = [str(statement["id"]) for statement in statements]
            sent.append(ids)
            status, _ = client.request("POST", "/xapi/statements", json.dumps(statements).encode())
            assert status == 200
            acknowledged.append(ids)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_kill_9_loses_nothing_acknowledged_and_leaves_no_half_batch(tmp_path: Path, workers: str) -> None:
    with serving(tmp_path, LRS_WORKERS=workers) as server:
        key = server.key("all")
        sent: list[list[str]] = []
        acknowledged: list[list[str]] = []
        for _ in range(2):
            already = len(acknowledged)
            vendors = [
                threading.Thread(target=keep_posting, args=(server, key, sent, acknowledged))
                for _ in range(4)
            ]
            for vendor in vendors:
                vendor.start()
            while len(acknowledged) < already + 40:
                assert any(vendor.is_alive() for vendor in vendors)
            server.kill()
            for vendor in vendors:
                vendor.join()
            server.start()
        with Client(server, key) as client:
            stored = client.ids()
        assert server.lrs("doctor")
    assert all(stored.issuperset(ids) for ids in acknowledged)
    for ids in sent:
        assert len(stored.intersection(ids)) in (0, BATCH)


def test_a_stop_finishes_what_is_under_way(server: Server) -> None:
    key = server.key("all")
    acknowledged: list[list[str]] = []
    sent: list[list[str]] = []
    vendors = [
        threading.Thread(target=keep_posting, args=(server, key, sent, acknowledged)) for _ in range(4)
    ]
    for vendor in vendors:
        vendor.start()
    while len(acknowledged) < 20:
        assert any(vendor.is_alive() for vendor in vendors)
    assert server.stop() == 0
    for vendor in vendors:
        vendor.join()
    server.start()
    with Client(server, key) as client:
        stored = client.ids()
    assert all(stored.issuperset(ids) for ids in acknowledged)
    assert len(stored) % BATCH == 0


def raw(server: Server, data: bytes) -> bytes:
    """What the server answers to bytes as they are, until it closes or falls silent."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=3) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except OSError:
            pass
        return received


def test_a_wrong_content_length_stores_nothing_and_the_next_request_is_served(server: Server) -> None:
    with Client(server, server.key("all")) as client:
        _try_lengths(server, client)


def _try_lengths(server: Server, client: Client) -> None:
    body = json.dumps(batch(1)).encode()
    head = "POST /xapi/statements HTTP/1.1\r\nHost: x\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in client.headers.items()
    )
    too_long = raw(server, f"{head}Content-Length: {len(body) + 100}\r\n\r\n".encode() + body)
    assert b"200 OK" not in too_long
    too_short = raw(server, f"{head}Content-Length: {len(body) - 10}\r\n\r\n".encode() + body)
    assert too_short.startswith(b"HTTP/1.1 400")
    raw(server, f"{head}Content-Length: many\r\n\r\n".encode() + body)
    raw(server, b"\x00\xff rubbish\r\n\r\n")
    assert client.ids() == set()
    assert client.request("POST", "/xapi/statements", body)[0] == 200


def test_rubbish_is_refused_with_a_reason_by_the_real_server(server: Server) -> None:
    with Client(server, server.key("all")) as client:
        for body, status in (
            (b"[" * 100_000, 400),
            (b'{"a":"' + b"x" * 10_000_000 + b'"}', 413),
            (b"\xff\xfe", 400),
            (b'{"id":NaN}', 400),
        ):
            found, answer = client.request("POST", "/xapi/statements", body)
            assert found == status
            assert json.loads(answer)["error"]["message"]
        assert client.request("GET", "/xapi/statements?nothing=1")[0] == 400
        assert client.ids() == set()


def test_two_posts_of_one_id_at_once_store_one(tmp_path: Path) -> None:
    with serving(tmp_path, LRS_WORKERS="2") as server:
        key = server.key("all")
        [same] = batch(1)
        others = [{**same, "verb": {"id": f"https://example.com/verbs/{number}"}} for number in range(3)]
        answers: dict[int, int] = {}
        start = threading.Barrier(12)

        def post(number: int) -> None:
            body = json.dumps(others[number % 3]).encode()
            with Client(server, key) as client:
                start.wait()
                answers[number] = client.request("POST", "/xapi/statements", body)[0]

        vendors = [threading.Thread(target=post, args=(number,)) for number in range(12)]
        for vendor in vendors:
            vendor.start()
        for vendor in vendors:
            vendor.join()
        with Client(server, key) as client:
            _, body = client.request("GET", f"/xapi/statements?statementId={same['id']}")
    winner = int(json.loads(body)["verb"]["id"].rsplit("/", 1)[1])
    for number, status in answers.items():
        assert status == (200 if number % 3 == winner else 409)
