"""Vendors that send statements to the real server, and note what it has acknowledged."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from lrs.stores.opening import open_store
from tests.serving import Server

BATCH = 20
_MOST = 100_000
_PATIENCE_S = 60.0
# Longer than anybody who died is waited for.
_LONG_S = 180.0


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
        status, answer, _ = self.whole_answer(method, path, body, **headers)
        return status, answer

    def whole_answer(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Status, body and headers."""
        self.connection.request(method, path, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def told_to_come_again(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        """The error of a request that is answered with 503 and when to try again."""
        status, answer, headers = self.whole_answer(method, path, body)
        assert status == 503, answer
        assert int(headers["Retry-After"]) >= 1
        assert b"Traceback" not in answer
        error: dict[str, Any] = json.loads(answer)["error"]
        assert error["message"]
        return error

    def post(self, statements: object) -> int:
        """Send a statement or a batch; the status."""
        return self.request("POST", "/xapi/statements", json.dumps(statements).encode())[0]

    def pages(self) -> Iterator[list[str]]:
        """The ids on every page of all that is stored."""
        path = "/xapi/statements?limit=0"
        while path:
            status, body = self.request("GET", path)
            assert status == 200, body
            page = json.loads(body)
            yield [statement["id"] for statement in page["statements"]]
            path = page["more"]

    def ids(self) -> set[str]:
        """Every statement that is stored."""
        listed = [one for page in self.pages() for one in page]
        assert len(listed) == len(set(listed))
        return set(listed)


def integrity(url: str) -> str:
    """What the store says of itself: ok, or what is wrong."""
    with contextlib.closing(open_store(url)) as store:
        return str(store.health()["integrity"])


def until(condition: Callable[[], bool], *, patience_s: float = _PATIENCE_S) -> None:
    """Wait until it holds."""
    end = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def batch(size: int = BATCH) -> list[dict[str, Any]]:
    return [
        {
            "id": str(uuid.uuid4()),
            "actor": {"mbox": "mailto:a@example.com"},
            "verb": {"id": "https://example.com/verbs/did"},
            "object": {"id": "https://example.com/activities/1"},
        }
        for _ in range(size)
    ]


def ids_of(statements: Sequence[dict[str, Any]]) -> list[str]:
    return [str(statement["id"]) for statement in statements]


@dataclass
class Notes:
    """What was sent, and what of it was acknowledged: the ids of each batch."""

    sent: list[list[str]] = field(default_factory=list)
    acknowledged: list[list[str]] = field(default_factory=list)

    def lost(self, stored: set[str]) -> list[list[str]]:
        """Acknowledged, and not there."""
        return [ids for ids in self.acknowledged if not stored.issuperset(ids)]

    def half_written(self, stored: set[str]) -> list[list[str]]:
        """There in part."""
        return [ids for ids in self.sent if len(stored.intersection(ids)) not in (0, len(ids))]

    def check(self, stored: set[str]) -> None:
        """Nothing is lost, and nothing half-written."""
        assert self.lost(stored) == []
        assert self.half_written(stored) == []
        assert stored == {one for ids in self.sent for one in ids if one in stored}


class Vendors:
    """Some vendors that post one batch after another, each to one of the servers in turn, until they are stopped.

    What was not acknowledged is sent again, the same, as a vendor does that loses nothing. Who `gives_up` does not: it
    stops when it is not answered.
    """

    def __init__(
        self,
        servers: Sequence[Server],
        key: tuple[str, str],
        notes: Notes,
        *,
        vendors: int = 4,
        gives_up: bool = False,
        make: Callable[[], list[dict[str, Any]]] = batch,
        pause_s: float = 0.0,
    ) -> None:
        """`make` makes a batch; `pause_s` passes between the acknowledgement of one and the next."""
        self.notes = notes
        self.refused: list[tuple[int, bytes, http.client.HTTPMessage]] = []
        """Answers that were no acknowledgement: status, body, headers."""
        self._servers = servers
        self._key = key
        self._gives_up = gives_up
        self._make = make
        self._pause_s = pause_s
        self._stopping = threading.Event()
        self._posting = [
            threading.Thread(target=self._post, args=(number,), name=f"vendor {number}", daemon=True)
            for number in range(vendors)
        ]

    def __enter__(self) -> Vendors:
        for one in self._posting:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for one in self._posting:
            one.join()

    def wait_for(self, acknowledged: int) -> None:
        """Until so many batches more are acknowledged."""
        self._wait_for(self.notes.acknowledged, acknowledged)

    def wait_until_refused(self, times: int) -> None:
        """Until so many more were answered otherwise."""
        self._wait_for(self.refused, times)

    def _wait_for(self, growing: Sequence[object], more: int) -> None:
        aim = len(growing) + more
        end = time.monotonic() + _LONG_S
        while len(growing) < aim:
            assert any(one.is_alive() for one in self._posting)
            assert time.monotonic() < end
            self._stopping.wait(0.005)

    def join(self) -> None:
        """Until they have given up."""
        for one in self._posting:
            one.join()

    def _post(self, number: int) -> None:
        servers = islice(cycle(self._servers), number, _MOST)
        while not self._stopping.wait(self._pause_s):
            statements = self._make()
            self.notes.sent.append(ids_of(statements))
            body = json.dumps(statements).encode()
            while not self._acknowledged(next(servers), body):
                if self._gives_up or self._stopping.wait(0.05):
                    return
            self.notes.acknowledged.append(ids_of(statements))

    def _acknowledged(self, server: Server, body: bytes) -> bool:
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            Client(server, self._key) as client,
        ):
            status, answer, headers = client.whole_answer("POST", "/xapi/statements", body)
            if status == 200:
                return True
            self.refused.append((status, answer, headers))
        return False
