"""A backup is a store of the embedded engine in one file: `lrs backup` and `lrs restore`, whatever engine is in use.

What the file holds is summed up in the file itself, as the secret `archive`: it goes wherever the file goes, under
whatever name, and says of every kind how much there was and its hash. It finds damage and loss. Whoever means to
deceive can sum up anew: against that, keep the SHA-256 of the file somewhere else.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lrs import __version__
from lrs.errors import Conflict, Detail, InvalidInput, StoreMismatch
from lrs.services import marks
from lrs.services.copying import Copied, copy
from lrs.services.sums import Sum
from lrs.services.whole import COPY_OF, RECORD, Tell, Whole, flat
from lrs.stores.moving import FileStore, WholeStore
from lrs.stores.opening import open_store, shown

_FORM = 1
_NEVER = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What the record in an archive says."""

    through_us: int
    """Nothing in it is later."""
    made_by: str
    """Version of Rapport."""
    sums: Mapping[str, Sum]
    """Count and hash by kind."""


def back_up(source: WholeStore, file: Path, *, progress: Tell = lambda _what, _done, _of: None) -> Archive:
    """Write everything of one instant into a new file, readable for its owner only. The source may be in service.

    Of the embedded engine it is copied page by page, the work of an unfinished reprofiling included; of any other
    record by record. It appears under its name once it is whole and was read from end to end.

    Raises `InvalidInput` when there is something of that name, or no folder for it; `StoreUnavailable`, `Conflict`;
    then nothing is left of it.
    """
    _check_free(file)
    # Also what the engine puts beside its file goes with the folder.
    folder = Path(tempfile.mkdtemp(prefix=f".{file.name}.", dir=file.parent))
    try:
        written = folder / "archive.db"
        through = _write(source, written, progress)
        with _opened(written) as archive:
            made = _summed_up(archive, through, progress)
            _settle(archive)
        written.chmod(0o600)
        _check_free(file)
        written.rename(file)
        _sync(file.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return made


def _write(source: WholeStore, file: Path, progress: Tell) -> int:
    """The archive, without its record; the instant that it is of, as far as the source knows."""
    if isinstance(source, FileStore):
        # Made now, so that it is in the archive: a restore reads it there.
        marks.identity_of(source)
        source.back_up(file, lambda done, of: progress("pages", done, of))
        return source.consistent_through()
    with _opened(file) as archive:
        archive.initialise()
        return copy(source, archive, stays_copy=False, progress=progress).through_us


def _summed_up(archive: WholeStore, through_us: int, progress: Tell) -> Archive:
    """Read the archive from end to end, and put into it what it holds."""
    problems = archive.health()["integrity"]
    if problems != "ok":
        raise Conflict("The backup is damaged.", [Detail("FILE", str(problems), "an intact file")])
    definitions = (one.stored_us for one in flat(archive.moved_definitions()))
    through = max(through_us, archive.last_instant(), *definitions)
    made = Archive(through_us=through, made_by=__version__, sums=Whole(archive, through).sums(progress))
    record = {
        "form": _FORM,
        "through": through,
        "made_by": made.made_by,
        "sums": {kind: asdict(one) for kind, one in made.sums.items()},
    }
    # Who was signed in then may have signed out since, and must not be in again where the file is used as it is.
    archive.drop_ended_sessions(_NEVER)
    marks.identity_of(archive)
    kept = [(name, value) for name, value in archive.secrets() if name not in (COPY_OF, RECORD)]
    archive.take_access(archive.keys(), [*kept, (RECORD, json.dumps(record).encode())])
    return made


def restore(file: Path, target: WholeStore, *, progress: Tell = lambda _what, _done, _of: None) -> Copied:
    """Make a new store of what an archive holds. The file is only read.

    Raises `InvalidInput` for a file that is no archive, `Conflict` for one that is not as it was written, and for a
    target that is not empty. What was broken off is gone on with when it is run again.
    """
    if not file.is_file():
        raise InvalidInput(
            f"There is no file {file}.", [Detail("FILE", str(file), "what `lrs backup` wrote")]
        )
    with _opened(file) as archive:
        made = _record_of(archive, file)
        target.initialise()
        _check_empty(archive, target)
        _check_sums(file, _found(archive, made, file, progress), made)
        return copy(archive, target, through_us=made.through_us, stays_copy=False, progress=progress)


def _record_of(archive: WholeStore, file: Path) -> Archive:
    """What is to be in it."""
    text = dict(archive.secrets()).get(RECORD)
    if text is None:
        raise InvalidInput(
            f"{file} is a store, but no archive.",
            [
                Detail(
                    "FILE", "no record of what it holds", "what `lrs backup` wrote; `lrs copy` moves a store"
                )
            ],
        )
    record: dict[str, Any] = json.loads(text)
    if record["form"] != _FORM:
        raise StoreMismatch(
            f"{file} was made by another version of Rapport.",
            [Detail("FILE", f"form {record['form']}, by {record['made_by']}", f"form {_FORM}")],
        )
    return Archive(
        through_us=record["through"],
        made_by=record["made_by"],
        sums={kind: Sum(**one) for kind, one in record["sums"].items()},
    )


def _found(archive: WholeStore, made: Archive, file: Path, progress: Tell) -> Mapping[str, Sum]:
    """What is in it."""
    try:
        return Whole(archive, made.through_us).sums(progress)
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        # A value that no version of ours has written.
        raise Conflict(
            f"{file} is not as it was written: restore another backup.",
            [Detail("FILE", f"{type(error).__name__}: {error}"[:200], "what `lrs backup` wrote")],
        ) from error


def _check_sums(file: Path, found: Mapping[str, Sum], made: Archive) -> None:
    details = [
        Detail(kind, str(found.get(kind, "none")), str(one))
        for kind, one in made.sums.items()
        if found.get(kind) != one
    ]
    if details:
        raise Conflict(f"{file} is not as it was written: restore another backup.", details)


def _check_empty(archive: WholeStore, target: WholeStore) -> None:
    """Raise `Conflict` unless the target is empty, or an earlier restore of this archive was broken off."""
    held = ", ".join(marks.holdings(target))
    if not held:
        return
    if COPY_OF not in dict(target.secrets()):
        raise Conflict(
            f"The store {shown(target.url)} is in use.",
            [
                Detail(
                    "store",
                    held,
                    "a new or empty store: name one with LRS_STORE, or move the files of this one away",
                )
            ],
        )
    marks.check_target(archive, target, marks.identity_of(archive))


@contextmanager
def _opened(file: Path) -> Iterator[WholeStore]:
    store = open_store(f"sqlite:///{quote(str(file.absolute()))}")
    try:
        yield store
    finally:
        store.close()


def _settle(archive: WholeStore) -> None:
    if not isinstance(archive, FileStore):
        raise TypeError("the embedded engine keeps a store in one file")
    archive.settle()


def _check_free(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise InvalidInput(
            f"{file} is there already.", [Detail("FILE", "something of that name", "a new name")]
        )
    if not file.parent.is_dir():
        raise InvalidInput(
            f"There is no folder {file.parent}.",
            [Detail("FILE", str(file), "a file in a folder that is there")],
        )


def _sync(folder: Path) -> None:
    """The name is on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
