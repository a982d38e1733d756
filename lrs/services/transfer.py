"""Statements in and out as JSON lines: one statement a line, plain or gzip.

Import may be repeated: what is stored already is left as it is, so a run that was cut off is simply run again.
A statement without an id gets one from its file and line, the same at every run.
"""

from __future__ import annotations

import gzip
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from lrs.errors import Conflict, Detail, InvalidAttachment, InvalidInput, InvalidStatement, LrsError
from lrs.services.access import Credential
from lrs.services.ingest import Checked, Ingest
from lrs.stores.base import Store
from lrs.xapi import attachments, strict_json
from lrs.xapi.statement import Attachment, Statement
from lrs.xapi.validation import check_statement
from lrs.xapi.versions import Version

_NAMESPACE = uuid.UUID("5b7f7a1e-6d0c-5a52-9a8f-3f6a2f6d0e11")
BATCH = 500


@dataclass(slots=True)
class Tally:
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


class Transfer:
    """Moves statements between files and the store, with the authority they name."""

    def __init__(self, store: Store, ingest: Ingest, *, home_page: str) -> None:
        self._store = store
        self._ingest = ingest
        account = {"homePage": home_page, "name": "import"}
        authority = {"objectType": "Agent", "name": "Import", "account": account}
        self._credential = Credential("import", frozenset({"all"}), authority)

    def import_file(
        self,
        path: Path,
        *,
        from_line: int = 1,
        raw_data: Path | None = None,
        progress: Callable[[Tally], None] = lambda _: None,
    ) -> Tally:
        """Take in a file of statements, a batch a transaction. A bad line is refused alone, by its number.

        Args:
            path: JSON lines; gzip when the name ends in `.gz`.
            from_line: the first line to read, counted from 1.
            raw_data: folder of attachments' raw data, one file each, named by its SHA-2.
            progress: called after each batch.
        """
        tally = Tally(lines=from_line - 1)
        batch: list[_Line] = []
        with _open(path, "rb") as file:
            for number, text in enumerate(file, start=1):
                if number < from_line or not text.strip():
                    continue
                try:
                    batch.append(_line(number, text, raw_data))
                except InvalidInput as exc:
                    tally.refused.append((number, exc))
                if len(batch) == BATCH:
                    self._take(batch, path.name, tally)
                    tally.lines = number
                    progress(tally)
                    batch = []
                tally.lines = number
        self._take(batch, path.name, tally)
        progress(tally)
        return tally

    def _take(self, batch: list[_Line], source: str, tally: Tally) -> None:
        for version in Version:
            lines = [line for line in batch if line.version is version]
            try:
                self._add(lines, source, version)
                tally.taken += len(lines)
            except Conflict:
                # Find the lines at fault; the others are taken.
                self._take_one_by_one(lines, source, version, tally)

    def _take_one_by_one(self, lines: list[_Line], source: str, version: Version, tally: Tally) -> None:
        for line in lines:
            try:
                self._add([line], source, version)
                tally.taken += 1
            except Conflict as exc:
                tally.refused.append((line.number, exc))

    def _add(self, lines: list[_Line], source: str, version: Version) -> None:
        if not lines:
            return
        fresh = iter(
            [str(uuid.uuid5(_NAMESPACE, f"{source}:{x.number}")) for x in lines if "id" not in x.statement]
        )
        checked = Checked(
            [line.statement for line in lines],
            [line.raw for line in lines],
            [attachment for line in lines for attachment in line.attachments],
        )
        self._ingest.add(checked, version, self._credential, lambda: next(fresh))

    def export_file(
        self,
        path: Path,
        *,
        raw_data: Path | None = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> int:
        """Write every statement, voided ones too, oldest first, as its exact bytes; answer how many.

        Args:
            path: the file to write; gzip when the name ends in `.gz`. It appears under its name only when whole.
            raw_data: folder that takes attachments' raw data, one file each, named by its SHA-2.
            progress: called with the count after each 1,000.
        """
        partial = path.with_name(path.name + ".partial")
        count = 0
        with _open(partial, "wb", gz=path.suffix == ".gz") as file:
            for count, statement in enumerate(self._store.scan(), start=1):
                # A line break inside a statement can only stand between its tokens.
                file.write(statement.raw.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n")
                if raw_data is not None:
                    self._export_raw_data(strict_json.parse(statement.raw), raw_data)
                if count % 1000 == 0:
                    progress(count)
        partial.replace(path)
        return count

    def _export_raw_data(self, statement: Statement, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        sha2s = [attachment["sha2"].lower() for _, attachment in attachments.declared(statement)]
        for sha2, attachment in self._store.attachments(sha2s).items() if sha2s else ():
            (folder / sha2).write_bytes(attachment.content)


def check_lines(file: Iterable[bytes]) -> Iterator[tuple[int, list[Detail]]]:
    """(line number, what is wrong with the statement on it) for every line; [] where nothing is."""
    for number, text in enumerate(file, start=1):
        if not text.strip():
            continue
        try:
            statement = strict_json.parse(text)
        except InvalidInput as exc:
            yield number, list(exc.details)
        else:
            yield number, check_statement(statement, _version_of(statement))


def open_lines(path: Path) -> BinaryIO:
    """A file of JSON lines, plain or (`.gz`) gzip, for reading."""
    return _open(path, "rb")


def _line(number: int, text: bytes, raw_data: Path | None) -> _Line:
    statement = strict_json.parse(text)
    version = _version_of(statement)
    details = check_statement(statement, version)
    if details:
        raise InvalidStatement("The statement is not valid.", details)
    return _Line(number, statement, text.strip(), version, tuple(_raw_data(statement, raw_data)))


def _raw_data(statement: Statement, folder: Path | None) -> Iterator[Attachment]:
    for pointer, attachment in attachments.declared(statement):
        sha2 = attachment["sha2"].lower()
        file = folder / sha2 if folder and sha2.isalnum() else None
        if file is not None and file.is_file():
            yield Attachment(sha2, attachment["contentType"], file.read_bytes())
        elif "fileUrl" not in attachment:
            raise InvalidAttachment(
                "An attachment has neither raw data nor a fileUrl.",
                [Detail(pointer, f"no file {sha2}", "its raw data in the folder of attachments")],
            )


def _version_of(statement: object) -> Version:
    version = statement.get("version", "") if isinstance(statement, dict) else ""
    return Version.V2 if isinstance(version, str) and version.startswith("2") else Version.V1


def _open(path: Path, mode: str, *, gz: bool | None = None) -> BinaryIO:
    compressed = path.suffix == ".gz" if gz is None else gz
    return cast(BinaryIO, gzip.open(path, mode) if compressed else path.open(mode))
