"""Raters and users as pages name them: records hold the keys of the ones, the audit log the ids of the others."""

from __future__ import annotations

from typing import Any

from lrs.charts.words import rater_labels
from lrs.services.access.permissions import Action
from lrs.web.dashboard.page import asking
from lrs.web.state import rapport


def user_name(actor: str) -> str:
    """What a user signs in with, by their id, or as the audit log names them: `user:ID`.

    Who sees pseudonyms sees no name; the id, or what stands for it, is answered as it is, and so is what is no user.
    """
    found = rapport().users.get(actor.removeprefix("user:")) if actor else None
    if found is None:
        return actor
    shown: dict[str, Any] = asking().shown(
        Action.READ_RECORD, {"officer": found.agent or "nobody", "name": found.name}
    )
    return str(shown["name"] or actor)


def rater_name(key: str) -> str:
    """A rater in short; an automatic scorer is marked as such."""
    return rater_labels([key])[key]
