"""What a page says once after a form was sent: kept in a signed cookie until it is said, and nothing else with it.

Whoever is signed in is in another cookie, see `lrs.web.auth`; no page keeps anything of a person in this one.
"""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request

from lrs.errors import LrsError
from lrs.web.auth import secure
from lrs.web.state import rapport


def init_app(app: Flask, prefix: str) -> None:
    """Let pages of `app` under `prefix` keep messages."""
    with app.app_context():
        over_tls = secure()
    app.config.update(
        SESSION_COOKIE_NAME="rapport-said",
        SESSION_COOKIE_PATH=prefix,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=over_tls,
    )
    app.session_interface = _Messages(prefix)


class _Messages(SecureCookieSessionInterface):
    """Signed with a secret of the store, which is asked for when the first page is."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What is to be said; nothing is kept elsewhere than on pages, or while the store cannot answer."""
        if not request.path.startswith(self._prefix):
            return None
        if not app.secret_key:
            try:
                app.secret_key = rapport().store.server_secret("messages")
            except LrsError:
                return None
        return super().open_session(app, request)
