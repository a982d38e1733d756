"""JSONPath as xAPI Profiles use it: a place in a statement, and every value that stands there.

What is allowed is Goessner's JSONPath as the xAPI Profiles specification narrows it (part two, section 8.1):
members (`.name`, `['name']`), array elements by their number from 0, `*`, unions (`['a', 'b']`, `[0, 2]`),
`..`, and alternatives joined by `|`. No filters, no scripts, no slices, no numbers below 0. `$` in front may be
left out, as in that specification's own example.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonpath import JSONPathEnvironment

Find = Callable[[Any], list[Any]]
"""Every value that a path finds, in order; empty when it finds nothing. An array found is one value."""

_Step = str | int
"""Name of a member, or number of an array's element."""

_BLANKS = re.compile(r"[ \t\r\n]*")
_NAME = re.compile(r"(?![0-9])[^\s.\[\]|'\"*,()?@$:\x00-\x1f\ud800-\udfff]+")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,8})(?![0-9])")
# No control characters and no lone surrogates: the library would not take them.
_QUOTED = re.compile(
    r"'((?:[^'\\\x00-\x1f\ud800-\udfff]|\\[^\x00-\x1f\ud800-\udfff])*)'"
    r'|"((?:[^"\\\x00-\x1f\ud800-\udfff]|\\[^\x00-\x1f\ud800-\udfff])*)"'
)
_ESCAPE = re.compile(r"\\(.)")


@cache
def _environment() -> JSONPathEnvironment:
    """RFC 9535 to the letter."""
    # Most paths do without the library, and it takes longer to import than all the rest of this room.
    from jsonpath import JSONPathEnvironment

    class Environment(JSONPathEnvironment):
        max_recursion_depth = 1_000  # statements are at most 200 levels deep: `..` never gets there

    return Environment(strict=True)


def compile_path(text: str) -> Find:
    """The function that finds every value at a path.

    Quick where the path only names members and numbers, e.g. `$.result.score.raw`. A path that does not fit
    the value (a member of an array, an element of an object) finds nothing. Raises `ValueError` that says
    what is wrong with the path and where.
    """
    alternatives = tuple(map(_compiled, _Reader(text).read()))
    if len(alternatives) == 1:
        return alternatives[0]
    return lambda value: [found for find in alternatives for found in find(value)]


def _compiled(segments: list[_Segment]) -> Find:
    steps = [segment.only for segment in segments]
    if None not in steps:
        return _direct([step for step in steps if step is not None])
    query = _environment().compile("$" + "".join(segment.normal for segment in segments))
    return lambda value: list(query.findall(value))


def _direct(steps: list[_Step]) -> Find:
    """For a path that can find one value at most."""

    def find(value: Any) -> list[Any]:
        for step in steps:
            if isinstance(step, str):
                if not isinstance(value, Mapping) or step not in value:
                    return []
            elif not isinstance(value, list | tuple) or step >= len(value):
                return []
            value = value[step]
        return [value]

    return find


class _Segment:
    """One segment of a path: what it selects from a value, or with `..` from a value and all within it."""

    def __init__(self, selectors: list[_Step | None], *, descends: bool) -> None:
        """`selectors`: names, numbers, and None for `*`; at least one."""
        self.only = selectors[0] if len(selectors) == 1 and not descends else None
        """The one step that this is; None when it can find several values."""
        inside = ", ".join("*" if one is None else json.dumps(one) for one in selectors)
        self.normal = f"{'..' if descends else ''}[{inside}]"
        """The same as RFC 9535 writes it."""


class _Reader:
    """Reads a path from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read(self) -> list[list[_Segment]]:
        """The segments of each alternative."""
        alternatives = [self._alternative()]
        while self._take("|"):
            alternatives.append(self._alternative())
        if self._at < len(self._text):
            raise self._wrong("'.', '[' or '|'")
        return alternatives

    def _alternative(self) -> list[_Segment]:
        self._skip_blanks()
        segments: list[_Segment] = []
        if not self._take("$"):
            # Without `$` it begins with a name or a bracket.
            segments.append(self._bracket() if self._take("[") else self._named(descends=False))
        while (segment := self._segment()) is not None:
            segments.append(segment)
        self._skip_blanks()
        return segments

    def _segment(self) -> _Segment | None:
        descends = self._take("..")
        if self._take("["):
            return self._bracket(descends=descends)
        if descends or self._take("."):
            return self._named(descends=descends)
        return None

    def _named(self, *, descends: bool) -> _Segment:
        if self._take("*"):
            return _Segment([None], descends=descends)
        return _Segment([self._match(_NAME, "a name or '*'")[0]], descends=descends)

    def _bracket(self, *, descends: bool = False) -> _Segment:
        selectors = [self._selector()]
        while self._take(","):
            selectors.append(self._selector())
        if not self._take("]"):
            raise self._wrong("',' or ']'")
        return _Segment(selectors, descends=descends)

    def _selector(self) -> _Step | None:
        self._skip_blanks()
        found: _Step | None
        if self._take("*"):
            found = None
        elif self._text[self._at : self._at + 1] in ("'", '"'):
            quoted = self._match(_QUOTED, "a name in quotation marks")
            found = _ESCAPE.sub(r"\1", quoted[1] if quoted[1] is not None else quoted[2])
        else:
            found = int(self._match(_NUMBER, "a name in quotation marks, a number from 0 or '*'")[0])
        self._skip_blanks()
        return found

    def _take(self, mark: str) -> bool:
        taken = self._text.startswith(mark, self._at)
        self._at += len(mark) * taken
        return taken

    def _match(self, pattern: re.Pattern[str], expected: str) -> re.Match[str]:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise self._wrong(expected)
        self._at = match.end()
        return match

    def _skip_blanks(self) -> None:
        self._match(_BLANKS, "")

    def _wrong(self, expected: str) -> ValueError:
        rest = self._text[self._at :]
        found = f"'{rest[:10]}{'…' if len(rest) > 10 else ''}'" if rest else "the end"
        hint = ""
        if rest[:1] in ("?", "(", "@"):
            hint = "; filters and scripts are not allowed"
        elif rest[:1] in (":", "-"):
            hint = "; slices and numbers below 0 are not allowed"
        return ValueError(
            f"The path '{self._text}' is wrong at character {self._at + 1}: "
            f"{found} stands where {expected} should{hint}."
        )
