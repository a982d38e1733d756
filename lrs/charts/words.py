"""Words of charts: numbers with their nouns, names of people who must not be mixed up, days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lrs.cohort.roster import short_name
from lrs.xapi.actors import agent_from_key

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_SYSTEM = "system:"
TIERS = {
    "field": "field",
    "role_play": "role-play",
    "vr_automatic": "VR, scored by the simulation",
    "quiz": "quiz",
    "self_report": "self-report",
    "survey": "survey",
    "context": "context",
}
"""Tiers as people read them."""


def several(number: int, one: str, many: str = "") -> str:
    """The number with its noun: `1 recruit`, `0 recruits`, `1,200 recruits`; `many` where an s is not enough."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def times(number: int) -> str:
    """`never`, `once`, `twice`, `3 times`."""
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number:,} times")


def either(number: int, one: str, many: str) -> str:
    """The word that agrees with the number: `lacks` for 1, `lack` for all others."""
    return one if number == 1 else many


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def sentence(text: str) -> str:
    """With a capital at its beginning and a full stop at its end."""
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:]


def spoken(id_: str) -> str:
    """An id as words: `cultural_competency` is `cultural competency`."""
    return id_.replace("_", " ").replace("-", " ")


def id_of(*parts: str) -> str:
    """An id of a page made of these, each whatever it is: lower-case letters, digits and hyphens."""
    signs = (sign if sign.isascii() and sign.isalnum() else "-" for sign in "-".join(parts).lower())
    return "".join(signs)


def named(officer: Mapping[str, Any]) -> str:
    """How an officer of an answer is called: by name, or else by account."""
    return str(officer.get("name") or "") or short_name(str(officer["officer"]))


def labels(officers: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """By agent key, a label that nobody else has: of two of one name, the account stands beside it."""
    return _apart({str(one["officer"]): named(one) for one in officers})


def rater_labels(raters: Iterable[str]) -> dict[str, str]:
    """By agent key, a label that no other rater has, in order of label. Automatic scorers are marked as such."""
    found = _apart({key: _rater(key) for key in raters})
    return dict(sorted(found.items(), key=lambda item: item[::-1]))


def agent_labels(keys: Iterable[str]) -> dict[str, str]:
    """By agent key, a label that no other of these has, in the order given."""
    return _apart({key: _short(key) for key in keys})


def shortened(label: str, most: int) -> str:
    """A label cut to so many characters, so that what stands beside it in a row is seen, too."""
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"


def day(timestamp: str) -> str:
    """The day of a timestamp in UTC, e.g. `4 November 2026`."""
    year, month, number = timestamp[:10].split("-")
    return f"{int(number)} {_MONTHS[int(month) - 1]} {year}"


def short_day(timestamp: str) -> str:
    """The same where there is little room, e.g. `4 Nov 2026`."""
    number, month, year = day(timestamp).split(" ")
    return f"{number} {month[:3]} {year}"


def minute(timestamp: str | None) -> str | None:
    """A timestamp as tables have it, in UTC and in order when sorted: `2026-11-04 09:30`; None as it is."""
    return None if timestamp is None else f"{timestamp[:10]} {timestamp[11:16]}"


def figure(value: float, places: int = 2) -> str:
    """A number with a proper minus sign, e.g. `−0.25`; never a negative zero."""
    return f"{round(value, places) + 0.0:.{places}f}".replace("-", "−")


def signed(value: float, places: int = 2) -> str:
    """The same with its sign, e.g. `+0.25`; 0 has none."""
    number = round(value, places) + 0.0
    return f"+{number:.{places}f}" if number > 0 else figure(value, places)


def interval(bounds: Sequence[float] | None, places: int = 2) -> str:
    """`0.12 to 0.80`; `none` where there is none."""
    return "none" if bounds is None else f"{figure(bounds[0], places)} to {figure(bounds[1], places)}"


def percent(level: float) -> str:
    """A probability as people say it: `90 %`."""
    return f"{level * 100:g} %"


def verdict_words(verdict: str) -> str:
    """`at standard` for `at_standard`."""
    return spoken(verdict)


def _rater(key: str) -> str:
    if not key.startswith(_SYSTEM):
        return _short(key)
    return f"{_short(key.removeprefix(_SYSTEM))} (automatic)"


def _short(key: str) -> str:
    """Without the scheme, which says nothing here: `mailto:` and the like."""
    name = short_name(key)
    return name if name != key else key.partition(":")[2] or key


def _apart(names: Mapping[str, str]) -> dict[str, str]:
    """A label that several share gets the account and its place beside it, which nobody else has."""
    shared = {name for name, times in Counter(names.values()).items() if times > 1}
    return {key: f"{name} ({_address(key)})" if name in shared else name for key, name in names.items()}


def _address(key: str) -> str:
    """An account with its place, without the scheme of its address; of what is no account, all of the key."""
    try:
        account = agent_from_key(key.removeprefix(_SYSTEM)).get("account")
    except ValueError:
        account = None
    return key if account is None else f"{account['name']} at {str(account['homePage']).partition('://')[2]}"
