"""What a plugin does to a statement changes neither what is stored nor what is answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lrs.plugin.testing import host_with, statement
from lrs.services.access.keys import Credential
from lrs.services.ingest import Checked, Ingest, Limits
from lrs.stores.base import Submission
from lrs.xapi.statement import Statement
from lrs.xapi.versions import Version
from tests.plugin.fakes import Fixed, plugin

_CREDENTIAL = Credential("key", frozenset({"all"}), {"mbox": "mailto:vendor@a.example"})


class Store:
    def __init__(self) -> None:
        self.added: list[Submission] = []

    def add(self, submission: Submission) -> None:
        self.added.append(submission)


class Careless:
    """A host that shows plugins the statement itself."""

    def recognise(self, statements: list[Any]) -> list[tuple[()]]:
        for each in statements:
            spoil(each)
        return [() for _ in statements]


def spoil(shown: Any) -> None:
    shown["id"] = "another"
    shown["object"]["definition"]["name"]["en"] = "Spoilt"


def added(host: Any) -> tuple[list[str], Submission, Statement]:
    """What is answered and stored of a statement, and the statement."""
    sent = statement(
        object={"id": "https://a.example/x", "definition": {"name": {"en": "Whole"}}},
    )
    store: Any = Store()
    limits = Limits(batch=1, json_bytes=10_000, statement_bytes=10_000)
    ingest = Ingest(store, host, clock=lambda: 0, new_id=lambda: "none", limits=limits)
    raw = json.dumps(sent).encode()
    ids = ingest.add(Checked([json.loads(raw)], [raw]), Version.V1, _CREDENTIAL, lambda: "none")
    return ids, store.added[0], sent


@pytest.mark.parametrize(
    "host",
    [Careless(), host_with(one=plugin(Fixed("x", lambda view: spoil(view.statement), None)))],
    ids=["careless host", "plugin"],
)
def test_what_is_answered_and_defined_is_what_was_sent(host: Any) -> None:
    ids, submission, sent = added(host)
    assert ids == [sent["id"]]
    assert "Whole" in str(submission.definitions)


def test_what_is_stored_is_what_was_sent() -> None:
    host = host_with(one=plugin(Fixed("x", lambda view: spoil(view.statement), None)))
    _, submission, sent = added(host)
    assert submission.statements[0].parsed["id"] == sent["id"]
    assert submission.statements[0].parsed["object"] == sent["object"]
