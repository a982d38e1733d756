"""Attachments: what statements declare held against the raw data that came with them (xAPI-Data 2.4.11)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lrs.errors import Detail, InvalidAttachment
from lrs.xapi.multipart import Part, media_type
from lrs.xapi.statement import Attachment, Statement

_MOST_DETAILS = 100
_UTF8 = ("utf-8", "utf8", "us-ascii")
# SHA-2 of each length in hexadecimal digits. SHA-512/256 and the like cannot be told apart from these.
_SHA2 = {56: hashlib.sha224, 64: hashlib.sha256, 96: hashlib.sha384, 128: hashlib.sha512}


def declared(statement: Statement) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(JSON Pointer, attachment object) of each attachment of a statement and of its SubStatement."""
    for index, attachment in enumerate(statement.get("attachments", ())):
        yield f"/attachments/{index}", attachment
    target = statement["object"]
    if target.get("objectType") == "SubStatement":
        for index, attachment in enumerate(target.get("attachments", ())):
            yield f"/object/attachments/{index}", attachment


def may_declare(statement: Statement) -> bool:
    """Whether `declared` has to be asked: False for nearly every statement."""
    return "attachments" in statement or "attachments" in statement["object"]


def statements_part(parts: Sequence[Part]) -> bytes:
    """The JSON of the first part. Raises `InvalidAttachment` unless that is `application/json` in UTF-8."""
    found = parts[0].headers.get("content-type", "no Content-Type") if parts else "no part"
    kind, parameters = media_type(found)
    if kind != "application/json" or parameters.get("charset", "utf-8").lower() not in _UTF8:
        raise InvalidAttachment(
            f"The first part of a multipart body is {found}; expected the statements as application/json.",
            [Detail("part 0", found, "application/json, in UTF-8")],
        )
    return parts[0].content


def matched(statements: Iterable[tuple[str, Statement]], parts: Sequence[Part]) -> list[Attachment]:
    """The raw data to keep, once each.

    Args:
        statements: (JSON Pointer, statement), all valid.
        parts: what followed the statements in a multipart body; empty for a plain JSON body.

    Raises `InvalidAttachment` with a detail (of at most 100) for each part without hash or binary encoding,
    with a hash that is not that of its content or that no statement declares, and for each attachment that
    has neither part nor `fileUrl`. A declared `length` is not held against anything.
    """
    problems: list[Detail] = []
    data = dict(_read(parts, problems))
    named: dict[str, str] = {}
    for pointer, statement in statements:
        for place, attachment in declared(statement):
            sha2 = attachment["sha2"].lower()
            named.setdefault(sha2, attachment["contentType"])
            if sha2 not in data and "fileUrl" not in attachment:
                found = "neither raw data nor fileUrl"
                problems.append(Detail(f"{pointer}{place}", found, f"a part with the hash {sha2}"))
    for sha2, (part, _) in data.items():
        if sha2 not in named:
            problems.append(Detail(part, f"hash {sha2[:128]}", "the sha2 of a statement's attachment"))
    if problems:
        count = "1 attachment does" if len(problems) == 1 else f"{len(problems)} attachments do"
        raise InvalidAttachment(f"{count} not fit the statements.", problems[:_MOST_DETAILS])
    return [Attachment(sha2, named[sha2], content) for sha2, (_, content) in data.items()]


def hash_of(content: bytes, *, like: str) -> str:
    """The SHA-2 of raw data, of the variant that a hash of the length of `like` is; lower-case hex."""
    return _SHA2.get(len(like), hashlib.sha256)(content).hexdigest()


def _read(parts: Sequence[Part], problems: list[Detail]) -> Iterator[tuple[str, tuple[str, bytes]]]:
    """(hash, (place, content)) of each part that is an attachment; what is wrong goes to `problems`."""
    for index, part in enumerate(parts, start=1):
        place = f"part {index}"
        sha2 = part.headers.get("x-experience-api-hash", "").lower()
        encoding = part.headers.get("content-transfer-encoding", "none")
        if encoding.lower() != "binary":
            problems.append(Detail(place, f"Content-Transfer-Encoding {encoding[:80]}", "binary"))
        if not sha2:
            problems.append(Detail(place, "no X-Experience-API-Hash", "the SHA-2 of the part's content"))
            continue
        own = hash_of(part.content, like=sha2)
        if own != sha2:
            problems.append(Detail(place, f"hash {sha2[:128]}", f"the SHA-2 of the part's content, {own}"))
        yield sha2, (place, part.content)
