"""Statements out to a file of JSON lines: every one, voided ones too, oldest first, as its exact bytes."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from lrs.errors import Detail, InvalidInput
from lrs.services.lines import STANDARD_OUTPUT
from lrs.stores.base import Store
from lrs.xapi import attachments, strict_json
from lrs.xapi.statement import Statement

_OWNER_ONLY = 0o600


class Export:
    """Writes what is stored, for whoever keeps the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def file(
        self,
        path: Path,
        *,
        raw_data: Path | None = None,
        replace: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> int:
        """Write every statement and answer how many.

        Args:
            path: the file to write, readable by its owner only; gzip when the name ends in `.gz`; `-` is standard
                output. It appears under its name only when whole.
            raw_data: folder that takes attachments' raw data, one file each, named by its SHA-2.
            replace: whether a file of that name may be replaced.
            progress: called with the count after each 1,000.

        Raises `InvalidInput` when there is something of that name already, or no folder for it.
        """
        count = 0
        with target(path, replace=replace) as file:
            for count, statement in enumerate(self._store.scan(), start=1):
                # A line break inside a statement can only stand between its tokens.
                file.write(statement.raw.replace(b"\r", b" ").replace(b"\n", b" ") + b"\n")
                if raw_data is not None:
                    self._raw_data(strict_json.parse(statement.raw), raw_data)
                if count % 1000 == 0:
                    progress(count)
        return count

    def _raw_data(self, statement: Statement, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sha2s = [attachment["sha2"].lower() for _, attachment in attachments.declared(statement)]
        for sha2, attachment in self._store.attachments(sha2s).items() if sha2s else ():
            with open(folder / sha2, "wb", opener=_for_owner) as file:
                file.write(attachment.content)


@contextlib.contextmanager
def target(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """The file to write to. What is not finished is removed and leaves what was there as it was."""
    if path == STANDARD_OUTPUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if path.exists() and not (replace and path.is_file()):
        found = "a file of that name" if path.is_file() else "something of that name that is no file"
        raise InvalidInput(
            f"{path} is there already.", [Detail("FILE", found, "a new name, or --replace for a file")]
        )
    if not path.parent.is_dir():
        raise InvalidInput(
            f"There is no folder {path.parent}.", [Detail("FILE", str(path), "a file in a folder that is")]
        )
    partial = path.with_name(path.name + ".partial")
    try:
        with open(partial, "wb", opener=_for_owner) as file:
            if path.suffix == ".gz":
                with gzip.GzipFile(path.name, "wb", fileobj=file) as compressed:
                    yield cast(BinaryIO, compressed)
            else:
                yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _for_owner(path: str, flags: int) -> int:
    """Personnel records: as the store's own file, for its owner's eyes only."""
    return os.open(path, flags, _OWNER_ONLY)
