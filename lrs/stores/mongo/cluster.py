"""The database as one process sees it: client, concerns, and what the server can do."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import mongoengine
from pymongo import MongoClient, WriteConcern
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
# What a URL must not say: a weaker one would lose what was acknowledged, or show what may still be lost.
_OURS = ("w", "journal", "j", "readconcernlevel", "readpreference", "retrywrites", "retryreads", "wtimeoutms")


def check_url(url: str) -> str:
    """The name of the database that a URL speaks of. Raises `ConfigError` when it cannot be used."""
    try:
        # Without the look-up in the DNS that a `mongodb+srv` URL asks for.
        parsed = (
            parse_uri(url) if url.startswith("mongodb://") else {"database": _database_of(url), "options": {}}
        )
    except (InvalidURI, ConfigurationError, ValueError) as error:
        raise ConfigError(f"The store is no URL of a MongoDB database: {error}.") from error
    for name in parsed["options"]:
        if name.lower() in _OURS:
            raise ConfigError(
                f"The URL of the store sets {name}; Rapport sets it itself: acknowledged by a majority, in the"
                " journal, read from what a majority has."
            )
    return str(parsed["database"] or DATABASE)


def _database_of(url: str) -> str:
    return url.partition("://")[2].partition("?")[0].partition("/")[2]


class Cluster:
    """Connections are made when they are first needed, and shared by all threads of the process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._database = check_url(url)

    @cached_property
    def client(self) -> MongoClient[Row]:
        """The driver's pool of connections."""
        said = self._url.lower()
        usual = {name: value for name, value in _USUAL.items() if f"{name.lower()}=" not in said}
        return MongoClient(self._url, retryWrites=True, retryReads=True, connect=False, **usual)

    @cached_property
    def hello(self) -> Row:
        """What the server says of itself."""
        return dict(self.client.admin.command("hello"))

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
            self._database, read_preference=ReadPreference.PRIMARY, read_concern=read, write_concern=WRITE
        )

    def __getitem__(self, model: type[mongoengine.Document]) -> Collection[Row]:
        """The collection of a model."""
        return self.database[name_of(model)]

    def close(self) -> None:
        """Let go of the connections."""
        client = self.__dict__.pop("client", None)
        if client is not None:
            try:
                client.close()
            except PyMongoError:
                return
