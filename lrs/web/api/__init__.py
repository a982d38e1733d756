"""Our own API under `/api/v1`: competencies, profiles, explanations, evidence, plugins, and the dry run.

Each endpoint is described by marshmallow schemas; `/api/v1/openapi.json` is made from them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

from flask import Flask
from flask_smorest import Api

from lrs import __version__
from lrs.web import errors
from lrs.web.api import (
    audit,
    check,
    competencies,
    contests,
    evidence,
    keys,
    profiles,
    reports,
    roster,
    users,
    xapi_profile,
)
from lrs.web.api.base import ApiBlueprint, Error

PREFIX = "/api/v1"


_DESCRIPTION = "api-docs.openapi_json"


class _Api(Api):
    """The API, whose errors have the one form.

    It is described when its description is first asked for: that takes longer than the rest of a start.
    """

    ERROR_SCHEMA = Error

    def __init__(self, app: Flask) -> None:
        self._lock = Lock()
        self._undescribed: list[Callable[[], None]] = []
        super().__init__(app)
        answer = app.view_functions[_DESCRIPTION]

        def described() -> Any:
            self._describe()
            return answer()

        app.view_functions[_DESCRIPTION] = described

    def later(self, describe: Callable[[], None]) -> None:
        """Note what belongs to the description."""
        self._undescribed.append(describe)

    def _describe(self) -> None:
        with self._lock:
            for describe in self._undescribed:
                describe()
            self._undescribed.clear()


def init_app(app: Flask) -> None:
    """Let `app` answer under `/api/v1`."""
    app.config.update(
        API_TITLE="Rapport",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        API_SPEC_OPTIONS={
            "info": {
                "description": "Competency profiles from recorded evidence, and why they say what they say."
            },
            "components": {
                "securitySchemes": {
                    "key": {"type": "http", "scheme": "basic"},
                    "session": {"type": "apiKey", "in": "cookie", "name": "__Host-rapport"},
                }
            },
            "security": [{"key": []}, {"session": []}],
        },
    )
    api = _Api(app)
    for blueprint in _blueprints():
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    errors.init_app(app)  # flask-smorest brings handlers of its own; ours answer


@cache
def _blueprints() -> tuple[ApiBlueprint, ...]:
    """The same for every application of a process: nothing in them is of one."""
    modules = (
        competencies,
        profiles,
        evidence,
        reports,
        roster,
        check,
        contests,
        keys,
        users,
        audit,
        xapi_profile,
    )
    return tuple(module.blueprint() for module in modules)
