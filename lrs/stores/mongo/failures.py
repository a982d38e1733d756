"""What errors of the driver mean to those who asked: the one place where they become errors of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bson.errors import InvalidDocument
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    ExecutionTimeout,
    NetworkTimeout,
    OperationFailure,
    PyMongoError,
    WTimeoutError,
)

from lrs.errors import Detail, LrsError, StoreMismatch, StoreUnavailable, TooLarge

_REASONS: dict[int, tuple[str, str]] = {
    13: ("MongoDB does not let us do this.", "a user with the role readWrite on the database"),
    18: ("MongoDB does not know the user, or not with this password.", "the user and password of the URL"),
    50: ("MongoDB took too long.", "a server that answers in time"),
    8000: ("MongoDB does not know the user, or not with this password.", "the user and password of the URL"),
    14031: ("There is no room left to write.", "free space on the disks of MongoDB"),
}

_DOCUMENT_TOO_LARGE = (10334, 17419, 17420)


def as_ours(error: BaseException) -> BaseException:
    """`StoreUnavailable` with the reason; what is none of the driver's comes back as it is."""
    if not isinstance(error, PyMongoError | InvalidDocument):
        return error
    if isinstance(error, DocumentTooLarge) or getattr(error, "code", None) in _DOCUMENT_TOO_LARGE:
        return TooLarge(
            "MongoDB takes documents up to 16 MiB.", [Detail("", "a larger statement", "at most 15 MiB")]
        )
    message, expected = _meaning(error)
    return StoreUnavailable(message, [Detail("store", _found(error), expected)])


def _meaning(error: BaseException) -> tuple[str, str]:
    if isinstance(error, ExecutionTimeout | NetworkTimeout | WTimeoutError):
        return "MongoDB took too long.", "a server that answers in time"
    if isinstance(error, ConnectionFailure):
        return "MongoDB does not answer.", "a server, or a primary of the replica set, that can be reached"
    if isinstance(error, ConfigurationError):
        return "MongoDB cannot be used with this URL.", "a MongoDB URL whose options fit the server"
    if isinstance(error, OperationFailure) and error.code in _REASONS:
        return _REASONS[error.code]
    return "The store failed.", "a store that works"


def _found(error: BaseException) -> str:
    """What the driver says, without its long description of the topology."""
    code = getattr(error, "code", None)
    text = str(error).split(", Timeout:")[0].split(", full error:")[0]
    return f"{type(error).__name__}{f' {code}' if code else ''}: {text[:300]}"


def is_of_the_server(error: BaseException) -> bool:
    """Whether whatever else is written now would fail as well, and not only what was being written."""
    if isinstance(error, StoreUnavailable | StoreMismatch | ConnectionFailure):
        return True
    return isinstance(error, OperationFailure) and error.code in _REASONS


@contextmanager
def ours() -> Iterator[None]:
    """Within, an error of the driver becomes one of ours."""
    try:
        yield
    except (PyMongoError, InvalidDocument) as error:
        translated = as_ours(error)
        if not isinstance(translated, LrsError):
            raise
        raise translated from error
