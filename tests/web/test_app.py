"""The application as a whole: what it takes along."""

from __future__ import annotations

import gzip
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from tests.clients import Xapi

_HEAVY = (
    *("numpy", "scipy", "pandas", "altair", "vl_convert", "typst", "openpyxl", "raschpy"),
    *("mongoengine", "pymongo", "bson", "authlib", "joserfc", "cryptography", "pytest"),
)


@pytest.mark.parametrize(
    "path", ["/api/v1/check", "/dashboard/sign-in", "/xapi/statements", "/xapi/agents/profile"]
)
def test_a_compressed_body_is_refused_in_words(xapi: Xapi, path: str) -> None:
    query = {"profileId": "one", "agent": '{"mbox":"mailto:a@example.com"}'} if "profile" in path else {}
    body = gzip.compress(b"{}")
    headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    answer = xapi.request("POST", path, headers, data=body, query_string=query)
    assert answer.status_code == 400
    assert "encoded as gzip" in answer.text


@pytest.mark.parametrize("path", ["/xapi/activities/state", "/api/v1/check"])
def test_a_refused_request_leaves_nothing_unread(xapi: Xapi, path: str) -> None:
    sent = BytesIO(b"{}")
    environ = {"wsgi.input": sent, "CONTENT_LENGTH": "2"}
    answer = xapi.http.put(path, environ_overrides=environ)
    assert answer.status_code >= 400
    assert sent.read() == b""


def test_a_worker_imports_nothing_heavy_before_it_is_needed(tmp_path: Path) -> None:
    code = f"""
import sys
from lrs.config import Config
from lrs.services.wiring import Rapport
from lrs.web import create_app

config = Config(store="sqlite:///{tmp_path / "test.db"}", log_level="error")
rapport = Rapport.open(config)
rapport.store.initialise()
key, secret = rapport.access.create_key("vendor", ["all"])
client = create_app(config, rapport).test_client()
statement = {{
    "actor": {{"mbox": "mailto:a@example.com"}},
    "verb": {{"id": "https://example.com/verbs/did"}},
    "object": {{"id": "https://example.com/activities/1"}},
}}
version = {{"X-Experience-API-Version": "2.0.0"}}
stored = client.post("/xapi/statements", json=statement, auth=(key.id, secret), headers=version)
assert stored.status_code == 200, stored.text
for path in ("/", "/ready", "/metrics", "/api/v1/competencies", "/xapi/statements"):
    answer = client.get(path, auth=(key.id, secret), headers=version)
    assert answer.status_code == 200, (path, answer.text)
print(*set({_HEAVY!r}).intersection(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr
