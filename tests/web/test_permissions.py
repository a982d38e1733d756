"""The matrix of permissions: every endpoint × everybody who may ask × a record within and one beyond their reach.

What is right is read off the one table, `lrs.services.access.permissions` and `lrs.web.permissions`; how an endpoint
is asked stands here. Whatever would change something is asked so that it is refused as malformed, once it is let in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from lrs.config import Config
from lrs.plugin.host import PluginHost
from lrs.services.access.keys import SCOPES as ALL_SCOPES
from lrs.services.access.permissions import Action, Reach, reach_of_role, reach_of_scopes
from lrs.services.wiring import Rapport
from lrs.stores.audit import AuditQuery, seal
from lrs.stores.contests import Contest
from lrs.stores.users import Role, User
from lrs.web import create_app
from lrs.web.permissions import ENDPOINTS, Gate
from tests.clients import Xapi
from tests.services.academy import fill, key
from tests.web.api.conftest import rating

pytestmark = pytest.mark.engines("sqlite")

OWN, OTHER = "R-001", "R-009"
"""Within and beyond the reach of the officer, the training officer and the supervisor."""
PEOPLE = (OWN, OTHER, "R-002", "R-003", "Recruit 1", "Recruit 9", "T-00", "T-01")
"""What nobody who sees pseudonyms may read anywhere."""
CSRF = "X-CSRF-Token"


@dataclass(frozen=True)
class Ask:
    """How an endpoint is asked. `{agent}`, `{statement}` and `{contest}` stand for those of a person."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    json: Any = None
    form: dict[str, str] | None = None

    @property
    def of_a_person(self) -> bool:
        """Whether it names one."""
        said = f"{self.path}{self.query}{self.json}{self.form}"
        return any(name in said for name in ("{agent}", "{statement}", "{contest}"))


def get(path: str, **query: str) -> Ask:
    return Ask("GET", path, query)


def form(path: str, **fields: str) -> Ask:
    return Ask("POST", path, form=fields)


COMMUNICATION = {"competency": "communication"}
ASKED: dict[str, Ask] = {
    "home": get("/"),
    "metrics": get("/metrics"),
    "probes.health": get("/health"),
    "probes.ready": get("/ready"),
    "bootstrap.static": get("/bootstrap/static/css/bootstrap.min.css"),
    "api-docs.openapi_json": get("/api/v1/openapi.json"),
    "xapi-profile.xapi_profile": get("/api/v1/xapi-profile"),
    "xapi.about": get("/xapi/about"),
    "xapi.get_statements": get("/xapi/statements"),
    "xapi.put_statement": Ask("PUT", "/xapi/statements", {"statementId": "x"}, json={}),
    "xapi.post_statements": Ask("POST", "/xapi/statements", json={}),
    "xapi.get_activities": get("/xapi/activities", activityId="x:y"),
    "xapi.get_agents": get("/xapi/agents", agent='{"mbox":"mailto:a@example.com"}'),
    "competencies.competencies": get("/api/v1/competencies"),
    "competencies.plugins": get("/api/v1/plugins"),
    "competencies.generations": get("/api/v1/plugins/communication/generations"),
    "competencies.quarantine": get("/api/v1/quarantine"),
    "profiles.list_profiles": get("/api/v1/profiles"),
    "profiles.profile": get("/api/v1/profiles/{agent}"),
    "profiles.explanation": get("/api/v1/profiles/{agent}/explanation"),
    "evidence.evidence": get("/api/v1/evidence", agent="{agent}"),
    "reports.gaps": get("/api/v1/reports/gaps"),
    "reports.trend": get("/api/v1/reports/trend", officer="{agent}", **COMMUNICATION),
    "reports.vr_field": get("/api/v1/reports/vr-field"),
    "reports.unit_survey": get("/api/v1/reports/unit-survey", unit="U-1", competency="community_survey"),
    "reports.raters": get("/api/v1/reports/raters", **COMMUNICATION),
    "reports.flat": get("/api/v1/reports/flat"),
    "reports.stale": get("/api/v1/reports/stale"),
    "reports.quality": get("/api/v1/reports/quality"),
    "roster.members": get("/api/v1/roster"),
    "roster.import_roster": Ask("POST", "/api/v1/roster", json={}),
    "check.check": Ask("POST", "/api/v1/check", json={}),
    "contests.contests": get("/api/v1/contests"),
    "contests.raise_contest": Ask(
        "POST",
        "/api/v1/contests",
        json={"statement_id": "{statement}", "officer": "{agent}", "reason": " "},
    ),
    "contests.withdraw": Ask("POST", "/api/v1/contests/{contest}/withdrawal", json={}),
    "contests.rejoin": Ask(
        "POST", "/api/v1/rejoinders", json={"statement_id": "{statement}", "officer": "{agent}", "text": " "}
    ),
    "contests.decide": Ask(
        "POST", "/api/v1/contests/{contest}/decision", json={"granted": False, "reasons": " "}
    ),
    "keys.keys": get("/api/v1/keys"),
    "keys.create_key": Ask("POST", "/api/v1/keys", json={"name": ""}),
    "keys.revoke_key": Ask("DELETE", "/api/v1/keys/none"),
    "users.users": get("/api/v1/users"),
    "users.create_user": Ask("POST", "/api/v1/users", json={"name": "", "role": "auditor"}),
    "users.change_user": Ask("PATCH", "/api/v1/users/nobody", json={"disabled": True}),
    "audit.entries": get("/api/v1/audit", subject="{agent}"),
    "audit.verify": get("/api/v1/audit/verification"),
    "dashboard.static": get("/dashboard/static/dashboard.css"),
    "dashboard.vega": get("/dashboard/vega.js"),
    "dashboard.sign_in": get("/dashboard/sign-in"),
    "dashboard.signing_in": form("/dashboard/sign-in"),
    "dashboard.sign_on": get("/dashboard/sign-on"),
    "dashboard.signed_on": get("/dashboard/signed-on"),
    "dashboard.start": get("/dashboard/"),
    "dashboard.account": get("/dashboard/account"),
    "dashboard.change_password": form("/dashboard/account"),
    "dashboard.sign_out": form("/dashboard/sign-out"),
    "dashboard.cohort": get("/dashboard/cohort"),
    "dashboard.cohort_pdf": get("/dashboard/cohort.pdf"),
    "dashboard.cohort_csv": get("/dashboard/cohort.csv"),
    "dashboard.officer": get("/dashboard/officer/{agent}"),
    "dashboard.officer_pdf": get("/dashboard/officer.pdf/{agent}"),
    "dashboard.officer_csv": get("/dashboard/officer.csv/{agent}"),
    "dashboard.why": get("/dashboard/why/communication/{agent}"),
    "dashboard.gaps": get("/dashboard/gaps"),
    "dashboard.flat": get("/dashboard/flat"),
    "dashboard.stale": get("/dashboard/stale"),
    "dashboard.vr_field": get("/dashboard/vr-field"),
    "dashboard.raters": get("/dashboard/raters"),
    "dashboard.surveys": get("/dashboard/surveys"),
    "dashboard.impact": get("/dashboard/impact"),
    "dashboard.show_impact": form("/dashboard/impact"),
    "dashboard.quality": get("/dashboard/quality"),
    "dashboard.check": get("/dashboard/check"),
    "dashboard.check_statement": form("/dashboard/check"),
    "dashboard.statements": get("/dashboard/statements", agent="{agent}"),
    "dashboard.statement": get("/dashboard/statement/{statement}"),
    "dashboard.contests": get("/dashboard/contests"),
    "dashboard.contest": get("/dashboard/contest/{contest}"),
    "dashboard.raise_contest": form(
        "/dashboard/contests", statement="{statement}", officer="{agent}", reason=" "
    ),
    "dashboard.contest_item": get("/dashboard/contest-item", statement="{statement}", officer="{agent}"),
    "dashboard.withdraw_contest": form("/dashboard/contest/{contest}/withdraw"),
    "dashboard.rejoin": form("/dashboard/rejoinders", statement="{statement}", officer="{agent}", text=" "),
    "dashboard.decide_contest": form("/dashboard/contest/{contest}/decide", reasons=" "),
    "dashboard.roster": get("/dashboard/roster"),
    "dashboard.import_roster": form("/dashboard/roster"),
    "dashboard.users": get("/dashboard/users"),
    "dashboard.create_user": form("/dashboard/users"),
    "dashboard.change_user": form("/dashboard/users/nobody"),
    "dashboard.keys": get("/dashboard/keys"),
    "dashboard.create_key": form("/dashboard/keys"),
    "dashboard.revoke_key": form("/dashboard/keys/none/revoke"),
    "dashboard.plugins": get("/dashboard/plugins"),
    "dashboard.comparison": get("/dashboard/plugins/communication/comparison"),
    "dashboard.audit": get("/dashboard/audit", person="{agent}"),
    "dashboard.audit_export": get("/dashboard/audit/export"),
    **{
        f"xapi.{method.lower()}_{kind}": Ask(method, path)
        for kind, path, methods in (
            ("activities_state", "/xapi/activities/state", ("GET", "PUT", "POST", "DELETE")),
            ("activities_profile", "/xapi/activities/profile", ("GET", "PUT", "POST", "DELETE")),
            ("agents_profile", "/xapi/agents/profile", ("GET", "PUT", "POST", "DELETE")),
        )
        for method in methods
    },
}


@dataclass(frozen=True)
class World:
    """A small academy, somebody in each role, a key of each scope."""

    rapport: Rapport
    app: Any
    users: dict[Role, User]
    statements: dict[str, str]
    contests: dict[str, str]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, plugins: PluginHost, engine: str) -> Iterator[World]:
    assert engine == "sqlite"
    config = Config(
        store=f"sqlite:///{tmp_path_factory.mktemp('permissions') / 'test.db'}",
        log_level="error",
        base_url="https://lrs.example",
        sign_in_tries=0,
    )
    rapport = Rapport.open(config, plugins=plugins)
    rapport.store.initialise()
    app = create_app(config, rapport)
    made, secret = rapport.access.create_key("vendor", ["all"])
    vendor = Xapi(app.test_client(), made.id, secret, "1.0.3", "vendor")
    fill(vendor, rapport)
    users = {
        Role.OFFICER: rapport.users.create("officer", "officer", agent=key(OWN))[0],
        Role.TRAINING_OFFICER: rapport.users.create("trainer", "training_officer", agent=key("T-00"))[0],
        Role.SUPERVISOR: rapport.users.create("supervisor", "supervisor", units=["North"])[0],
        Role.AUDITOR: rapport.users.create("auditor", "auditor")[0],
        Role.ADMINISTRATOR: rapport.users.create("administrator", "administrator")[0],
    }
    users = {role: rapport.users.swap(user.id, _at_home) for role, user in users.items()}
    vendor.post(rating(OTHER, 4))
    as_of_us = rapport.profiles.as_of(None)
    statements, contests = {}, {}
    for place, who in enumerate((OWN, OTHER)):
        [first, *_] = rapport.profiles.evidence(as_of_us, subject=key(who))
        statements[who] = first.statement_id
        contests[who] = f"00000000-0000-4000-8000-00000000000{place}"
        rapport.store.add_contest(_contest(contests[who], who, first.statement_id, users[Role.OFFICER].id))
    yield World(rapport, app, users, statements, contests)
    rapport.store.close()


def _at_home(user: User) -> User:
    return replace(user, must_change=False)


def _contest(contest_id: str, who: str, statement_id: str, raised_by: str) -> Contest:
    return Contest(
        id=contest_id,
        statement_id=statement_id,
        officer=key(who),
        raised_by=raised_by,
        raised_us=1,
        due_us=2,
        reason="It was another shift.",
    )


class Caller:
    """Somebody who asks: signed in in a role, with a key, or nobody."""

    def __init__(
        self, world: World, *, role: Role | None = None, scopes: frozenset[str] | None = None
    ) -> None:
        self.world, self.role, self.scopes = world, role, scopes
        self.client = world.app.test_client()
        self.client.environ_base["wsgi.url_scheme"] = "https"
        self.headers: dict[str, str] = {}
        self.csrf = ""
        if role is not None:
            sessions = world.rapport.sessions
            token = sessions._begin(world.users[role], "test")
            found = sessions.find(token)
            assert found is not None
            self.csrf = found.csrf
            self.client.set_cookie("__Host-rapport", token, secure=True)
        if scopes is not None:
            made, secret = world.rapport.access.create_key(f"key {id(self)}", scopes)
            self.headers = Xapi(self.client, made.id, secret, "1.0.3", made.name).headers

    def reach(self, action: Action) -> Reach:
        """How far the table says that they reach."""
        if self.role is not None:
            return reach_of_role(self.role, action)
        return Reach.NONE if self.scopes is None else reach_of_scopes(self.scopes, action)

    def ask(self, endpoint: str, whose: str) -> TestResponse:
        """Ask an endpoint, about a person where it names one."""
        one = ASKED[endpoint]
        pseudonymous = isinstance(ENDPOINTS[endpoint], Action) and (
            self.reach(ENDPOINTS[endpoint]) is Reach.PSEUDONYMS  # type: ignore[arg-type]
        )
        agent = key(whose)
        if pseudonymous:
            agent = self.world.rapport.sights.of_user(self.world.users[Role.AUDITOR]).pseudonyms().of(agent)
        names = {
            "{agent}": agent,
            "{statement}": self.world.statements[whose],
            "{contest}": self.world.contests[whose],
        }
        fields = None if one.form is None else {"csrf": self.csrf, **_filled(one.form, names)}
        headers = {"X-Experience-API-Version": "1.0.3", **self.headers}
        if self.csrf:
            headers[CSRF] = self.csrf
        return self.client.open(
            _filled(one.path, names),
            method=one.method,
            query_string=_filled(one.query, names),
            json=_filled(one.json, names),
            data=fields,
            headers=headers,
            buffered=True,
        )


def _filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(one, names) for name, one in value.items()}
    if isinstance(value, str):
        for name, filled in names.items():
            value = value.replace(name, filled)
    return value


def test_every_endpoint_is_asked() -> None:
    assert ASKED.keys() == ENDPOINTS.keys()


def test_no_endpoint_is_outside_the_table(world: World) -> None:
    assert {rule.endpoint for rule in world.app.url_map.iter_rules()} == ENDPOINTS.keys()


@pytest.mark.parametrize("role", list(Role))
def test_a_role_reaches_as_far_as_the_table_says(world: World, role: Role) -> None:
    caller = Caller(world, role=role)
    wrong = [one for endpoint in _in_turn() for one in _by_role(caller, endpoint)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scope", list(ALL_SCOPES))
def test_a_key_reaches_as_far_as_its_scope(world: World, scope: str) -> None:
    caller = Caller(world, scopes=frozenset({scope}))
    wrong = [one for endpoint in _in_turn() for one in _by_scope(caller, endpoint)]
    assert not wrong, "\n".join(wrong)


def test_nobody_is_let_in_nowhere_but_in_public(world: World) -> None:
    caller = Caller(world)
    wrong = [one for endpoint in _in_turn() for one in _by_nobody(caller, endpoint)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", list(Role))
def test_a_session_changes_nothing_without_its_csrf_token(world: World, role: Role) -> None:
    caller = Caller(world, role=role)
    caller.csrf = "of another session"
    changing = [
        name for name in _in_turn() if ASKED[name].method != "GET" and isinstance(ENDPOINTS[name], Action)
    ]
    assert len(changing) > 20
    assert [name for name in changing if caller.ask(name, OWN).status_code != 403] == []


def _in_turn() -> list[str]:
    """Every endpoint; signing out comes last, for nothing is let in after it."""
    return sorted(ENDPOINTS, key=lambda name: (name == "dashboard.sign_out", name))


def _by_role(caller: Caller, endpoint: str) -> Iterator[str]:
    """What is not as the table says, of somebody who is signed in."""
    needed, own = ENDPOINTS[endpoint], caller.ask(endpoint, OWN)
    if needed is Gate.XAPI:
        yield from _if(own.status_code != 401, endpoint, "lets a session in", own)
    elif not isinstance(needed, Action):
        yield from _if(own.status_code >= 500 and own.status_code != 503, endpoint, "fails", own)
    elif caller.reach(needed) is Reach.NONE:
        yield from _unless_refused(endpoint, own)
        yield from _unless_refused(endpoint, caller.ask(endpoint, OTHER))
    else:
        yield from _unless_let_in(endpoint, own)
        yield from _if_it_shows_more(endpoint, own, caller.reach(needed))
        if ASKED[endpoint].of_a_person:
            other = caller.ask(endpoint, OTHER)
            beyond = caller.reach(needed) not in (Reach.ALL, Reach.PSEUDONYMS)
            yield from _unless_refused(endpoint, other) if beyond else _unless_let_in(endpoint, other)


def _by_scope(caller: Caller, endpoint: str) -> Iterator[str]:
    """What is not as the table says, of a key."""
    needed, answer = ENDPOINTS[endpoint], caller.ask(endpoint, OTHER)
    if endpoint.startswith("dashboard.") and needed is not Gate.PUBLIC:
        yield from _if(not _is_led_to_sign_in(answer), endpoint, "lets a key in", answer)
    elif isinstance(needed, Action) and caller.reach(needed) is Reach.NONE:
        yield from _unless_refused(endpoint, answer)
    elif isinstance(needed, Action):
        yield from _unless_let_in(endpoint, answer)


def _by_nobody(caller: Caller, endpoint: str) -> Iterator[str]:
    """What is not as the table says, of nobody."""
    needed, answer = ENDPOINTS[endpoint], caller.ask(endpoint, OWN)
    if needed is Gate.PUBLIC:
        yield from _if(answer.status_code >= 500, endpoint, "fails", answer)
    elif endpoint.startswith("dashboard."):
        yield from _if(not _is_led_to_sign_in(answer), endpoint, "lets nobody in", answer)
    else:
        yield from _if(answer.status_code != 401, endpoint, "lets nobody in", answer)


def _unless_refused(endpoint: str, answer: TestResponse) -> Iterator[str]:
    yield from _if(answer.status_code != 403, endpoint, "is not refused", answer)
    for name in PEOPLE[1:]:  # one's own is in the navigation
        yield from _if(
            answer.status_code == 403 and name in _body(answer), endpoint, f"tells of {name}", answer
        )


def _unless_let_in(endpoint: str, answer: TestResponse) -> Iterator[str]:
    yield from _if(answer.status_code in (401, 403), endpoint, "is refused", answer)
    yield from _if(answer.status_code >= 500, endpoint, "fails", answer)


def _if_it_shows_more(endpoint: str, answer: TestResponse, reach: Reach) -> Iterator[str]:
    """Something of whom it does not reach."""
    beyond = PEOPLE if reach is Reach.PSEUDONYMS else () if reach is Reach.ALL else (OTHER,)
    for name in beyond:
        yield from _if(name in _body(answer), endpoint, f"shows {name}", answer)


def _if(wrong: bool, endpoint: str, what: str, answer: TestResponse) -> Iterator[str]:
    if wrong:
        yield f"{endpoint} {what}: {answer.status_code} {_told(answer)!r}"


def _is_led_to_sign_in(answer: TestResponse) -> bool:
    return answer.status_code == 303 and (answer.location or "").startswith("/dashboard/sign-in")


def _body(answer: TestResponse) -> str:
    return "" if answer.mimetype == "application/pdf" else answer.get_data(as_text=True)


def _told(answer: TestResponse) -> str:
    """What an answer says, without the frame of a page."""
    return _body(answer).rpartition('<main id="main"')[2][:300]


def test_the_order_of_an_answer_under_pseudonyms_tells_nothing(world: World) -> None:
    """In the order of agent keys the first pseudonym would be the first account's."""
    caller = Caller(world, role=Role.AUDITOR)
    for path, rows in (
        ("/api/v1/roster", lambda answer: answer),
        ("/api/v1/profiles", lambda answer: answer["profiles"]),
        ("/api/v1/reports/gaps", lambda answer: answer["officers"]),
    ):
        found = [one.get("officer") or one["subject"] for one in rows(caller.client.get(path).json)]
        assert len(found) > 3
        assert found == sorted(found), path


def test_an_auditor_cannot_find_out_by_trying_what_an_entry_was_sealed_over(world: World) -> None:
    """Else whoever guesses an agent key could hold it to the hash."""
    caller = Caller(world, role=Role.AUDITOR)
    caller.ask("profiles.profile", OWN)
    entry = caller.client.get("/api/v1/audit?limit=1").json[0]
    kept = world.rapport.store.audit(AuditQuery(limit=1))[0]
    assert entry["sha256"] == kept.sha256
    guessed = replace(kept.happening, subjects=(key(OWN),), detail=entry["detail"])
    assert guessed == replace(kept.happening, detail=entry["detail"])
    assert seal(kept.number, guessed, kept.previous) != kept.sha256


def test_pages_of_profiles_go_on_under_pseudonyms(world: World) -> None:
    caller, found, after = Caller(world, role=Role.AUDITOR), [], ""
    while after is not None:
        page = caller.client.get(f"/api/v1/profiles?limit=1&after={after}").json
        found += [one["subject"] for one in page["profiles"]]
        after = page["next"]
    whole = caller.client.get("/api/v1/profiles").json["profiles"]
    assert found == [one["subject"] for one in whole]
