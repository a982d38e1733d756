"""ISO 8601 durations: whether a text is one, and the form in which two of them are compared.

xAPI compares durations as text, since a month or a day has no fixed length (xAPI-Data 2.3.1), but never finer
than a hundredth of a second (4.6).
"""

from __future__ import annotations

import math
import re

from lrs import schemas

_PART = re.compile(r"([0-9]+(?:[.,][0-9]+)?)([YMWDHS])")
_DATE_SECONDS = {"W": 604_800.0, "D": 86_400.0}
_TIME_SECONDS = {"H": 3_600.0, "M": 60.0, "S": 1.0}
_SECONDS_FRACTION = re.compile(r"[.,]([0-9]+)S\Z")


def is_duration(text: str) -> bool:
    """Whether the text is a duration of ISO 8601:2004 4.4.3.2, as `PT1H30M`, `P3Y`, `P4W`; not `P4W1D`.

    Only the last number may have a fraction.
    """
    return schemas.compiled("xapi-1.0.3/types.json#/$defs/duration").is_valid(text)


def length_seconds(text: str) -> float | None:
    """How long the duration is, in seconds, a day taken as 24 hours; `P1DT2H` is 93,600.

    None when it has years or months, which have no fixed length, and for a text that is no duration.
    """
    if not is_duration(text):
        return None
    date, _, time = text.partition("T")
    lengths = []
    for part, seconds in ((date, _DATE_SECONDS), (time, _TIME_SECONDS)):
        for digits, unit in _PART.findall(part):
            number = float(digits.replace(",", "."))
            if number and unit not in seconds:
                return None
            lengths.append(number * seconds.get(unit, 0.0))
    return math.fsum(lengths)


def truncate(text: str) -> str:
    """The duration as it is compared: seconds cut, never rounded, to 0.01 s, without trailing zeros.

    `PT1.509S` and `PT1,50S` both become `PT1.5S`; `PT60S` and `PT1M` stay apart. A text that is no duration
    is answered as it came.
    """
    if not is_duration(text):
        return text
    return _SECONDS_FRACTION.sub(_cut, text).replace(",", ".")


def _cut(match: re.Match[str]) -> str:
    digits = match[1][:2].rstrip("0")
    return f".{digits}S" if digits else "S"
