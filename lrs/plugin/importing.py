"""What was made elsewhere, as authors' files: alignments from spreadsheets, rubrics from competency frameworks.

Nothing is written here, and nothing is made by halves: each function answers with the whole or raises
`PluginError` with everything that is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping

from lrs.errors import Detail, MalformedJson, PluginError
from lrs.plugin.importing_case import rubric_from_case
from lrs.plugin.importing_csv import COLUMNS, CsvReport, alignment_from_csv
from lrs.plugin.importing_ieee import rubric_from_ieee
from lrs.plugin.importing_rubric import ImportedRubric
from lrs.xapi import strict_json

__all__ = [
    "COLUMNS",
    "CsvReport",
    "ImportedRubric",
    "alignment_from_csv",
    "rubric_from_case",
    "rubric_from_framework",
    "rubric_from_ieee",
    "sheet_text",
]

_MOST_BYTES = 100 * 1024 * 1024
"""Of a framework; those of whole states have some ten thousand items in twenty megabytes."""


def rubric_from_framework(
    content: bytes, *, competency: str | None = None, under: str | None = None
) -> ImportedRubric:
    """The rubric of a framework in the bytes of a file: CASE or JSON-LD, whichever it is.

    For the rest see `rubric_from_case` and `rubric_from_ieee`. Raises `PluginError`.
    """
    if len(content) > _MOST_BYTES:
        raise PluginError(f"The framework has {len(content)} bytes; {_MOST_BYTES} are the most.")
    try:
        data = strict_json.parse(content.removeprefix(b"\xef\xbb\xbf"))
    except MalformedJson as exc:
        raise PluginError("The framework is no JSON.", exc.details) from exc
    if isinstance(data, Mapping) and data.keys() & {"CFPackage", "CFItems", "CFDocument"}:
        return rubric_from_case(data, competency=competency, under=under)
    return rubric_from_ieee(data, competency=competency, under=under)


def sheet_text(content: bytes) -> str:
    """The text of a sheet in the bytes of a file. Raises `PluginError` when it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        row = content.count(b"\n", 0, exc.start) + 1
        found = f"the byte {content[exc.start]:#04x}"
        raise PluginError(
            "The sheet cannot be read.",
            [Detail(f"row {row}", found, "UTF-8: save the sheet as CSV UTF-8")],
        ) from exc
