"""Pseudonyms: what stands for people where somebody may see records and not whose they are.

The same person has the same pseudonym everywhere and ever after, and nobody can go from it to the person without the
secret of the server.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from typing import Any

WITHHELD = "(withheld: it may name people)"
_KEY = re.compile(r"(?:mailto:|account:|mbox_sha1sum:|openid:)\S[^\n;,]*", re.ASCII)
_WHOLE = re.compile(r"(?:mailto:.+@.+|account:[^@]+@.+|mbox_sha1sum:.+|openid:.+)", re.DOTALL)
_GIVEN = re.compile(r"P-[A-Z2-7]{8}")
_NAMES = frozenset({"name", "trainer_name", "rater_name", "officer_name"})
"""Members that are a person's name, in an object that has one of `_PEOPLE`, too."""
_PEOPLE = frozenset({"officer", "subject", "rater", "trainer", "agent", "user"})
_TEXTS = frozenset(
    {"reason_given", "reasons", "text", "decided_by", "raised_by", "written_by", "detail", "path"}
)
"""Members that people wrote, or that name a user; in a path somebody may stand by the name of their account."""
_KEPT = frozenset({"authority"})
"""Members whose agent key is a system's, a vendor's say, and nobody's."""


class Pseudonyms:
    """Gives them."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, key: str) -> str:
        """The pseudonym of an agent key, e.g. `P-5QK2XN7A`: 40 bits, so that among a million two may collide."""
        return f"P-{self._code(key)}"

    def masked(self, answer: Any) -> Any:
        """A JSON-ready answer with every agent key, name, encounter and free text put out of sight."""
        if isinstance(answer, Mapping):
            person = not _PEOPLE.isdisjoint(answer)
            return {
                self._text(name): self._member(name, value, person=person) for name, value in answer.items()
            }
        if isinstance(answer, list | tuple):
            masked = [self.masked(one) for one in answer]
            # A place in the order of agent keys would tell who somebody is.
            return sorted(masked, key=_whose) if _in_order_of_keys(answer) else masked
        return self._text(answer) if isinstance(answer, str) else answer

    def _member(self, name: str, value: Any, *, person: bool) -> Any:
        if name in _KEPT:
            return value
        if isinstance(value, str) and value:
            if name == "encounter":
                return f"E-{self._code(value)}"
            if name in _TEXTS:
                return WITHHELD
            if name in _NAMES and person:
                return ""
            if name == "trainer" and not (_WHOLE.fullmatch(value) or _GIVEN.fullmatch(value)):
                return WITHHELD  # as somebody asked for them: by the name of their account
        return self.masked(value)

    def _text(self, text: str) -> str:
        if _WHOLE.fullmatch(text):
            return self.of(text)
        return _KEY.sub(lambda found: self.of(found[0].rstrip(".:)\"' ")), text) if ":" in text else text

    def _code(self, text: str) -> str:
        digest = hmac.digest(self._secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return base64.b32encode(digest[:5]).decode("ascii")


def _in_order_of_keys(rows: Sequence[Any]) -> bool:
    """Whether a list is of people, or of what is about them, and in the order of their agent keys."""
    keys = [_whose(row) for row in rows]
    return len(keys) > 1 and all(keys) and keys == sorted(keys)


def _whose(row: Any) -> str:
    """The agent key, or pseudonym, that a row of an answer is about; empty: it is about nobody."""
    if isinstance(row, Mapping):
        row = row.get("officer") or row.get("subject")
    return row if isinstance(row, str) else ""
