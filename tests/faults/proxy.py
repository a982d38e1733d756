"""A wire between Rapport and MongoDB that can be slow, be cut at any point of a command or its answer, or be gone.

It reads the commands that pass, so that a fault hits the one that is meant: those of the driver itself, which asks
every now and then whether the server is there, pass untouched and are not counted.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from struct import Struct

import bson

_HEADER = Struct("<iiii")  # length, request, response to, opcode
_COMMAND = 2013
_QUIET = frozenset({"hello", "ismaster", "ping", "buildinfo", "endsessions", "killcursors"})
_PATIENCE_S = 30.0


class Fault(StrEnum):
    """What becomes of one command."""

    CUT_COMMAND = "cut in the middle of the command"
    LOST_ANSWER = "cut when the server has answered, before the answer"
    CUT_ANSWER = "cut in the middle of the answer"
    LATE = "cut before the command is passed on, which it is when all is over"
    HELD = "not passed on: whoever sent it waits"
    GONE = "not passed on, and from then on nothing is"


@dataclass(frozen=True, slots=True)
class Command:
    """A command that is to pass."""

    name: str
    """As MongoDB calls it."""
    collection: str
    """Where; nothing for one that is about no collection."""
    number: int
    """1, 2, …: of those that are counted, since `count_anew`."""


Plan = Callable[[Command], Fault | None]
"""Decides what becomes of a command; None: it passes."""


def no_fault(_: Command) -> None:
    """Everything passes."""


class Proxy:
    """Listens on a free port of loopback for one server there. Commands are counted in the order in which they come."""

    def __init__(self, port: int) -> None:
        """`port`: that of the server."""
        self._server = port
        self.plan: Plan = no_fault
        self.delay_s = 0.0
        """How long each answer is kept back."""
        self.holding = threading.Event()
        """Set when a command is held."""
        self._late: list[tuple[socket.socket, bytes]] = []
        self.passed: list[str] = []
        """Names of the commands that were counted."""
        self._state = threading.Lock()
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._there = False
        self.come_back()

    def url(self, uri: str) -> str:
        """The URL of a database with this wire in between, and no others; `uri` leads to the server directly."""
        name = uri.rpartition("/")[2].partition("?")[0]
        # A replica set says itself where it is, and would be asked there.
        return f"mongodb://127.0.0.1:{self.port}/{name}?directConnection=true"

    def count_anew(self, plan: Plan = no_fault) -> None:
        """Begin to count, with another plan."""
        with self._state:
            self.passed.clear()
            self.plan = plan

    def go_away(self) -> None:
        """Cut all connections and take none."""
        # Who waits in `accept` is woken by this.
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._state:
            self._there = False
            pairs = list(self._pairs)
        # The last of it: who sees this can ask for it to come back.
        for pair in pairs:
            _cut(*pair)

    def come_back(self) -> None:
        """Take connections, on the same port as ever."""
        if self._listening.fileno() < 0:
            self._listening = socket.create_server(("127.0.0.1", self.port))
        self._there = True
        self._start(self._accept, self._listening)

    def pass_on_late_ones(self) -> int:
        """Pass on what was to come late, and wait until the server has done it; how many commands that were."""
        with self._state:
            late, self._late = self._late, []
        for server, message in late:
            server.settimeout(_PATIENCE_S)
            server.sendall(message)
            next(_messages(server))
            server.close()
        return len(late)

    def close(self) -> None:
        """Be gone for good."""
        self.go_away()
        for server, _ in self._late:
            server.close()
        for thread in self._threads:
            thread.join(_PATIENCE_S)

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, name="proxy", daemon=True)
        with self._state:
            self._threads = [one for one in self._threads if one.is_alive() or one.ident is None]
            self._threads.append(thread)
        thread.start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._server), timeout=_PATIENCE_S)
            except OSError:
                client.close()
                continue
            for end in (client, server):
                end.settimeout(None)
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._state:
                there = self._there
                if there:
                    self._pairs.add((client, server))
            if there:
                self._start(self._commands, client, server)
            else:
                _cut(client, server)

    def _commands(self, client: socket.socket, server: socket.socket) -> None:
        """Pass on what the client sends, and start what passes on the answers."""
        faults: dict[int, Fault] = {}
        self._start(self._answers, server, client, faults)
        try:
            for message in _messages(client):
                fault = self._decided(message)
                if fault is Fault.GONE:
                    self.go_away()
                    return
                if fault is Fault.HELD:
                    self.holding.set()
                    continue
                if fault is Fault.CUT_COMMAND:
                    server.sendall(message[: len(message) // 2])
                    return
                if fault is Fault.LATE:
                    self._keep_for_later(server, message)
                    return
                if fault is not None:
                    faults[_HEADER.unpack_from(message)[1]] = fault
                server.sendall(message)
        except OSError:
            return
        finally:
            self._end(client, server)

    def _answers(self, server: socket.socket, client: socket.socket, faults: dict[int, Fault]) -> None:
        """Pass on what the server answers."""
        try:
            for message in _messages(server):
                if self.delay_s:
                    time.sleep(self.delay_s)
                fault = faults.get(_HEADER.unpack_from(message)[2])
                if fault is Fault.CUT_ANSWER:
                    client.sendall(message[: len(message) // 2])
                if fault is not None:
                    return
                client.sendall(message)
        except OSError:
            return
        finally:
            self._end(client, server)

    def _keep_for_later(self, server: socket.socket, message: bytes) -> None:
        # A connection of its own: on this one, a thread waits for answers.
        anew = socket.create_connection(server.getpeername(), timeout=_PATIENCE_S)
        with self._state:
            self._late.append((anew, message))

    def _end(self, client: socket.socket, server: socket.socket) -> None:
        with self._state:
            self._pairs.discard((client, server))
        _cut(client, server)

    def _decided(self, message: bytes) -> Fault | None:
        read = _read(message)
        if read is None:
            return None
        name, collection = read
        with self._state:
            if not self._there:
                raise ConnectionAbortedError("gone")
            self.passed.append(name)
            fault = self.plan(Command(name, collection, len(self.passed)))
            self._there = fault is not Fault.GONE
            return fault


@contextlib.contextmanager
def wire_to(port: int) -> Iterator[Proxy]:
    """A wire to the server on this port, until the end."""
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()


def at(number: int, fault: Fault) -> Plan:
    """The fault hits the command of this number, and no other."""
    return lambda command: fault if command.number == number else None


def _read(message: bytes) -> tuple[str, str] | None:
    """Name and collection of a command; None when it is the driver's own."""
    if _HEADER.unpack_from(message)[3] != _COMMAND:
        return None
    # Behind flags, a section of kind 0: the document whose first field names the command.
    body = bson.decode(message[21 : 21 + int.from_bytes(message[21:25], "little")])
    name, value = next(iter(body.items()))
    return None if name.lower() in _QUIET else (name, value if isinstance(value, str) else "")


def _messages(source: socket.socket) -> Iterator[bytes]:
    """Whole messages, until the other end closes."""
    while head := _received(source, _HEADER.size):
        yield head + _received(source, _HEADER.unpack(head)[0] - _HEADER.size)


def _received(source: socket.socket, size: int) -> bytes:
    """Exactly so many bytes; none when the other end closed."""
    received = bytearray()
    while len(received) < size:
        some = source.recv(size - len(received))
        if not some:
            return b""
        received += some
    return bytes(received)


def _cut(*ends: socket.socket) -> None:
    for end in ends:
        # Whoever waits for it in another thread is woken by this.
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
