"""Who is meant: people as they are asked for, by key, name or pseudonym, and whether who asks may see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from lrs.cohort.roster import short_name
from lrs.errors import Detail, InvalidParameter, LrsError, NotFound
from lrs.services.access.permissions import Action, Reach
from lrs.services.access.sight import Sight
from lrs.services.profiles import Profiles
from lrs.stores.base import EvidenceStore, RosterStore

_EVERYBODY = 1_000_000


class _Store(EvidenceStore, RosterStore, Protocol):
    """What it needs of a store."""


class Meant:
    """Finds out."""

    def __init__(self, store: _Store, profiles: Profiles) -> None:
        self._store = store
        self._profiles = profiles

    def officer(self, sight: Sight, agent: str, action: Action) -> str:
        """The agent key of somebody whom the action reaches; a pseudonym where one sees pseudonyms.

        Raises `Forbidden`, to who may see some people the same for one beyond their reach and for nobody; `NotFound`.
        """
        if sight.require(action) is Reach.PSEUDONYMS:
            return self._behind(sight, agent)
        try:
            subject = self._known(agent)
        except LrsError:
            if sight.officers(action) is None:
                raise
            sight.require_officer(action, "")
            raise
        sight.require_officer(action, subject)
        return subject

    def trainer(self, sight: Sight, action: Action, trainer: str) -> str:
        """A training officer as the roster has them; who sees pseudonyms asks by pseudonym."""
        if sight.reach_of(action) is not Reach.PSEUDONYMS:
            return trainer
        return self._behind(sight, trainer)

    def _known(self, agent: str) -> str:
        """The agent key; of who is on the roster and has no evidence, too."""
        try:
            return self._profiles.resolve(agent)
        except NotFound:
            on_roster = [
                one.officer
                for one in self._store.members()
                if agent in (one.officer, short_name(one.officer))
            ]
            if len(on_roster) != 1:
                raise
            return on_roster[0]

    def _behind(self, sight: Sight, pseudonym: str) -> str:
        """Who is behind a pseudonym: never asked by name, which would tell whose it is. Raises `NotFound`."""
        of = sight.pseudonyms().of
        found = [one for one in self._everybody() if of(one) == pseudonym]
        if not found:
            raise NotFound(
                "Nobody has this pseudonym.",
                [
                    Detail(
                        "agent", pseudonym[:100], "a pseudonym as the dashboard shows it, such as P-5QK2XN7A"
                    )
                ],
            )
        if len(found) > 1:
            raise InvalidParameter(
                "Two people have this pseudonym.",
                [Detail("agent", pseudonym, "nobody: it cannot be told apart")],
            )
        return found[0]

    def _everybody(self) -> Iterable[str]:
        members = self._store.members()
        named = {one.officer for one in members} | {one.trainer for one in members if one.trainer}
        return sorted(named | set(self._store.subjects(limit=_EVERYBODY)))
