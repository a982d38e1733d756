"""One rubric, and alignments of it with one rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from lrs.plugin import Alignment, Rubric
from tests.plugin.fakes import RATED, rubric_of


@pytest.fixture
def rubric() -> Rubric:
    return rubric_of("juggling")


@pytest.fixture
def align(rubric: Rubric) -> Callable[..., Alignment]:
    """Makes the alignment of juggling with one rule, changed as the arguments say."""

    def make(
        *, config: Mapping[str, Any] | None = None, file: Mapping[str, Any] | None = None, **rule: Any
    ) -> Alignment:
        entry = {
            "id": "own",
            "verbs": [RATED],
            "rater": "system",
            "tier": "quiz",
            "rating": ["score"],
            "scale": "fto-7",
        }
        data = {"competency": "juggling", "version": "1", "rules": [{**entry, **rule}], **(file or {})}
        return Alignment.from_dict(data, rubric, config)

    return make
