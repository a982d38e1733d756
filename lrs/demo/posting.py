"""Posts statements to a learning record store as a vendor would: by HTTP, in batches, with a key each."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count
from typing import Any, Final
from urllib.parse import urlsplit

from lrs.demo.shapes import Posting
from lrs.demo.vocabulary import Json
from lrs.errors import LrsError

_TIMEOUT_S: Final = 60.0
_TRIES: Final = 6
"""How often one batch is sent while the server answers 503 or drops the connection."""
_LONGEST_WAIT_S: Final = 30.0
_SHOWN_BYTES: Final = 2000


class PostingError(LrsError):
    """The server did not take a batch; the message names its status and what it said."""

    code = "posting_failed"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was posted."""

    statements: int = 0
    requests: int = 0
    """Requests that were answered, those that were repeated too."""
    retries: int = 0
    bytes_sent: int = 0
    by_vendor: Mapping[str, int] = field(default_factory=dict)
    """Statements of each vendor."""


@dataclass(frozen=True, slots=True)
class _Batch:
    vendor: str
    version: str
    statements: list[Json]


def post(
    url: str,
    keys: Mapping[str, tuple[str, str]],
    postings: Iterable[Posting],
    *,
    batch: int = 200,
    progress: Callable[[int], Any] = lambda _count: None,
    sleep: Callable[[float], Any] = time.sleep,
) -> Tally:
    """Post to `{url}/xapi/statements` in batches of one vendor and one version, in order within each.

    `keys` gives each vendor's (key id, secret). `progress` is called after each batch with the number of
    statements in it. A batch that is answered with 503, or whose connection is lost, is sent again after
    `Retry-After`, up to five times: ids are set, so that a repeated statement is stored once.

    Raises `PostingError` for any other answer than 200, and when the tries are used up; `KeyError` for a
    vendor without a key; `ValueError` for a URL that is not http or https.
    """
    client = _Client(url, keys, sleep)
    statements: Counter[str] = Counter()
    try:
        for one in _batches(postings, batch):
            client.send(one)
            statements[one.vendor] += len(one.statements)
            progress(len(one.statements))
    finally:
        client.close()
    return Tally(
        statements=statements.total(),
        requests=client.requests,
        retries=client.retries,
        bytes_sent=client.bytes_sent,
        by_vendor=dict(statements),
    )


def _batches(postings: Iterable[Posting], size: int) -> Iterator[_Batch]:
    """Batches of up to `size`, each as soon as it is full; what is left at the end."""
    if size < 1:
        raise ValueError(f"batch is {size}; expected at least 1")
    waiting: dict[tuple[str, str], list[Json]] = {}
    for posting in postings:
        pile = waiting.setdefault((posting.vendor, posting.version), [])
        pile.append(posting.statement)
        if len(pile) == size:
            del waiting[posting.vendor, posting.version]
            yield _Batch(posting.vendor, posting.version, pile)
    for (vendor, version), pile in waiting.items():
        yield _Batch(vendor, version, pile)


class _Client:
    """One kept-alive connection."""

    def __init__(self, url: str, keys: Mapping[str, tuple[str, str]], sleep: Callable[[float], Any]) -> None:
        parts = urlsplit(url)
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        if parts.scheme not in kinds or not parts.hostname:
            raise ValueError(f"{url} is not an http or https URL")
        self._connection = kinds[parts.scheme](parts.hostname, parts.port, timeout=_TIMEOUT_S)
        self._path = f"{parts.path.rstrip('/')}/xapi/statements"
        self._keys, self._sleep = keys, sleep
        self.requests = self.retries = self.bytes_sent = 0

    def close(self) -> None:
        self._connection.close()

    def send(self, batch: _Batch) -> None:
        """Send until the server takes it."""
        body = json.dumps(batch.statements, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "Authorization": _basic(*self._keys[batch.vendor]),
            "Content-Type": "application/json",
            "X-Experience-API-Version": batch.version,
        }
        for attempt in count(1):
            wait_s = self._attempt(batch, body, headers, last=attempt == _TRIES)
            if wait_s is None:
                return
            self.retries += 1
            self._sleep(wait_s)

    def _attempt(self, batch: _Batch, body: bytes, headers: Mapping[str, str], *, last: bool) -> float | None:
        """Send once: None when it was taken, seconds to wait when it is to be sent again."""
        try:
            self._connection.request("POST", self._path, body, dict(headers))
            response = self._connection.getresponse()
            answer = response.read()
        except (http.client.HTTPException, OSError) as exc:
            self._connection.close()  # the next request opens it anew
            if last:
                raise PostingError(f"No answer from {self._connection.host}: {exc!r}") from exc
            return 1.0
        self.requests += 1
        self.bytes_sent += len(body)
        if response.status == HTTPStatus.OK:
            return None
        if response.status == HTTPStatus.SERVICE_UNAVAILABLE and not last:
            return _seconds(response.getheader("Retry-After"))
        said = answer[:_SHOWN_BYTES].decode("utf-8", "replace")
        raise PostingError(
            f"{len(batch.statements)} statements of {batch.vendor} (xAPI {batch.version}) were answered with "
            f"{response.status} {response.reason}: {said}"
        )


def _seconds(retry_after: str | None) -> float:
    """Seconds to wait: `Retry-After` when it is a number, else 1; never more than 30."""
    try:
        return min(_LONGEST_WAIT_S, max(0.0, int(retry_after or "")))
    except ValueError:
        return 1.0


def _basic(key_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{key_id}:{secret}".encode()).decode()
