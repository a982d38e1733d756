"""Pages over a small academy, and browsers of people who are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lrs.services.wiring import Rapport
from lrs.stores.users import Role, User
from lrs.web import create_app
from tests.clients import Xapi
from tests.services.academy import fill, key

PASSWORD = "four words that will do"
PEOPLE: dict[str, tuple[Role, str, tuple[str, ...]]] = {
    "officer": (Role.OFFICER, key("R-001"), ()),
    "other_officer": (Role.OFFICER, key("R-002"), ()),
    "training_officer": (Role.TRAINING_OFFICER, key("T-00"), ()),  # of
    "other_training_officer": (Role.TRAINING_OFFICER, key("T-01"), ()),  # of R-002
    "supervisor": (Role.SUPERVISOR, "", ("North",)),  # where are
    "supervisor_of_all": (Role.SUPERVISOR, "", ("*",)),
    "auditor": (Role.AUDITOR, "", ()),
    "administrator": (Role.ADMINISTRATOR, "", ()),
}
"""Who may be signed in: role, agent key, units. Each role by its own name, and a second of some."""


class Browser(FlaskClient):
    """A browser, of somebody or of nobody."""

    user: User
    """Who is signed in."""
    csrf = ""
    """What their forms carry."""

    def send(self, path: str, fields: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """A form of theirs, sent; where it leads to is answered, and not followed."""
        return self.post(path, data={"csrf": self.csrf, **(fields or {})}, **kwargs)


SignedIn = Callable[[str], Browser]


@pytest.fixture
def academy(xapi: Xapi, rapport: Rapport) -> Rapport:
    """The small academy of `tests.services.academy`."""
    fill(xapi, rapport)
    return rapport


@pytest.fixture
def pages(rapport: Rapport) -> Flask:
    """The application, whose clients are browsers."""
    app = create_app(rapport.config, rapport)
    app.test_client_class = Browser
    return app


@pytest.fixture
def nobody(pages: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return browser_of(pages)


@pytest.fixture
def signed_in(pages: Flask, rapport: Rapport) -> SignedIn:
    """Makes a browser in which one of `PEOPLE` is signed in; they are made a user when they are first asked for."""
    made: dict[str, User] = {}

    def sign_in(name: str) -> Browser:
        if name not in made:
            role, agent, units = PEOPLE[name]
            made[name], _ = rapport.users.create(
                name, role.value, agent=agent, units=units, password=PASSWORD, must_change=False
            )
        # Past the form, which has tests of its own.
        token = rapport.sessions.sign_in(name, PASSWORD, f"192.0.2.{len(made)}")
        browser = browser_of(pages)
        browser.set_cookie("__Host-rapport", token, secure=True)
        found = rapport.sessions.find(token)
        assert found is not None
        browser.user, browser.csrf = found.user, found.csrf
        return browser

    return sign_in


def browser_of(pages: Flask) -> Browser:
    """A new one, which reaches the application over TLS."""
    browser = pages.test_client()
    assert isinstance(browser, Browser)
    browser.environ_base["wsgi.url_scheme"] = "https"
    return browser


def actions(rapport: Rapport, *, of: Iterable[str] = (), about: str | None = None) -> list[str]:
    """What the audit log says was done, oldest first.

    Args:
        rapport: whose log it is.
        of: actors, as the log names them; none: of everybody.
        about: agent key of whom it is about; None: about anybody.
    """
    wanted = frozenset(of)
    return [
        entry.happening.action
        for entry in rapport.store.scan_audit()
        if (not wanted or entry.happening.actor in wanted)
        and (about is None or about in entry.happening.subjects)
    ]
