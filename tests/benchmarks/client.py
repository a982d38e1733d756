"""A client that is quick enough not to be what is measured.

One thread, non-blocking sockets with keep-alive, requests that are bytes already: each answer costs it some
20 µs. The same client drives the server and the bare echo, so that their ratio is fair.
"""

from __future__ import annotations

import gc
import selectors
import socket
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.benchmarks.errors import BenchmarkError

Address = tuple[str, int]

_PATIENCE_S = 60.0
_CHUNK = 1 << 18
_SHOWN = 600


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a load: how long each answer took, in seconds, sorted; and all of it together."""

    seconds: float
    latencies_s: Sequence[float]
    bytes_received: int
    client_cpu_s: float


def request(method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """One request of HTTP/1.1 as the bytes that are sent."""
    lines = [
        f"{method} {target} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {text}" for name, text in headers.items()),
    ]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


class Connection:
    """One kept-alive connection with at most one request under way."""

    __slots__ = ("_answer", "_unsent", "_wanted", "began", "sock")

    def __init__(self, address: Address) -> None:
        self.sock = socket.create_connection(address, timeout=_PATIENCE_S)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.began = 0.0
        self._unsent = memoryview(b"")
        self._answer = bytearray()
        self._wanted = 0

    def start(self, data: bytes) -> bool:
        """Begin a request; whether all of it is sent already."""
        self._answer.clear()
        self._wanted = 0
        self._unsent = memoryview(data)
        self.began = time.perf_counter()
        return self.send_more()

    def send_more(self) -> bool:
        """Send what the socket takes; whether all is sent."""
        try:
            sent = self.sock.send(self._unsent)
        except BlockingIOError:
            return False
        self._unsent = self._unsent[sent:]
        return not self._unsent

    def receive(self) -> int:
        """Take what has come; the length of the answer when it is whole, else 0.

        Raises `BenchmarkError` unless the answer is a 200 with a Content-Length.
        """
        data = self.sock.recv(_CHUNK)
        if not data:
            raise BenchmarkError(f"The server closed the connection after {bytes(self._answer[:_SHOWN])!r}.")
        self._answer += data
        if not self._wanted:
            self._read_head()
        return self._wanted if self._wanted and len(self._answer) >= self._wanted else 0

    def body(self) -> bytes:
        """The body of the answer, once it is whole."""
        return bytes(self._answer).partition(b"\r\n\r\n")[2]

    def _read_head(self) -> None:
        end = self._answer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._answer[:end]).lower()
        if head[9:12] != b"200":
            raise BenchmarkError(f"Answered with {bytes(self._answer[:_SHOWN]).decode('utf-8', 'replace')}")
        place = head.find(b"\r\ncontent-length:")
        if place < 0:
            raise BenchmarkError(f"An answer without a Content-Length: {head[:_SHOWN]!r}")
        self._wanted = end + 4 + int(head[place + 17 :].partition(b"\r\n")[0])


def drive(address: Address, requests: Iterator[bytes], *, concurrency: int, seconds: float) -> Outcome:
    """Keep so many requests under way for so long, or until none is left; wait for the last answers.

    Raises `BenchmarkError` for any answer but 200, and when no answer comes for a minute.
    """
    connections = [Connection(address) for _ in range(concurrency)]
    gc.collect()
    gc.disable()  # what is prepared is large, and walking it is not what is measured
    try:
        with selectors.DefaultSelector() as selector:
            return _drive(selector, connections, requests, seconds)
    finally:
        gc.enable()
        for connection in connections:
            connection.sock.close()


def _drive(
    selector: selectors.BaseSelector,
    connections: Iterable[Connection],
    requests: Iterator[bytes],
    seconds: float,
) -> Outcome:
    clock, reading, both = (
        time.perf_counter,
        selectors.EVENT_READ,
        selectors.EVENT_READ | selectors.EVENT_WRITE,
    )
    latencies: list[float] = []
    received = under_way = 0
    cpu, began = time.process_time(), clock()
    until, now = began + seconds, began
    for connection in connections:
        if data := next(requests, None):
            selector.register(connection.sock, reading if connection.start(data) else both, connection)
            under_way += 1
    while under_way:
        events = selector.select(_PATIENCE_S)
        if not events:
            raise BenchmarkError(f"No answer for {_PATIENCE_S:.0f} s.")
        for key, mask in events:
            connection = key.data
            if mask & selectors.EVENT_WRITE and connection.send_more():
                selector.modify(connection.sock, reading, connection)
            if not mask & reading or not (length := connection.receive()):
                continue
            now = clock()
            latencies.append(now - connection.began)
            received += length
            data = next(requests, None) if now < until else None
            if data is None:
                selector.unregister(connection.sock)
                under_way -= 1
            elif not connection.start(data):
                selector.modify(connection.sock, both, connection)
    return Outcome(now - began, sorted(latencies), received, time.process_time() - cpu)


def fetch(address: Address, data: bytes) -> bytes:
    """Send one request on a connection of its own; the body of its answer."""
    connection = Connection(address)
    connection.sock.settimeout(_PATIENCE_S)
    try:
        sent = connection.start(data)
        while not sent:
            sent = connection.send_more()
        while not connection.receive():
            pass
        return connection.body()
    finally:
        connection.sock.close()
