"""The roster as CSV: read with what is wrong in every row, and written so that it can be read again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lrs.cohort.roster import Member
from lrs.errors import Detail, InvalidInput
from lrs.wording import shown
from lrs.xapi.actors import agent_from_key, agent_key

COLUMNS = ("account", "name", "unit", "phase", "trainer", "start")
_LONGEST = 200
"""Characters of a cell that is no agent key."""
_LONGEST_KEY = 1000
_KEY = re.compile(r"(mailto|account|mbox_sha1sum|openid):")
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the file."""

    row: int
    """Line of the file that it ends on, counted from 1; the header is on the first."""
    officer: str | None
    """Agent key; None where the column `account` cannot be read."""
    values: Mapping[str, Any]
    """Members of `Member` that the file says; those whose column it has not are left out. Empty when refused."""
    problems: tuple[Detail, ...] = ()
    """Why it is refused; each names the column. Empty: it is not."""


def read_roster(data: bytes, home_page: str = "") -> tuple[Row, ...]:
    """The rows of a roster.

    Args:
        data: CSV in UTF-8, with or without BOM, cells parted by `,` or `;` (as in the header). The first line names
            the columns: `account`, and whichever of the others there are, in any order. Blank lines are skipped.
        home_page: `homePage` of accounts that stand there as a bare name; without it, such rows are refused.

    Raises `InvalidInput` for what is no such file. What is wrong in a row is told with the row.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise _no_file(f"a byte at {exc.start} that is no UTF-8", "CSV in UTF-8") from exc
    if "\0" in text:
        raise _no_file("a NUL", "CSV in UTF-8")
    lines = text.splitlines(keepends=True)
    delimiter = ";" if lines and ";" in lines[0] and "," not in lines[0] else ","
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(reader, []))
        rows = [
            _row(reader.line_num, columns, cells, home_page)
            for cells in reader
            if any(cell.strip() for cell in cells)
        ]
    except csv.Error as exc:
        raise _no_file(f"line {reader.line_num}: {exc}", "CSV, cells in double quotes where need be") from exc
    return tuple(_without_doubles(rows))


def write_roster(members: Iterable[Member]) -> str:
    """Members as CSV that `read_roster` reads as the same: agent keys whole, parted by commas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for member in members:
        start = "" if member.start is None else member.start.isoformat()
        texts = (member.name, member.unit, member.phase)
        writer.writerow([member.officer, *map(no_formula, texts), member.trainer, start])
    return out.getvalue()


def no_formula(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula: one that begins like it gets an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _columns(header: list[str]) -> list[str]:
    names = [cell.strip().casefold() for cell in header]
    expected = f"account, and any of {', '.join(COLUMNS[1:])}"
    if "account" not in names:
        raise _no_file(f"the columns {', '.join(header) or 'none'}"[:_LONGEST], expected)
    details = [
        Detail(f"row 1, column {place}", shown(name), f"one of {', '.join(COLUMNS)}, once")
        for place, name in enumerate(names, start=1)
        if name not in COLUMNS or name in names[: place - 1]
    ]
    if details:
        raise InvalidInput("The header of the roster has columns that cannot be taken.", details)
    return names


def _row(number: int, columns: list[str], cells: list[str], home_page: str) -> Row:
    if len(cells) != len(columns):
        problem = Detail(f"row {number}", f"{len(cells)} cells", f"{len(columns)}, as many as columns")
        return Row(row=number, officer=None, values={}, problems=(problem,))
    said = {name: cell.strip() for name, cell in zip(columns, cells, strict=True)}
    values: dict[str, Any] = {}
    problems: list[Detail] = []
    for name, text in said.items():
        try:
            values["officer" if name == "account" else name] = _READ[name](text, home_page)
        except ValueError as exc:
            problems.append(Detail(f"row {number}, {name}", shown(text), str(exc)))
    officer: str | None = values.get("officer")
    if officer is not None and values.get("trainer") == officer:
        problems.append(
            Detail(f"row {number}, trainer", shown(said["trainer"]), "somebody else than the officer")
        )
    return Row(row=number, officer=officer, values={} if problems else values, problems=tuple(problems))


def _without_doubles(rows: Iterable[Row]) -> Iterator[Row]:
    first: dict[str, int] = {}
    for row in rows:
        if row.officer is not None and first.setdefault(row.officer, row.row) != row.row:
            problem = Detail(
                f"row {row.row}, account",
                shown(row.officer),
                f"an officer that no other row has; row {first[row.officer]} has it",
            )
            yield Row(row=row.row, officer=row.officer, values={}, problems=(*row.problems, problem))
        else:
            yield row


def _officer(text: str, home_page: str) -> str:
    if not text:
        raise ValueError("the name of an account, or an agent key")
    return _key(text, home_page)


def _key(text: str, home_page: str) -> str:
    """The agent key that a cell means."""
    if len(text) > _LONGEST_KEY or not text.isprintable():
        raise ValueError(f"at most {_LONGEST_KEY} printable characters")
    if _KEY.match(text):
        try:
            key = agent_key(agent_from_key(text))
        except ValueError as exc:
            raise ValueError(str(exc).removeprefix("not ")) from exc
        assert key is not None  # noqa: S101 - an agent from a key has one
        return key
    if not home_page:
        raise ValueError("an agent key, or a homePage for names of accounts (home_page)")
    key = agent_key({"account": {"homePage": home_page, "name": text}})
    assert key is not None  # noqa: S101 - an account has one
    return key


def _trainer(text: str, home_page: str) -> str:
    return _key(text, home_page) if text else ""


def _text(text: str, _home_page: str) -> str:
    if len(text) > _LONGEST or not text.isprintable():
        raise ValueError(f"at most {_LONGEST} printable characters")
    # What `no_formula` has put there.
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _date(text: str, _home_page: str) -> date | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError("a date as in 2026-11-23, or nothing")
    try:
        return date.fromisoformat(text)
    except ValueError as exc:
        raise ValueError("a day that is in the calendar") from exc


_READ: Mapping[str, Callable[[str, str], Any]] = {
    "account": _officer,
    "name": _text,
    "unit": _text,
    "phase": _text,
    "trainer": _trainer,
    "start": _date,
}


def _no_file(found: str, expected: str) -> InvalidInput:
    return InvalidInput("This is no roster.", [Detail("row 1", found, expected)])
