"""`/xapi/statements`: PUT, POST, GET and HEAD (xAPI-Communication 2.1)."""

from __future__ import annotations

import msgspec
from flask import Blueprint, Response, g, request

from lrs.errors import Detail, InvalidParameter
from lrs.web.auth import credential
from lrs.web.body import no_content, read_body
from lrs.web.state import rapport
from lrs.web.xapi.reading import reply
from lrs.xapi import parameters

PATH = "/statements"


def add_to(resources: Blueprint) -> None:
    """Add the resource to the blueprint."""
    resources.add_url_rule(PATH, "put_statement", put, methods=["PUT"])
    resources.add_url_rule(PATH, "post_statements", post, methods=["POST"])
    resources.add_url_rule(PATH, "get_statements", get, methods=["GET"])


def put() -> Response:
    """Store one statement under the id of the request: 204."""
    asking = credential()
    asking.require("statements/write")
    given = parameters.single(request.args.items(multi=True), ("statementId",))
    if "statementId" not in given:
        raise InvalidParameter("PUT needs a statementId.", [Detail("statementId", "nothing", "a UUID")])
    statement_id = parameters.read_uuid("statementId", given["statementId"])
    rapport().ingest.put(read_body(), statement_id, g.xapi_version, asking)
    return no_content()


def post() -> Response:
    """Store one statement or a batch: 200 and the ids, in order."""
    asking = credential()
    asking.require("statements/write")
    if request.query_string:
        parameters.single(request.args.items(multi=True), ())
    ids = rapport().ingest.post(read_body(), g.xapi_version, asking)
    return Response(msgspec.json.encode(ids), mimetype="application/json")


def get() -> Response:
    """Answer one statement, or a page of them."""
    answer = reply(rapport(), request.environ, credential())
    response = Response(answer.body, answer.status)
    # It has no type of its own where it has no body.
    del response.headers["Content-Type"]
    response.headers.extend(answer.headers)
    return response
