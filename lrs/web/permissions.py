"""The one table of endpoints: what each needs of who asks. Nothing is answered that is not in it.

How far an action reaches for whom is said in `lrs.services.access.permissions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from lrs.services.access.permissions import Action
from lrs.web.auth import page_sight, sight


class Gate(StrEnum):
    """What an endpoint needs, where that is no action."""

    PUBLIC = "nothing"
    XAPI = "a key with the scopes of the resource"  # held to by lrs.web.xapi, request by request
    SESSION = "a session"


PAGES = "dashboard"
"""Name of the blueprint of pages: there a session counts, and no key."""

ENDPOINTS: Mapping[str, Action | Gate] = MappingProxyType(
    {
        "home": Gate.PUBLIC,
        "metrics": Gate.PUBLIC,
        "probes.health": Gate.PUBLIC,
        "probes.ready": Gate.PUBLIC,
        "bootstrap.static": Gate.PUBLIC,
        "api-docs.openapi_json": Gate.PUBLIC,
        "xapi-profile.xapi_profile": Gate.PUBLIC,
        # xAPI
        "xapi.about": Gate.PUBLIC,
        "xapi.get_statements": Gate.XAPI,
        "xapi.put_statement": Gate.XAPI,
        "xapi.post_statements": Gate.XAPI,
        "xapi.get_activities": Gate.XAPI,
        "xapi.get_agents": Gate.XAPI,
        "xapi.get_activities_state": Gate.XAPI,
        "xapi.put_activities_state": Gate.XAPI,
        "xapi.post_activities_state": Gate.XAPI,
        "xapi.delete_activities_state": Gate.XAPI,
        "xapi.get_activities_profile": Gate.XAPI,
        "xapi.put_activities_profile": Gate.XAPI,
        "xapi.post_activities_profile": Gate.XAPI,
        "xapi.delete_activities_profile": Gate.XAPI,
        "xapi.get_agents_profile": Gate.XAPI,
        "xapi.put_agents_profile": Gate.XAPI,
        "xapi.post_agents_profile": Gate.XAPI,
        "xapi.delete_agents_profile": Gate.XAPI,
        # The API
        "competencies.competencies": Action.READ_RUBRICS,
        "competencies.plugins": Action.READ_RUBRICS,
        "competencies.generations": Action.READ_PLUGINS,
        "competencies.quarantine": Action.READ_PLUGINS,
        "profiles.list_profiles": Action.READ_COHORT,
        "profiles.profile": Action.READ_RECORD,
        "profiles.explanation": Action.READ_RECORD,
        "evidence.evidence": Action.READ_RECORD,
        "reports.gaps": Action.READ_COHORT,
        "reports.trend": Action.READ_RECORD,
        "reports.vr_field": Action.READ_COHORT,
        "reports.unit_survey": Action.READ_UNITS,
        "reports.raters": Action.READ_RATERS,
        "reports.flat": Action.READ_COHORT,
        "reports.stale": Action.READ_COHORT,
        "reports.quality": Action.READ_QUALITY,
        "roster.members": Action.READ_ROSTER,
        "roster.import_roster": Action.CHANGE_ROSTER,
        "check.check": Action.CHECK,
        "contests.contests": Action.READ_CONTESTS,
        "contests.raise_contest": Action.CONTEST,
        "contests.withdraw": Action.CONTEST,
        "contests.rejoin": Action.CONTEST,
        "contests.decide": Action.DECIDE,
        "keys.keys": Action.MANAGE_KEYS,
        "keys.create_key": Action.MANAGE_KEYS,
        "keys.revoke_key": Action.MANAGE_KEYS,
        "users.users": Action.MANAGE_USERS,
        "users.create_user": Action.MANAGE_USERS,
        "users.change_user": Action.MANAGE_USERS,
        "audit.entries": Action.READ_AUDIT,
        "audit.verify": Action.READ_AUDIT,
        # Pages
        "dashboard.static": Gate.PUBLIC,
        "dashboard.vega": Gate.PUBLIC,
        "dashboard.sign_in": Gate.PUBLIC,
        "dashboard.signing_in": Gate.PUBLIC,
        "dashboard.sign_on": Gate.PUBLIC,
        "dashboard.signed_on": Gate.PUBLIC,
        "dashboard.start": Gate.SESSION,
        "dashboard.account": Gate.SESSION,
        "dashboard.change_password": Gate.SESSION,
        "dashboard.sign_out": Gate.SESSION,
        "dashboard.cohort": Action.READ_COHORT,
        "dashboard.cohort_pdf": Action.READ_COHORT,
        "dashboard.cohort_csv": Action.READ_COHORT,
        "dashboard.officer": Action.READ_RECORD,
        "dashboard.officer_pdf": Action.READ_RECORD,
        "dashboard.officer_csv": Action.READ_RECORD,
        "dashboard.why": Action.READ_RECORD,
        "dashboard.gaps": Action.READ_COHORT,
        "dashboard.flat": Action.READ_COHORT,
        "dashboard.stale": Action.READ_COHORT,
        "dashboard.vr_field": Action.READ_COHORT,
        "dashboard.raters": Action.READ_RATERS,
        "dashboard.surveys": Action.READ_UNITS,
        "dashboard.impact": Action.READ_IMPACT,
        "dashboard.show_impact": Action.READ_IMPACT,
        "dashboard.quality": Action.READ_QUALITY,
        "dashboard.check": Action.CHECK,
        "dashboard.check_statement": Action.CHECK,
        "dashboard.statements": Action.READ_STATEMENTS,
        "dashboard.statement": Action.READ_STATEMENTS,
        "dashboard.contests": Action.READ_CONTESTS,
        "dashboard.contest": Action.READ_CONTESTS,
        "dashboard.contest_item": Action.CONTEST,
        "dashboard.raise_contest": Action.CONTEST,
        "dashboard.withdraw_contest": Action.CONTEST,
        "dashboard.rejoin": Action.CONTEST,
        "dashboard.decide_contest": Action.DECIDE,
        "dashboard.roster": Action.READ_ROSTER,
        "dashboard.import_roster": Action.CHANGE_ROSTER,
        "dashboard.users": Action.MANAGE_USERS,
        "dashboard.create_user": Action.MANAGE_USERS,
        "dashboard.change_user": Action.MANAGE_USERS,
        "dashboard.keys": Action.MANAGE_KEYS,
        "dashboard.create_key": Action.MANAGE_KEYS,
        "dashboard.revoke_key": Action.MANAGE_KEYS,
        "dashboard.plugins": Action.READ_PLUGINS,
        "dashboard.comparison": Action.READ_PLUGINS,
        "dashboard.audit": Action.READ_AUDIT,
        "dashboard.audit_export": Action.READ_AUDIT,
    }
)


def init_app(app: Flask) -> None:
    """Let `app` answer nobody who may not."""
    app.before_request(permitted)


def permitted() -> Response | None:
    """Raise `Unauthenticated` or `Forbidden` unless who asks may; whose password was given to them is led to another.

    A `KeyError`, a defect of ours, for what is not in the table: nothing is open because it was forgotten.
    """
    if request.endpoint is None:  # nothing is there
        return None
    needed = ENDPOINTS[request.endpoint]
    if needed in (Gate.PUBLIC, Gate.XAPI):
        return None
    asking = page_sight() if request.blueprint == PAGES else sight()
    if not isinstance(needed, Action):
        return None
    asking.require(needed)
    if asking.user is not None and asking.user.must_change:
        return redirect(url_for(f"{PAGES}.account"), 303)
    return None
