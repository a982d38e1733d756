"""An alignment from a spreadsheet: each row says which statements are evidence, and of what."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lrs.competency.authoring import nearest
from lrs.competency.evidence import Tier
from lrs.competency.rubric import Rubric
from lrs.errors import Detail, PluginError
from lrs.plugin.alignment import Alignment
from lrs.plugin.importing_cells import Cells, WrongCell
from lrs.wording import shown

COLUMNS = (
    "verb",
    "activity_type",
    "activity",
    "category",
    "template",
    "indicator",
    "tier",
    "rating",
    "scale",
    "subject",
    "rater",
    "comment",
)
"""The columns that a sheet may have; those of `NEEDED` it must have. What is in `comment` is not read."""

NEEDED = ("verb", "tier")

_SUBJECTS = {Tier.SURVEY: "unit", Tier.SELF_REPORT: "actor"}
_RATERS = {Tier.FIELD: "person", Tier.ROLE_PLAY: "person", Tier.CONTEXT: "person", Tier.SELF_REPORT: "self"}
_CONDITIONS = {"activity_type": "object-type", "category": "category", "template": "template"}


@dataclass(frozen=True, slots=True)
class CsvReport:
    """What became of a sheet."""

    rows: int
    """Rows that were read, empty ones not counted."""
    rules: int
    """Rules that were made of them: rows that differ in the activity alone share one."""


@dataclass(slots=True)
class _Row:
    """What a row says, read."""

    number: int
    """As the spreadsheet numbers it: the headings are in row 1."""
    activity: str
    which: dict[str, tuple[str, ...]]
    """What else the statements have, by column."""
    how: dict[str, Any]
    """Tier, rating, scale, subject and rater, as a rule has them."""
    indicators: tuple[str, ...]


@dataclass(slots=True)
class _Group:
    """Rows that make one rule."""

    rows: list[_Row]

    @property
    def order(self) -> tuple[int, int, int]:
        """One activity goes before the beginning of several, the longest first, and that before any activity."""
        activity = self.rows[0].activity
        kind = 2 if not activity else 1 if activity.endswith("*") else 0
        return kind, -len(activity) if kind == 1 else 0, self.rows[0].number


def alignment_from_csv(text: str, rubric: Rubric, *, version: str = "1") -> tuple[dict[str, Any], CsvReport]:
    """The alignment that a sheet describes, as a file would hold it, and what became of the sheet.

    Columns are separated by `;`, `,` or tabs and named in the first row, in any order, see `COLUMNS`; several
    values in a cell by `|`. Rows that say the same but for the indicator speak to several indicators.

    Raises `PluginError` with a `Detail` for everything that is wrong: path `row 7, column tier`.
    """
    cells = Cells(rubric)
    details: list[Detail] = []
    rows: list[_Row] = []
    for number, record in _records(text):
        row = _row(number, record, cells, details)
        if row is not None:
            rows.append(row)
    if not rows and not details:
        details.append(Detail("row 2", "nothing", "a row that says which statements count"))
    distinct = _merged(rows, details)
    _refuse(details)
    groups = _groups(distinct)
    rules = [_rule(group) for group in groups]
    data = {"competency": rubric.competency, "version": version, "rules": rules}
    try:
        Alignment.from_dict(data, rubric)
    except PluginError as exc:
        _refuse([_by_row(detail, groups) for detail in exc.details])
    return data, CsvReport(len(rows), len(rules))


def _records(text: str) -> list[tuple[int, dict[str, str]]]:
    """Number and cells by column of each row that is not empty. Raises `PluginError`."""
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    first = 1
    separators = ";,\t"
    if lines and lines[0].lower().startswith("sep="):  # what one spreadsheet writes to remind itself
        separators, lines, first = lines[0][4:5], lines[1:], 2
    head = lines[0] if lines else ""
    separator = max(separators, key=lambda each: len(set(_named(head.split(each))) & set(COLUMNS)))
    try:
        records = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as exc:
        raise PluginError("The sheet cannot be read.", [Detail("the sheet", str(exc), "CSV")]) from exc
    columns = _named(records[0]) if records else []
    while columns and not columns[-1]:  # headings end with a separator now and then
        columns.pop()
    _refuse(_wrong_columns(columns, f"row {first}"))
    rows = []
    for number, record in enumerate(records[1:], first + 1):
        cells = [cell.strip() for cell in record]
        if any(cells[len(columns) :]):
            _refuse([Detail(f"row {number}", f"{len(cells)} cells", f"{len(columns)}, as many as headings")])
        if any(cells):
            rows.append((number, dict(zip(columns, cells, strict=False))))
    return rows


def _named(cells: Iterable[str]) -> list[str]:
    return [cell.strip().strip('"').casefold().replace(" ", "_").replace("-", "_") for cell in cells]


def _wrong_columns(columns: Sequence[str], place: str) -> list[Detail]:
    known = ", ".join(COLUMNS)
    details = [
        Detail(place, f"the column {shown(name)}", f"one of {known}{nearest(name, COLUMNS)}")
        for name in columns
        if name not in COLUMNS
    ]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    details += [Detail(place, f"the column {name} twice", "each column once") for name in twice]
    missing = [name for name in NEEDED if name not in columns]
    return details + [Detail(place, "no such column", f"the column {name}") for name in missing]


def _row(number: int, record: Mapping[str, str], cells: Cells, details: list[Detail]) -> _Row | None:
    """What a row says; None when a cell is wrong, which is then in `details`."""
    before = len(details)

    def read(column: str, reader: Callable[[str], Any]) -> Any:
        cell = record.get(column, "")
        try:
            return reader(cell)
        except WrongCell as exc:
            details.append(Detail(f"row {number}, column {column}", shown(cell), str(exc)))
            return None

    which = {
        "verb": read("verb", cells.verbs),
        "activity_type": read("activity_type", cells.types),
        "category": read("category", cells.categories),
        "template": read("template", cells.templates),
    }
    activity, indicators = read("activity", cells.activity), read("indicator", cells.indicators)
    tier = read("tier", cells.tier)
    subject, rater = read("subject", cells.subject), read("rater", cells.rater)
    how = {
        "subject": subject or _SUBJECTS.get(tier, "officer"),
        "rater": rater or _RATERS.get(tier, "system"),
        "tier": str(tier),
        "rating": read("rating", cells.rating),
        "scale": read("scale", cells.scale),
    }
    return None if len(details) > before else _Row(number, activity, which, how, indicators)


def _merged(rows: Iterable[_Row], details: list[Detail]) -> list[_Row]:
    """One row for all that are of the same statements. What contradicts an earlier row is in `details`."""
    found: dict[str, _Row] = {}
    for row in rows:
        same = found.setdefault(_key(row.activity, row.which), row)
        if same is row:
            continue
        if same.how != row.how:
            differing = ", ".join(name for name in row.how if row.how[name] != same.how[name])
            details.append(
                Detail(
                    f"row {row.number}",
                    f"another {differing} than in row {same.number} for the same statements",
                    "the same, for a statement counts once; or a row for other statements",
                )
            )
        same.indicators = tuple(sorted({*same.indicators, *row.indicators}))
    return list(found.values())


def _groups(rows: Iterable[_Row]) -> list[_Group]:
    """The rows that make each rule, in the order in which the rules are to be tried."""
    groups: dict[str, _Group] = {}
    for row in rows:
        # Beginnings of another length are tried at another time.
        kind = len(row.activity) if row.activity.endswith("*") else -bool(row.activity)
        key = _key(kind, row.which, row.how, row.indicators)
        groups.setdefault(key, _Group([])).rows.append(row)
    return sorted(groups.values(), key=lambda group: group.order)


def _rule(group: _Group) -> dict[str, Any]:
    first = group.rows[0]
    when = [{"the": "object-id", "is": [row.activity for row in group.rows]}] if first.activity else []
    when += [
        {"the": the, "is": list(first.which[column])}
        for column, the in _CONDITIONS.items()
        if first.which[column]
    ]
    rule: dict[str, Any] = {"id": f"row-{first.number}", "verbs": list(first.which["verb"])}
    if when:
        rule["when"] = when
    if first.indicators:
        rule["indicators"] = list(first.indicators)
    return {**rule, **first.how}


def _by_row(detail: Detail, groups: Sequence[_Group]) -> Detail:
    """What is wrong with a rule, said of the first of its rows."""
    parts = detail.path.split("/")
    if parts[1:2] != ["rules"] or len(parts) < 3:
        return detail
    row = groups[int(parts[2])].rows[0].number
    return Detail(f"row {row} (as {'/'.join(parts[3:]) or 'a rule'})", detail.found, detail.expected)


def _key(*parts: Any) -> str:
    return json.dumps(parts, sort_keys=True)


def _refuse(details: Sequence[Detail]) -> None:
    if details:
        raise PluginError(f"The sheet is not valid: {len(details)} to put right.", details)
