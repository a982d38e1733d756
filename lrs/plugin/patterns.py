"""Regular expressions that cannot take long: their time grows with the text and with nothing else.

An agency writes the pattern and a vendor the text. Python's own engine goes back and forth for years over some
pairs of them; the one in Rust, that our compiled schemas come with, never goes back.
"""

from __future__ import annotations

from collections.abc import Callable


def compile_pattern(text: str) -> Callable[[str], bool]:
    """Whether the whole of a text matches the pattern. Raises `ValueError` when it is none.

    The syntax is that of Rust's `regex`: no look-around and no references back.
    """
    import jsonschema_rs

    options = jsonschema_rs.RegexOptions()
    for pattern in (text, f"^(?:{text})$"):  # the first, so that a bracket too many cannot hide in the second
        try:
            check = jsonschema_rs.validator_for(
                {"type": "string", "pattern": pattern}, pattern_options=options
            )
        except jsonschema_rs.ValidationError as exc:
            raise ValueError(f"{text!r} is no regular expression without look-around") from exc
    return check.is_valid
