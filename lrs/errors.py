"""Every error that Rapport expects: one root, each with a code and the details a caller can act on.

No HTTP in here: `lrs.web.errors` alone decides which status an error becomes, `lrs.cli` which exit code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that was wrong: where, what stood there, and what would be right.

    `path` is a JSON Pointer (RFC 6901) into the body, e.g. `/2/actor/mbox`, or the name of a query parameter
    or header.
    """

    path: str
    found: str
    expected: str

    def under(self, prefix: str) -> Detail:
        """The same detail seen from one level up: `prefix` is put before the path."""
        return Detail(f"{prefix}{self.path}", self.found, self.expected)


class LrsError(Exception):
    """Root of the expected errors.

    `code` is stable and meant for programs; `message` is one sentence meant for people.
    """

    code: ClassVar[str] = "error"
    statements: int = 0
    """How many statements the request had that is refused by it; 0 when that is not known. Not told to the caller."""

    def __init__(self, message: str, details: Iterable[Detail] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details: tuple[Detail, ...] = tuple(details)

    def as_dict(self) -> dict[str, Any]:
        """`{"code", "message", "details": [{"path", "found", "expected"}]}`."""
        return {
            "code": self.code,
            "message": self.message,
            "details": [asdict(detail) for detail in self.details],
        }


class InvalidInput(LrsError):
    """The caller sent something that the specification, or we, do not accept."""

    code = "invalid_input"


class MalformedJson(InvalidInput):
    """The body is not strict JSON: syntax, duplicate keys, NaN, lone surrogates, encoding, nesting."""

    code = "malformed_json"


class InvalidStatement(InvalidInput):
    """One or more statements break a rule of xAPI."""

    code = "invalid_statement"


class InvalidParameter(InvalidInput):
    """A query parameter or header is unknown, malformed or not allowed beside another."""

    code = "invalid_parameter"


class InvalidAttachment(InvalidInput):
    """A multipart body or one of its attachments breaks a rule of xAPI."""

    code = "invalid_attachment"


class UnsupportedVersion(InvalidInput):
    """`X-Experience-API-Version` is missing or names a version that this server does not speak."""

    code = "unsupported_version"


class Unauthenticated(LrsError):
    """No credential, or one that we do not know."""

    code = "unauthenticated"


class Forbidden(LrsError):
    """The credential is known but has not the scope for this."""

    code = "forbidden"


class TooManyTries(LrsError):
    """Somebody tried too often in too short a time."""

    code = "too_many_tries"


class NotFound(LrsError):
    """There is no such statement, document, officer, key."""

    code = "not_found"


class Conflict(LrsError):
    """What was sent contradicts what is stored (a statement id that is taken by another meaning)."""

    code = "conflict"


class BrokenChain(LrsError):
    """The audit log is not what was written."""

    code = "broken_chain"


class PreconditionFailed(LrsError):
    """`If-Match` or `If-None-Match` does not fit the document that is stored; nothing was changed."""

    code = "precondition_failed"


class TooLarge(LrsError):
    """The body is larger than this server is set to take."""

    code = "too_large"


class SignOnUnavailable(LrsError):
    """The agency's own sign-on cannot be asked now, or answers nothing that can be understood."""

    code = "sign_on_unavailable"


class StoreUnavailable(LrsError):
    """The store cannot answer now: locked, full, gone. Nothing was written; try again later."""

    code = "store_unavailable"


class StoreMismatch(LrsError):
    """The store is not what this version can work with: not initialised, or made by a newer version."""

    code = "store_mismatch"


class ConfigError(LrsError):
    """A setting is unknown, malformed or contradicts another."""

    code = "invalid_configuration"


class PluginError(LrsError):
    """A plugin cannot be loaded, is configured wrongly, or answers with something that is not evidence."""

    code = "plugin_error"
