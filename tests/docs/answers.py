"""How an answer is held to what a page shows.

Blanks and line breaks count as one blank; `…` stands for anything, a progress bar for
itself or nothing; a number may be 0.01 off. Ids, secrets, hashes and times are masked:
they must have the form that is shown, and what the page shows stands, from then on, for what was answered, so
that a reader's "put your own key here" works here, too.
"""

from __future__ import annotations

import re

_MASKED = {
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "time": r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z)?",
    "sha256": r"[0-9a-f]{64}",
    "secret": r"[\w-]{43}",
    "key": r"[0-9a-f]{16}",
    "number": r"-?\d+(?:\.\d+)?(?:e-?\d+)?",
}
TOKEN = re.compile(
    "(?<![\\w.-])(?:" + "|".join(f"(?P<{kind}>{form})" for kind, form in _MASKED.items()) + ")(?![\\w.-])"
    r"|(?P<dots>\s*…\s*)|(?P<bar>\s*\[#+\] +100%)|(?P<blank>\s+)"
)


def pattern_of(shown: str) -> tuple[str, list[tuple[str, str]]]:
    """A regular expression for answers, and (kind, text) of what each of its groups stands for."""
    pattern, tokens, place = [], [], 0
    anything = {"dots": ".*?", "bar": ".*?", "blank": r"\s+"}
    for token in TOKEN.finditer(shown):
        pattern.append(re.escape(shown[place : token.start()]))
        place = token.end()
        kind = token.lastgroup or ""
        if kind in anything:
            pattern.append(anything[kind])
        else:
            pattern.append(f"({_MASKED[kind]})")
            tokens.append((kind, token[0]))
    return "".join([*pattern, re.escape(shown[place:])]), tokens
