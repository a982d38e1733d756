"""What belongs to one application: its `Rapport`, kept in `app.extensions`."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from lrs.services.wiring import Rapport

_NAME = "rapport"


def attach(app: Flask, services: Rapport) -> None:
    """Give `app` its services."""
    app.extensions[_NAME] = services


def rapport() -> Rapport:
    """The services of the application that answers this request."""
    return cast(Rapport, current_app.extensions[_NAME])
