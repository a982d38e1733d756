"""Signing in and out, and one's own password."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, request, url_for

from lrs.errors import Detail, Forbidden, InvalidParameter, LrsError, TooManyTries, Unauthenticated
from lrs.services.access.sessions import SignedIn
from lrs.stores.users import Role
from lrs.web.auth import cookie_name, secure, signed_in
from lrs.web.dashboard import drawing
from lrs.web.dashboard.page import asking, back, show
from lrs.web.state import rapport

_FORM_COOKIE = "rapport-sign-in"
_START = {Role.ADMINISTRATOR: "users", Role.AUDITOR: "cohort"}


def add_to(pages: Blueprint) -> None:
    """Add the pages."""
    pages.add_url_rule("/sign-in", "sign_in", sign_in)
    pages.add_url_rule("/sign-in", "signing_in", signing_in, methods=["POST"])
    pages.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])
    pages.add_url_rule("/account", "account", account)
    pages.add_url_rule("/account", "change_password", change_password, methods=["POST"])
    pages.add_url_rule("/", "start", start)


def start() -> Response:
    """Where one's own work begins."""
    sight = asking()
    user = sight.user
    if user is not None and user.role is Role.OFFICER:
        return make_response(redirect(url_for("dashboard.officer", agent=user.agent), 303))
    name = _START.get(user.role, "cohort") if user else "cohort"
    return make_response(redirect(url_for(f"dashboard.{name}"), 303))


def sign_in() -> Response:
    """The form."""
    if signed_in() is not None:
        return make_response(redirect(next_page(), 303))
    drawing.begin()
    return _form(200)


def signing_in() -> Response:
    """Take the form."""
    sent, expected = request.form.get("csrf", ""), request.cookies.get(_FORM_COOKIE, "")
    if not expected or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise Forbidden("The form is too old, or of another page. Load the sign-in page anew.")
    name, password, target = request.form.get("name", ""), request.form.get("password", ""), next_page()
    try:
        token = rapport().sessions.sign_in(name, password, request.remote_addr or "")
    except (Unauthenticated, TooManyTries) as exc:
        return _form(429 if isinstance(exc, TooManyTries) else 401, error=exc, name=name[:64])
    return _signed_in(token, target)


def sign_out() -> Response:
    """End the session."""
    session = signed_in()
    if session is not None:
        rapport().sessions.sign_out(session)
    response = make_response(redirect(url_for("dashboard.sign_in"), 303))
    response.delete_cookie(cookie_name(), path="/", secure=secure(), httponly=True, samesite="Lax")
    return response


def account() -> tuple[str, int]:
    """Who one is here, and the form for another password."""
    return show("account.html", title="Your account")


def change_password() -> Response | tuple[str, int]:
    """Take it."""
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    try:
        if new != again:
            raise InvalidParameter(
                "The new password was not written the same way twice.",
                [Detail("again", "another text", "the new password once more")],
            )
        token = rapport().sessions.change_password(_session(), old, new)
    except LrsError as exc:
        return show("account.html", title="Your account", status=400, error=exc)
    response = make_response(back("account", "The password is changed. Every other session has ended."))
    keep(response, token)
    return response


def keep(response: Response, token: str) -> None:
    """Give the browser the token of a session."""
    response.set_cookie(cookie_name(), token, path="/", secure=secure(), httponly=True, samesite="Lax")


def _signed_in(token: str, target: str) -> Response:
    response = make_response(redirect(target, 303))
    keep(response, token)
    response.delete_cookie(_FORM_COOKIE, path=url_for("dashboard.sign_in"))
    return response


def _session() -> SignedIn:
    session = signed_in()
    if session is None:
        raise Unauthenticated("Sign in first.")
    return session


def _form(status: int, error: LrsError | None = None, name: str = "") -> Response:
    csrf = request.cookies.get(_FORM_COOKIE) or secrets.token_urlsafe(24)
    text, _ = show(
        "sign_in.html",
        title="Sign in",
        error=error,
        name=name,
        form_csrf=csrf,
        next=request.values.get("next", ""),
        sign_on=rapport().config.oidc_label if rapport().config.oidc_issuer else "",
    )
    response = make_response(text, status)
    response.set_cookie(
        _FORM_COOKIE,
        csrf,
        path=url_for("dashboard.sign_in"),
        secure=secure(),
        httponly=True,
        samesite="Strict",
    )
    return response


def next_page() -> str:
    """Where one wanted to go; never to another site."""
    wanted = request.values.get("next", "")
    try:
        parts = urlsplit(wanted.replace("\\", "/"))
    except ValueError:
        return url_for("dashboard.start")
    ours = not parts.scheme and not parts.netloc and parts.path.startswith(url_for("dashboard.start"))
    return wanted if ours and wanted.isprintable() else url_for("dashboard.start")
