"""Where an error becomes HTTP, once: its status, its body, its headers.

Every error leaves as `{"error": {"status", "code", "message", "details": [{"path", "found", "expected"}]}}`,
on every endpoint but pages, where people read the same on a page; never a traceback.
"""

from __future__ import annotations

import contextlib
import http
import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from lrs import errors
from lrs.web.state import rapport
from lrs.web.xapi import refusing
from lrs.xapi.actors import is_key

RETRY_AFTER_SECONDS = 1
_PAGES = "/dashboard"
_LONGEST_KEY = 500

STATUS: dict[type[errors.LrsError], int] = {
    errors.InvalidInput: 400,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    errors.TooManyTries: 429,
    errors.BrokenChain: 409,
    errors.SignOnUnavailable: 503,
    errors.StoreUnavailable: 503,
    errors.StoreMismatch: 503,
}


def init_app(app: Flask) -> None:
    """Let `app` answer every error in the one form."""
    app.register_error_handler(errors.LrsError, expected_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected_error)


def expected_error(error: errors.LrsError) -> Response:
    """One of ours."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    if status == 500:
        return unexpected_error(error)
    return _answer(status, error)


def http_error(error: HTTPException) -> Response:
    """One that Flask, Werkzeug or webargs raised, in our words."""
    status = error.code or 500
    if status < 400:  # a redirect is no error
        return cast(Response, error.get_response())
    messages = getattr(error, "data", {}).get("messages")
    if messages:  # what webargs found wrong with the parameters, or with the body
        return expected_error(_refused(messages))
    detail = errors.Detail(request.path[:200], f"{request.method} {request.path[:200]}", _expected(error))
    answer = _answer(status, _in_our_words(status, detail))
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            answer.headers[name] = value
    return answer


def _in_our_words(status: int, detail: errors.Detail) -> errors.LrsError:
    if status == 404:
        return errors.NotFound("There is nothing at this path.", [detail])
    if status == 413:
        return errors.TooLarge("The body is too large.", [detail])
    phrase = http.HTTPStatus(status).phrase
    error = errors.LrsError(f"{phrase}: this server does not take the request as it is.", [detail])
    error.code = phrase.lower().replace(" ", "_")  # type: ignore[misc]  # one of HTTP's own, no class of ours
    return error


def unexpected_error(error: Exception) -> Response:
    """A defect of ours: logged whole, told to the caller as a request id only."""
    request_id = g.get("request_id", "")
    structlog.get_logger().exception(
        "unexpected_error",
        request_id=request_id,
        path=request.url_rule.rule if request.url_rule else "unknown",
        method=request.method,
        exc_info=error,
    )
    return _answer(
        500, errors.LrsError(f"The server failed on this request. Tell its operator: request {request_id}.")
    )


def _refused(messages: Mapping[str, Any]) -> errors.LrsError:
    """The `{location: {name: [message]}}` of webargs in our words; of a body that is no JSON `{"json": [message]}`."""
    body = messages.get("json")
    if isinstance(body, list):
        return errors.MalformedJson(
            "The body is not JSON.", [errors.Detail("", "other bytes", "a JSON object")]
        )
    if body is not None:
        details = list(_members(body))
        return errors.InvalidInput(f"{len(details)} member(s) of the body cannot be taken.", details)
    details = list(_parameters(messages))
    return errors.InvalidParameter(f"{len(details)} parameter(s) cannot be taken.", details)


def _parameters(messages: Mapping[str, Mapping[str, Any]]) -> Iterator[errors.Detail]:
    for found in messages.values():
        for name, reasons in found.items():
            yield errors.Detail(
                name, str(request.args.get(name, "nothing"))[:200], " ".join(map(str, reasons))
            )


def _members(found: Mapping[Any, Any], under: str = "") -> Iterator[errors.Detail]:
    """Each by its JSON Pointer; a list's elements are told by their index."""
    for name, reasons in found.items():
        path = under if name == "_schema" else f"{under}/{name}"
        if isinstance(reasons, Mapping):
            yield from _members(reasons, path)
        else:
            yield errors.Detail(path, "what cannot stand there, or nothing", " ".join(map(str, reasons)))


def _expected(error: HTTPException) -> str:
    methods = getattr(error, "valid_methods", None)
    if methods:
        return f"one of {', '.join(sorted(methods))}"
    if error.code == 413:
        return "a body within the server's max_body_bytes"
    return "a path that the manual or /api/v1/openapi.json lists" if error.code == 404 else "another request"


def _answer(status: int, error: errors.LrsError) -> Response:
    g.error_code = error.code
    if status == 403:
        _note_refusal()
    refusing.note(status, error)
    if request.path.startswith(_PAGES):
        from lrs.web.dashboard import failing

        return failing.answer(status, error)
    body = {"error": {"status": status, **error.as_dict()}}
    answer = Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/json")
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Rapport", charset="UTF-8"'
    if status == 503:
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def _note_refusal() -> None:
    """Somebody who is signed in asked for what they may not see: the audit log has that as it has readings."""
    sight = g.get("sight")
    if sight is None or sight.user is None:
        return
    agent = (request.view_args or {}).get("agent", "")
    with contextlib.suppress(errors.LrsError):  # the refusal stands, whether it can be noted or not
        known = len(agent) <= _LONGEST_KEY and is_key(agent) and rapport().records.on_record(agent)
        rapport().audit.note(sight.actor, "refused", [agent] if known else [], endpoint=request.endpoint)
