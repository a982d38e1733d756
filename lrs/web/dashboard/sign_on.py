"""Signing in by the agency's own sign-on: there, and back."""

from __future__ import annotations

from dataclasses import astuple

from flask import Blueprint, Response, make_response, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from lrs.errors import NotFound, Unauthenticated
from lrs.services.access.sign_on import Pending
from lrs.web.auth import secure
from lrs.web.dashboard.signing_in import keep, next_page
from lrs.web.state import rapport

_COOKIE = "rapport-sign-on"
_PATIENCE_S = 600
"""For so long an issuer may keep somebody."""


def add_to(pages: Blueprint) -> None:
    """Add both ends."""
    pages.add_url_rule("/sign-on", "sign_on", sign_on)
    pages.add_url_rule("/signed-on", "signed_on", signed_on)


def sign_on() -> Response:
    """Send the browser to the issuer."""
    services = rapport()
    if not services.config.oidc_issuer:
        raise NotFound("This server knows of no sign-on of the agency's.")
    url, pending = services.sign_on.begin()
    response = make_response(redirect(url, 303))
    kept = _serializer().dumps([*astuple(pending), next_page()])
    response.set_cookie(
        _COOKIE,
        kept if isinstance(kept, str) else kept.decode(),
        path=url_for("dashboard.signed_on"),
        secure=secure(),
        httponly=True,
        samesite="Lax",  # it has to come along when the issuer sends the browser back
        max_age=_PATIENCE_S,
    )
    return response


def signed_on() -> Response:
    """Take the browser back, and begin a session."""
    try:
        *kept, target = _serializer().loads(request.cookies.get(_COOKIE, ""), max_age=_PATIENCE_S)
        pending = Pending(*kept)
    except (BadSignature, TypeError, ValueError) as exc:
        raise Unauthenticated("This sign-on was begun elsewhere, or too long ago. Begin it anew.") from exc
    services = rapport()
    issuer, subject = services.sign_on.finish(pending, request.args)
    token = services.sessions.sign_in_by_sign_on(issuer, subject)
    # A page of ours, so that the session's cookie, kept from other sites, comes along from there on.
    response = make_response(redirect(target, 303))
    keep(response, token)
    response.delete_cookie(_COOKIE, path=url_for("dashboard.signed_on"))
    return response


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(rapport().store.server_secret("sign-on"), salt="sign-on")
