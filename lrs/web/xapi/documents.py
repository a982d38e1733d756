"""What the three document resources share: GET, PUT, POST and DELETE by the same rules, each in its own scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.datastructures import ETags

from lrs.errors import Detail, InvalidParameter
from lrs.services.documents import Conditions
from lrs.stores.base import Document, DocumentScope
from lrs.web.auth import credential
from lrs.web.body import no_content, read_body
from lrs.web.state import rapport
from lrs.xapi import parameters

_READ = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Resource:
    """One of the three: its path, its parameters and the scope that they name."""

    path: str
    id_name: str
    """`stateId` or `profileId`."""
    known: tuple[str, ...]
    """Parameters beside the id and `since`."""
    scope: Callable[[Mapping[str, str]], DocumentScope]
    """Raises `InvalidParameter` when one is missing or malformed."""
    access: str
    """The scope that a key needs to read and write."""
    deletes_all: bool = False
    """Whether DELETE without an id deletes every document in the scope."""

    def add_to(self, resources: Blueprint) -> None:
        """Add the resource to the blueprint."""
        endpoint = self.path.strip("/").replace("/", "_")
        for method, view in (
            ("GET", self.get),
            ("PUT", self.put),
            ("POST", self.post),
            ("DELETE", self.delete),
        ):
            resources.add_url_rule(self.path, f"{method.lower()}_{endpoint}", view, methods=[method])

    def get(self) -> Response:
        """One document, whole; or the ids of those in the scope."""
        given = self._given("since")
        scope = self.scope(given)
        documents = rapport().documents
        if self.id_name not in given:
            return jsonify(documents.ids(scope, parameters.read_instant(given, "since")))
        if "since" in given:
            raise InvalidParameter(
                f"since lists ids, and {self.id_name} names one.",
                [Detail("since", given["since"], f"no {self.id_name} beside it")],
            )
        return _shown(documents.get(scope, given[self.id_name]))

    def put(self) -> Response:
        """Store a document: 204."""
        given = self._given()
        scope, document_id, sent = self.scope(given), self._id(given), _sent()
        rapport().documents.put(scope, document_id, sent, _conditions(), g.xapi_version)
        return no_content()

    def post(self) -> Response:
        """Store a document, or merge a JSON object into the one that is there: 204."""
        given = self._given()
        rapport().documents.post(self.scope(given), self._id(given), _sent(), _conditions())
        return no_content()

    def delete(self) -> Response:
        """Delete a document, or (state) all in the scope: 204."""
        given = self._given()
        scope = self.scope(given)
        if self.id_name in given or not self.deletes_all:
            rapport().documents.delete(scope, self._id(given), _conditions())
        else:
            rapport().documents.delete_all(scope)
        return no_content()

    def _given(self, *more: str) -> dict[str, str]:
        asking = credential()
        asking.require(self.access, *(("all/read",) if request.method in _READ else ()))
        return parameters.single(request.args.items(multi=True), (*self.known, self.id_name, *more))

    def _id(self, given: Mapping[str, str]) -> str:
        return parameters.required(given, self.id_name, "the id of a document")


def _sent() -> Document:
    body = read_body()
    return rapport().documents.new(body.data, body.content_type)


def _shown(document: Document) -> Response:
    conditions = _conditions()
    Conditions(if_match=conditions.if_match).check(document)
    same = {"*", document.etag}.intersection(conditions.if_none_match)
    response = (
        Response(status=304) if same else Response(document.content, content_type=document.content_type)
    )
    response.set_etag(document.etag)
    response.last_modified = datetime.fromtimestamp(document.updated_us // 1_000_000, UTC)
    return response


def _conditions() -> Conditions:
    return Conditions(_etags(request.if_match), _etags(request.if_none_match))


def _etags(sent: ETags) -> tuple[str, ...]:
    return ("*",) if sent.star_tag else tuple(sent.as_set(include_weak=True))
