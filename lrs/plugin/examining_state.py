"""What a recogniser holds, so that two looks at it can be compared."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from types import FunctionType
from typing import Any, Final

from lrs.plugin.recogniser import Recogniser

_DEEPEST: Final = 6


def state_of(recogniser: Recogniser) -> dict[str, Any]:
    """The plain values that a recogniser holds, and the module that it is written in, by name."""
    module = sys.modules.get(type(recogniser).__module__)
    held = {f"its {name}": value for name, value in getattr(recogniser, "__dict__", {}).items()}
    for slot in getattr(type(recogniser), "__slots__", ()):
        held[f"its {slot}"] = getattr(recogniser, slot, None)
    of_class = {f"its {name}": value for name, value in vars(type(recogniser)).items()}
    around = vars(module) if module is not None and not module.__name__.startswith("lrs.") else {}
    named = {f"the module's {name}": value for name, value in around.items() if not name.startswith("__")}
    return {
        name: _copied(value, 0)
        for name, value in {**of_class, **held, **named}.items()
        if not isinstance(value, FunctionType | type)
    }


def _copied(value: Any, depth: int) -> Any:
    """Plain values, copied; of anything else what cannot change: its type."""
    if value is None or isinstance(value, str | bytes | int | float | complex):
        return "NaN" if isinstance(value, float) and math.isnan(value) else value
    if depth > _DEEPEST:
        return len(value) if hasattr(value, "__len__") else type(value).__name__
    if isinstance(value, Mapping):
        return {str(name): _copied(member, depth + 1) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(member, depth + 1) for member in value]
    if isinstance(value, set | frozenset):
        return sorted(map(repr, value))
    return type(value).__name__
