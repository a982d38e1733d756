"""Signed statements: what the signatures of a statement say, held against the statement (xAPI-Data 2.6).

A signature is well formed when it is a JWS that xAPI allows, its payload is the statement before the signature
was added, and, where it brings its certificate, that certificate's key made it. Who the signer is, and whether
to trust them, is not asked here, nor by the specification: an expired certificate is accepted (when a statement
was signed is not known, and a record outlives its certificates), and so is one that nobody vouches for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lrs.errors import Detail, InvalidAttachment, MalformedJson
from lrs.wording import shown
from lrs.xapi import strict_json
from lrs.xapi.attachments import declared
from lrs.xapi.equality import same_meaning
from lrs.xapi.statement import Attachment, Statement
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version

USAGE_TYPE = "http://adlnet.gov/expapi/attachments/signature"
CONTENT_TYPE = "application/octet-stream"
MOST_SIGNATURES = 5
"""Of one statement. Each costs a comparison of the whole statement."""
MOST_SPARE_BYTES = 16_384
"""A payload may be this much longer than four times its statement: printed with blanks, with definitions."""

_MEMBERS = ("actor", "verb", "object", "result", "context", "timestamp", "attachments")
_AS_SIGNED = "the statement as it was before the signature was added (xAPI-Data 2.6)"


def check_signatures(statement: Statement, raw: bytes, attachments: Mapping[str, Attachment]) -> list[Detail]:
    """What is wrong with the signatures of one statement, as `Signatures.check` tells it."""
    return Signatures(attachments).check(statement, raw)


@dataclass(frozen=True, slots=True)
class _Signed:
    """The statement that a payload holds, a `Decimal` wherever a number has a fraction or exponent."""

    statement: Statement
    size_bytes: int


class Signatures:
    """The signatures that came with one request: each is read and verified once, however often it is named."""

    def __init__(self, attachments: Mapping[str, Attachment]) -> None:
        """`attachments`: the raw data of the request by hash, in lower-case hex."""
        self._attachments = attachments
        self._known: dict[str, _Signed | Detail] = {}

    def check(self, statement: Statement, raw: bytes) -> list[Detail]:
        """What is wrong with the signatures of a statement, at most one `Detail` each; [] when nothing is.

        A signature in the attachments of a SubStatement is one over that SubStatement, read as a statement of
        its own. A signature without raw data is refused, `fileUrl` or not: it cannot be decoded, as 2.6 asks,
        and nothing is ever fetched for a sender. Never raises, whatever the raw data is.

        Args:
            statement: valid, as it came or stamped; with the id that PUT gave it, if any.
            raw: its exact bytes: numbers are compared as they were written.
        """
        signatures = [
            (place, header) for place, header in declared(statement) if header["usageType"] == USAGE_TYPE
        ]
        if not signatures:
            return []
        if len(signatures) > MOST_SIGNATURES:
            expected = f"at most {MOST_SIGNATURES} for one statement"
            return [Detail("/attachments", f"{len(signatures)} signatures", expected)]
        exact = {**_exactly(raw), "id": statement.get("id")}
        details: list[Detail] = []
        for place, header in signatures:
            is_inner = place.startswith("/object/")
            received = exact["object"] if is_inner else exact
            found = self._problem(header, received, len(raw), has_id=not is_inner)
            details += [found.under(place)] if found else []
        return details

    def _problem(
        self, header: Mapping[str, Any], received: Statement, size_bytes: int, *, has_id: bool
    ) -> Detail | None:
        """What is wrong with one signature over `received`, whose text has `size_bytes`."""
        if header["contentType"] != CONTENT_TYPE:
            expected = f"{CONTENT_TYPE}, as a signature must have (xAPI-Data 2.6)"
            return Detail("/contentType", shown(header["contentType"]), expected)
        signed = self._signed(header["sha2"].lower())
        if isinstance(signed, Detail):
            return signed
        most = MOST_SPARE_BYTES + 4 * size_bytes
        if signed.size_bytes > most:
            return Detail(
                "", f"a payload of {signed.size_bytes} bytes", f"{_AS_SIGNED}: at most {most} bytes"
            )
        others = _differing(signed.statement, received, has_id=has_id)
        return Detail("", f"a payload that differs in {', '.join(others)}", _AS_SIGNED) if others else None

    def _signed(self, sha2: str) -> _Signed | Detail:
        """What the raw data of this hash has signed, or what is wrong with it."""
        if sha2 not in self._known:
            try:
                self._known[sha2] = self._read(sha2)
            except InvalidAttachment as exc:
                self._known[sha2] = exc.details[0]
        return self._known[sha2]

    def _read(self, sha2: str) -> _Signed | Detail:
        """Raises `InvalidAttachment` for what is no well-formed JWS."""
        if sha2 not in self._attachments:
            expected = f"the signature itself, a part with the hash {sha2} (xAPI-Data 2.6)"
            return Detail("", "no raw data", expected)
        # Here, for it takes 0.15 s to load, and most processes never see a signature.
        from lrs.xapi.jws import payload_of

        payload = payload_of(self._attachments[sha2].content)
        try:
            value = strict_json.parse(payload)
        except MalformedJson as exc:
            wrong = exc.details[0]
            return Detail("", f"a payload that is not strict JSON: {wrong.found}", wrong.expected)
        return _broken(value) or _Signed(_exactly(payload), len(payload))


def _broken(value: object) -> Detail | None:
    """Why a payload is no statement, of whichever version: which one is seen when it is compared."""
    problems: list[list[Detail]] = []
    for version in Version:
        problems.append(check_statement(value, version))
        if not problems[-1]:
            return None
    first = min(problems, key=len)[0]
    found = f"a payload that is no valid statement: at {first.path or 'its top'}, {first.found}"
    return Detail("", found, first.expected)


def _differing(signed: Statement, received: Statement, *, has_id: bool) -> list[str]:
    """Names of the members by which the received statement is not the one that was signed.

    A member that a server may give to a statement without it (`id`, `timestamp`) counts when it was signed;
    `authority`, `stored` and `version`, which a server may also replace, never do (xAPI-Data 2.3.1).
    """
    others = [name for name in _MEMBERS if not same_meaning(_only(signed, name), _only(received, name))]
    if has_id and "id" in signed and signed["id"].lower() != (received["id"] or "").lower():
        others.insert(0, "id")
    if "timestamp" in signed and "timestamp" not in received:
        others.append("timestamp")
    return others


def _only(statement: Statement, name: str) -> Statement:
    return {name: statement[name]} if name in statement else {}


def _exactly(data: bytes) -> dict[str, Any]:
    """A JSON object that `strict_json.parse` has accepted, its numbers without the rounding of floats."""
    value: dict[str, Any] = json.loads(data.decode(), parse_float=_decimal)
    return value


def _decimal(text: str) -> Decimal | strict_json.Number:
    try:
        return Decimal(text)
    except InvalidOperation:
        # An exponent of more than 18 digits; such a number is equal to the one of the same text.
        return strict_json.Number(text)
