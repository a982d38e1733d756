"""`/xapi/about`: which versions are spoken here. The one resource that asks for no version and no key."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from lrs import __version__
from lrs.xapi.parameters import single
from lrs.xapi.versions import SUPPORTED

PATH = "/about"


def add_to(resources: Blueprint) -> None:
    """Add the resource to the blueprint."""
    resources.add_url_rule(PATH, "about", get, methods=["GET"])


def get() -> Response:
    """Answer `{"version": […], "extensions": {…}}` (xAPI-Communication 2.8)."""
    single(request.args.items(multi=True), ())
    return jsonify(version=list(SUPPORTED), extensions={"https://w3id.org/xapi/rapport/server": __version__})
