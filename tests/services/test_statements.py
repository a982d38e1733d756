"""Pages of statements and the links between them, where HTTP has no say."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from lrs.errors import InvalidParameter
from lrs.plugin.host import PluginHost
from lrs.services.access.keys import Credential
from lrs.services.ingest import Body
from lrs.services.statements import Answer
from lrs.services.wiring import Rapport
from lrs.xapi.versions import Version


def filled(rapport: Rapport) -> Credential:
    """Store two statements, and answer who reads them."""
    key, secret = rapport.access.create_key("vendor", ["all"])
    asking = rapport.access.authenticate(key.id, secret)
    statements = [
        {
            "id": str(uuid.uuid4()),
            "actor": {"mbox": "mailto:a@example.com"},
            "verb": {"id": "https://example.com/verbs/did"},
            "object": {"id": "https://example.com/activities/1"},
        }
        for _ in range(2)
    ]
    rapport.ingest.post(Body("application/json", json.dumps(statements).encode()), Version.V2, asking)
    return asking


def page(rapport: Rapport, asking: Credential, **given: str) -> Answer:
    return rapport.statements.get(given, asking, path="/xapi/statements", accept_language=None)


def link(answer: Answer) -> str:
    """The token of a more link."""
    return str(json.loads(answer.data)["more"]).partition("=")[2]


def test_a_store_that_was_put_in_the_place_of_another_has_links_of_its_own(
    rapport: Rapport, plugins: PluginHost, tmp_path: Path
) -> None:
    asking = filled(rapport)
    old = link(page(rapport, asking, limit="1"))
    assert json.loads(page(rapport, asking, more=old).data)["more"] == ""

    other = Rapport.open(replace(rapport.config, store=f"sqlite:///{tmp_path / 'other.db'}"), plugins=plugins)
    other.store.initialise()
    new = link(page(other, filled(other), limit="1"))
    other.close()
    for left in tmp_path.glob("test.db-*"):
        left.unlink()
    (tmp_path / "other.db").replace(tmp_path / "test.db")

    assert json.loads(page(rapport, asking, more=new).data)["more"] == ""
    with pytest.raises(InvalidParameter, match="not one of this server's"):
        page(rapport, asking, more=old)
