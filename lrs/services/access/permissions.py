"""The one table of who may do what: actions, and how far each role and each scope reaches with them.

Pages and API name an action for each of their endpoints (`lrs.web.permissions`); how far it reaches is looked up here
and nowhere else. `docs/reference/permissions.md` is this table, held to it by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from lrs.stores.users import Role


class Action(StrEnum):
    """What somebody may want to do."""

    READ_RECORD = "read a record"  # profile, explanation, evidence, trend, paper of one person
    READ_COHORT = "read a cohort"  # many people beside each other: grid, gaps, stale, flat, VR and field
    READ_RATERS = "read raters"  # severity and agreement
    READ_UNITS = "read units"  # surveys: of units, of nobody
    READ_IMPACT = "read an audit of impact"  # figures of groups, small cells withheld
    READ_QUALITY = "read data quality"
    READ_STATEMENTS = "read statements"  # whole, as they were sent
    READ_ROSTER = "read the roster"
    READ_CONTESTS = "read contests"
    CONTEST = "contest an item"  # contests, withdrawals and rejoinders, of one's own record
    DECIDE = "decide a contest"
    READ_AUDIT = "read the audit log"
    READ_PLUGINS = "read plugins"  # generations, failures, shadow comparison
    READ_RUBRICS = "read rubrics"  # competencies, and the plugins that are loaded
    CHECK = "check a statement"
    CHANGE_ROSTER = "change the roster"
    MANAGE_USERS = "manage users"
    MANAGE_KEYS = "manage keys"


class Reach(StrEnum):
    """How far an action goes."""

    NONE = "none"
    OWN = "own"  # the record of one's own
    ASSIGNED = "assigned"  # recruits whose training officer one is, by the roster
    UNIT = "unit"  # officers of one's units, by the roster
    PSEUDONYMS = "pseudonyms"  # everybody, with neither name nor account
    ALL = "all"


_O, _A, _U, _P, _E, _N = Reach.OWN, Reach.ASSIGNED, Reach.UNIT, Reach.PSEUDONYMS, Reach.ALL, Reach.NONE
_ORDER = (Role.OFFICER, Role.TRAINING_OFFICER, Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)


def _row(*reaches: Reach) -> Mapping[Role, Reach]:
    return MappingProxyType(dict(zip(_ORDER, reaches, strict=True)))


ROLES: Mapping[Action, Mapping[Role, Reach]] = MappingProxyType(
    {
        #                            officer, training officer, supervisor, auditor, administrator
        Action.READ_RECORD: _row(_O, _A, _U, _P, _N),
        Action.READ_COHORT: _row(_N, _A, _U, _P, _N),
        Action.READ_RATERS: _row(_N, _A, _U, _P, _N),
        Action.READ_UNITS: _row(_N, _E, _E, _E, _N),
        Action.READ_IMPACT: _row(_N, _N, _E, _E, _N),
        Action.READ_QUALITY: _row(_N, _E, _E, _E, _E),
        Action.READ_STATEMENTS: _row(_O, _A, _U, _N, _N),
        Action.READ_ROSTER: _row(_O, _A, _U, _P, _E),
        Action.READ_CONTESTS: _row(_O, _A, _U, _P, _N),
        Action.CONTEST: _row(_O, _N, _N, _N, _N),
        Action.DECIDE: _row(_N, _A, _U, _N, _N),
        Action.READ_AUDIT: _row(_O, _N, _N, _P, _E),
        Action.READ_PLUGINS: _row(_N, _N, _N, _P, _P),
        Action.READ_RUBRICS: _row(_E, _E, _E, _E, _E),
        Action.CHECK: _row(_N, _E, _E, _E, _E),
        Action.CHANGE_ROSTER: _row(_N, _N, _N, _N, _E),
        Action.MANAGE_USERS: _row(_N, _N, _N, _N, _E),
        Action.MANAGE_KEYS: _row(_N, _N, _N, _N, _E),
    }
)
"""How far each role reaches. An administrator runs the system and reads nobody's record."""

_READERS = ("all/read",)
_EVERYTHING = ("all",)
SCOPES: Mapping[Action, tuple[str, ...]] = MappingProxyType(
    {
        Action.READ_RECORD: _READERS,
        Action.READ_COHORT: _READERS,
        Action.READ_RATERS: _READERS,
        Action.READ_UNITS: _READERS,
        Action.READ_IMPACT: (),
        Action.READ_QUALITY: _READERS,
        Action.READ_STATEMENTS: ("statements/read", "all/read"),
        Action.READ_ROSTER: _READERS,
        Action.READ_CONTESTS: _READERS,
        Action.CONTEST: (),
        Action.DECIDE: (),
        Action.READ_AUDIT: _EVERYTHING,
        Action.READ_PLUGINS: _READERS,
        Action.READ_RUBRICS: ("*",),
        Action.CHECK: ("statements/write", "all/read"),
        Action.CHANGE_ROSTER: _EVERYTHING,
        Action.MANAGE_USERS: _EVERYTHING,
        Action.MANAGE_KEYS: _EVERYTHING,
    }
)
"""Scopes of a key that do, any one of them; `*`: any key; none: what only a person may do. `all` does wherever a key
may at all. A key that may reaches everybody."""


def reach_of_role(role: Role, action: Action) -> Reach:
    """How far a role goes with an action."""
    return ROLES[action][role]


def reach_of_scopes(scopes: frozenset[str], action: Action) -> Reach:
    """How far a key with these scopes goes with an action."""
    enough = SCOPES[action]
    allowed = bool(enough) and ("*" in enough or not scopes.isdisjoint({*enough, "all"}))
    return Reach.ALL if allowed else Reach.NONE
