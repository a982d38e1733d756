"""Statements in from files of JSON lines.

Import may be repeated: what is stored already is left as it is, so a run that was cut off is simply run again.
A statement without an id gets one from its line and content, the same at every run.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lrs.errors import (
    Detail,
    InvalidAttachment,
    InvalidInput,
    InvalidStatement,
    LrsError,
    StoreUnavailable,
    TooLarge,
)
from lrs.services.access.keys import Credential
from lrs.services.ingest import Checked, Ingest, Limits
from lrs.services.lines import parse_line, read_lines, version_of
from lrs.xapi import attachments
from lrs.xapi.statement import Attachment, Statement
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version

BATCH = 500
_NAMESPACE = uuid.UUID("5b7f7a1e-6d0c-5a52-9a8f-3f6a2f6d0e11")


@dataclass(slots=True)
class Imported:
    """How far an import is. `refused` is (line number, error), in order."""

    lines: int = 0
    taken: int = 0
    refused: list[tuple[int, LrsError]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    statement: Statement
    raw: bytes
    version: Version
    attachments: tuple[Attachment, ...]


class Import:
    """Takes statements in with the authority that they name."""

    def __init__(self, ingest: Ingest, limits: Limits, *, home_page: str) -> None:
        """`home_page`: of the account that is the authority of statements that name none."""
        self._ingest = ingest
        self._limits = limits
        account = {"homePage": home_page, "name": "import"}
        self._credential = Credential(
            "import", frozenset({"all"}), {"objectType": "Agent", "account": account}
        )

    def file(
        self,
        path: Path,
        *,
        from_line: int = 1,
        raw_data: Path | None = None,
        progress: Callable[[Imported], None] = lambda _: None,
    ) -> Imported:
        """Take in a file of statements, a batch a transaction. A bad line is refused alone, by its number.

        Args:
            path: JSON lines; gzip when the name ends in `.gz`.
            from_line: the first line to read, counted from 1.
            raw_data: folder of attachments' raw data, one file each, named by its SHA-2.
            progress: called after each batch.

        Raises `InvalidInput` when the file itself breaks off, `StoreUnavailable`; what was taken before stays.
        """
        done = Imported(lines=from_line - 1)
        batch: list[_Line] = []
        for number, text in read_lines(path, most_bytes=self._limits.statement_bytes):
            if number < from_line:
                continue
            try:
                batch.append(self._line(number, text, raw_data))
            except (InvalidInput, TooLarge) as exc:
                done.refused.append((number, exc))
            done.lines = number
            if len(batch) == BATCH:
                self._take(batch, done)
                progress(done)
                batch = []
        self._take(batch, done)
        done.refused.sort(key=lambda line: line[0])
        progress(done)
        return done

    def _line(self, number: int, text: bytes, raw_data: Path | None) -> _Line:
        statement = parse_line(text, most_bytes=self._limits.statement_bytes)
        version = version_of(statement)
        details = check_statement(statement, version)
        if details or not isinstance(statement, dict):
            raise InvalidStatement("The statement is not valid.", details)
        return _Line(number, statement, text, version, tuple(_raw_data(statement, raw_data)))

    def _take(self, batch: list[_Line], done: Imported) -> None:
        for version in Version:
            lines = [line for line in batch if line.version is version]
            try:
                self._add(lines, version)
                done.taken += len(lines)
            except StoreUnavailable:
                raise
            except LrsError:
                self._take_one_by_one(
                    lines, version, done
                )  # to find the lines at fault; the others are taken

    def _take_one_by_one(self, lines: list[_Line], version: Version, done: Imported) -> None:
        for line in lines:
            try:
                self._add([line], version)
                done.taken += 1
            except StoreUnavailable:
                raise
            except LrsError as exc:
                done.refused.append((line.number, exc))

    def _add(self, lines: Sequence[_Line], version: Version) -> None:
        if not lines:
            return
        fresh = iter([_id_for(line) for line in lines if "id" not in line.statement])
        checked = Checked(
            [line.statement for line in lines],
            [line.raw for line in lines],
            [attachment for line in lines for attachment in line.attachments],
        )
        self._ingest.add(checked, version, self._credential, lambda: next(fresh))


def _id_for(line: _Line) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{line.number}:{hashlib.sha256(line.raw).hexdigest()}"))


def _raw_data(statement: Statement, folder: Path | None) -> Iterator[Attachment]:
    """The raw data of a statement's attachments, each held against its hash. Raises `InvalidAttachment`."""
    for pointer, attachment in attachments.declared(statement):
        sha2 = attachment["sha2"].lower()
        file = folder / sha2 if folder and sha2.isalnum() else None
        if file is not None and file.is_file():
            content = file.read_bytes()
            if attachments.hash_of(content, like=sha2) != sha2:
                raise InvalidAttachment(
                    "Raw data does not have the hash that it is named by.",
                    [Detail(pointer, f"other bytes in {sha2}", "the raw data of that SHA-2")],
                )
            yield Attachment(sha2, attachment["contentType"], content)
        elif "fileUrl" not in attachment:
            raise InvalidAttachment(
                "An attachment has neither raw data nor a fileUrl.",
                [Detail(pointer, f"no file {sha2}", "its raw data in the folder of attachments")],
            )
