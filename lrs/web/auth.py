"""Who is asking: the key or the session of a request, looked up once.

A key comes as HTTP Basic and counts everywhere but on pages; a session comes as a cookie and counts on pages and under
`/api`, where whatever changes something has to bring the session's CSRF token in `X-CSRF-Token`. Under `/xapi` a cookie
never counts: any page of any origin may send requests there.
"""

from __future__ import annotations

from flask import g, request
from werkzeug.datastructures import Authorization

from lrs.errors import Detail, Forbidden, Unauthenticated
from lrs.services.access.keys import Credential
from lrs.services.access.sessions import SignedIn
from lrs.services.access.sight import Sight
from lrs.web.state import rapport

CSRF_HEADER = "X-CSRF-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def credential() -> Credential:
    """The key of this request. Raises `Unauthenticated` without a valid one."""
    known: Credential | None = g.get("credential")
    if known is None:
        sent = _sent()
        basic = sent is not None and sent.type == "basic"
        known = rapport().access.authenticate(
            sent.username if sent and basic else None, sent.password if sent and basic else None
        )
        g.credential = known
    return known


def signed_in() -> SignedIn | None:
    """Who is signed in by the cookie of this request."""
    if "signed_in" not in g:
        g.signed_in = rapport().sessions.find(request.cookies.get(cookie_name()))
    found: SignedIn | None = g.signed_in
    return found


def cookie_name() -> str:
    """Name of the cookie that holds the token of a session.

    Over TLS a browser takes one with this prefix from nobody but us (RFC 6265bis, 4.1.3.2).
    """
    return "__Host-rapport" if secure() else "rapport"


def secure() -> bool:
    """Whether people reach this server over TLS, as far as the settings say."""
    return rapport().config.public_url.startswith("https://")


def sight() -> Sight:
    """What the one who asks through the API may see: by key, or else by session.

    Raises `Unauthenticated`, and `Forbidden` for a change by a session without its CSRF token.
    """
    known: Sight | None = g.get("sight")
    if known is None:
        session = None if "Authorization" in request.headers else signed_in()
        if session is None:
            known = rapport().sights.of_key(credential())
        else:
            _check_csrf(session)
            known = rapport().sights.of_user(session.user)
        g.sight = known
    return known


def page_sight() -> Sight:
    """What who is signed in may see on pages; a key does not count there.

    Raises `Unauthenticated` when nobody is, and `Forbidden` for a form without its CSRF token.
    """
    session = signed_in()
    if session is None:
        raise Unauthenticated("Sign in first.")
    if request.method not in _SAFE and not rapport().sessions.same_csrf(
        session, request.form.get("csrf", "")
    ):
        raise Forbidden("The form is of another session. Go back, load the page anew and send it again.")
    known: Sight = rapport().sights.of_user(session.user)
    g.sight = known
    return known


def _check_csrf(session: SignedIn) -> None:
    if session.user.must_change:
        raise Unauthenticated("A new password has to be chosen first, on the dashboard.")
    if request.method in _SAFE:
        return
    if not rapport().sessions.same_csrf(session, request.headers.get(CSRF_HEADER, "")):
        raise Forbidden(
            "A change by a session needs its CSRF token.",
            [Detail(CSRF_HEADER, "nothing, or another", "the token that the dashboard's pages carry")],
        )


def _sent() -> Authorization | None:
    try:
        return request.authorization
    except ValueError:  # beyond ASCII: no credential of ours
        return None
