"""The real server under faults: killed while it writes, fed rubbish, stopped under load."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path

import pytest

from tests import mongo
from tests.faults.vendors import BATCH, Client, Notes, Vendors, batch
from tests.serving import Server, serving


@pytest.mark.engines("sqlite", "mongodb", "mongodb standalone")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_kill_9_loses_nothing_acknowledged_and_leaves_no_half_batch(
    tmp_path: Path, store_url: str, workers: str
) -> None:
    with serving(tmp_path, store_url, LRS_WORKERS=workers) as server:
        key = server.key("all")
        with Vendors([server], key, Notes()) as vendors:
            for _ in range(2):
                vendors.wait_for(20)
                server.kill()
                mongo.forget_the_dead(store_url)
                server.start()
            vendors.wait_for(4)
        with Client(server, key) as client:
            vendors.notes.check(client.ids())
        assert server.lrs("doctor")


def test_a_stop_finishes_what_is_under_way(server: Server) -> None:
    key = server.key("all")
    with Vendors([server], key, Notes(), gives_up=True) as vendors:
        vendors.wait_for(20)
        assert server.stop() == 0
        vendors.join()
    server.start()
    with Client(server, key) as client:
        stored = client.ids()
    vendors.notes.check(stored)
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


@pytest.mark.engines("sqlite", "mongodb", "mongodb standalone")
def test_two_posts_of_one_id_at_once_store_one(tmp_path: Path, store_url: str) -> None:
    with serving(tmp_path, store_url, LRS_WORKERS="2") as server:
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
