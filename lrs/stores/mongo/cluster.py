"""The database as one process sees it: client, concerns, and what the server can do."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl

import mongoengine
from bson import CodecOptions, Int64
from bson.codec_options import TypeDecoder, TypeRegistry
from pymongo import MongoClient, WriteConcern
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import ConfigurationError, InvalidURI, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.read_preferences import ReadPreference
from pymongo.uri_parser import parse_uri

from lrs.errors import ConfigError
from lrs.stores.mongo.models import name_of

Row = dict[str, Any]
"""A document of MongoDB."""

DATABASE = "rapport"
"""Where the URL names none."""

WRITE = WriteConcern("majority", j=True)
"""Acknowledged is what most members have in their journals: it outlives the loss of any minority of them."""

# What a URL may say otherwise. Who waits longer than this for an answer gets 503 and tries again.
_USUAL: dict[str, Any] = {
    "appname": "rapport",
    "serverSelectionTimeoutMS": 5_000,
    "connectTimeoutMS": 5_000,
    "socketTimeoutMS": 30_000,
}
# What a URL may not say otherwise: it would lose what was acknowledged, or show what may still be lost.
_OURS = {
    "w": "majority",
    "journal": "true",
    "j": "true",
    "readconcernlevel": "majority",
    "readpreference": "primary",
    "retrywrites": "true",
    "retryreads": "true",
    "uuidrepresentation": None,
    "wtimeoutms": None,
    "wtimeout": None,
}


def check_url(url: str) -> str:
    """The name of the database that a URL speaks of. Raises `ConfigError` when it cannot be used."""
    scheme, _, rest = url.partition("://")
    before, _, query = rest.partition("?")
    try:
        # Without the look-up in the DNS that a `mongodb+srv` URL asks for: it is read as if it named its hosts.
        parsed = parse_uri(f"mongodb://{before}") if scheme == "mongodb+srv" else parse_uri(url)
    except (InvalidURI, ConfigurationError, ValueError) as error:
        raise ConfigError(f"The store is no URL of a MongoDB database: {error}.") from error
    for name, value in parse_qsl(query, keep_blank_values=True):
        ours = _OURS.get(name.lower(), value)
        if value.lower() != (ours or "").lower():
            raise ConfigError(
                f"The URL of the store sets {name}; expected {f'{name}={ours}' if ours else 'nothing of it'}."
                " Rapport sets it itself: acknowledged by a majority, in the journal, read from what a majority has."
            )
    return str(parsed["database"] or DATABASE)


class _PlainInteger(TypeDecoder):
    """The driver reads integers of 64 bits as a class of its own, which not everybody can print."""

    bson_type = Int64

    def transform_bson(self, value: Any) -> int:
        return int(value)


_MOST_REMEMBERED = 50


class Cluster:
    """Connections are made when they are first needed, and shared by all threads of the process."""

    def __init__(self, url: str, *, patient: bool = False) -> None:
        """`patient`: waits as long as it takes for an answer, as for an index that is made."""
        self._url = url
        self._database = check_url(url)
        self._usual = {**_USUAL, "socketTimeoutMS": None} if patient else _USUAL
        self._lock = Lock()
        self._client: MongoClient[Row] | None = None
        self._seen: tuple[Any, Any] = None, None
        self.cut_off: deque[Mapping[str, Any]] = deque(maxlen=_MOST_REMEMBERED)
        """Ids of sessions whose connection was lost in a transaction: it may go on at the server."""
        self.let_go: deque[str] = deque(maxlen=_MOST_REMEMBERED)
        """Without transactions: names that this process has held the clock by, and has failed under, of late."""

    @property
    def client(self) -> MongoClient[Row]:
        """The driver's pool of connections."""
        with self._lock:
            if self._client is None:
                said = self._url.lower()
                usual = {name: value for name, value in self._usual.items() if f"{name.lower()}=" not in said}
                self._client = MongoClient(
                    self._url, retryWrites=True, retryReads=True, connect=False, **usual
                )
            return self._client

    @cached_property
    def hello(self) -> Row:
        """What the server said of itself when it was first asked."""
        return dict(self.client.admin.command("hello"))

    def asked_anew_has_no_transactions(self) -> bool:
        """Whether it still is a lone server."""
        return "setName" not in self.client.admin.command("hello")

    def saw(self, session: ClientSession) -> None:
        """Whatever is read from now on has what the session has written."""
        self._seen = session.cluster_time, session.operation_time

    def up_to_date(self, session: ClientSession) -> None:
        """Let the session read what this process has written."""
        cluster_time, operation_time = self._seen
        if cluster_time is not None and operation_time is not None:
            session.advance_cluster_time(cluster_time)
            session.advance_operation_time(operation_time)

    @property
    def sharded(self) -> bool:
        """It is a `mongos`, in front of a sharded cluster."""
        return self.hello.get("msg") == "isdbgrid"

    @property
    def transactions(self) -> bool:
        """It is a replica set or a sharded cluster: a lone server has no transactions."""
        return self.sharded or "setName" in self.hello

    @property
    def topology(self) -> str:
        """In words."""
        if self.sharded:
            return "sharded cluster"
        return f"replica set {self.hello['setName']}" if self.transactions else "standalone"

    @cached_property
    def database(self) -> Database[Row]:
        """With the concerns that everything is read and written with."""
        # What a lone server has can not be rolled back by others: there is no majority to ask.
        read = ReadConcern("majority" if self.transactions else "local")
        return self.client.get_database(
            self._database,
            codec_options=CodecOptions(type_registry=TypeRegistry([_PlainInteger()])),
            read_preference=ReadPreference.PRIMARY,
            read_concern=read,
            write_concern=WRITE,
        )

    def __getitem__(self, model: type[mongoengine.Document]) -> Collection[Row]:
        """The collection of a model."""
        return self.database[name_of(model)]

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            with suppress(PyMongoError):
                client.close()
