"""From a URL to a store. An engine is imported only when its scheme is asked for."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from lrs.errors import ConfigError
from lrs.stores.moving import WholeStore


def open_store(url: str) -> WholeStore:
    """The store at `sqlite:///relative.db`, `sqlite:////absolute.db` or `mongodb://HOST/DATABASE`.

    Nothing is read or made yet.

    Raises `ConfigError` when the URL names no engine that we know, or lacks what its engine needs.
    """
    scheme, separator, _ = url.partition(":")
    engine = _ENGINES.get(scheme) if separator else None
    if engine is None:
        known = ", ".join(sorted(_ENGINES))
        raise ConfigError(f"The store {shown(url)} has no scheme that we know. Known: {known}.")
    return engine(url)


def _sqlite(url: str) -> WholeStore:
    from lrs.stores.sqlite.store import SqliteStore

    prefix = "sqlite:///"
    path = unquote(url.removeprefix(prefix))
    if not url.startswith(prefix) or not path or "?" in url or "#" in url:
        raise ConfigError(f"The store is {url}; expected sqlite:///relative.db or sqlite:////absolute.db.")
    return SqliteStore(path)


def _mongo(url: str) -> WholeStore:
    from lrs.stores.mongo.store import MongoStore

    return MongoStore(url)


_ENGINES: dict[str, Callable[[str], WholeStore]] = {
    "mongodb": _mongo,
    "mongodb+srv": _mongo,
    "sqlite": _sqlite,
}


def shown(url: str) -> str:
    """The URL of a store without what may be a password: user information, and options."""
    scheme, mark, rest = url.partition("://")
    if scheme == "sqlite":
        return url
    if not mark:
        # It is none; what stands in it may be a password all the same.
        return f"{url.partition(':')[0]}:…" if ":" in url else url
    return f"{scheme}{mark}{rest.rpartition('@')[2].partition('?')[0]}"
