"""What only the real server shows: several workers that add up, a port that is taken."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.serving import Server, serving


def metric(server: Server, start: str) -> float:
    with urllib.request.urlopen(f"{server.url}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(start))


def test_several_workers_add_up_their_metrics(tmp_path: Path, store_url: str) -> None:
    with serving(tmp_path, store_url, LRS_WORKERS="2") as server:
        before = metric(server, 'lrs_requests_total{endpoint="probes.health"')
        assert all(server.answers("/health") for _ in range(20))
        assert metric(server, 'lrs_requests_total{endpoint="probes.health"') == before + 20


def test_a_port_that_is_taken_is_said_in_words(tmp_path: Path, store_url: str) -> None:
    with serving(tmp_path, store_url) as server:
        second = subprocess.run(
            [sys.executable, "-m", "lrs", "serve"],
            env=server.environ,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert second.returncode == 1
    assert f"Cannot listen on 127.0.0.1:{server.port}" in second.stderr
    assert "Traceback" not in second.stderr


def test_what_a_worker_has_counted_is_written_when_it_stops(tmp_path: Path, store_url: str) -> None:
    with serving(tmp_path, store_url) as server:
        id_, secret = server.key("statements/write")
        token = base64.b64encode(f"{id_}:{secret}".encode()).decode()
        for _ in range(5):
            request = urllib.request.Request(
                f"{server.url}/xapi/statements",
                data=b"{}",
                headers={
                    "Authorization": f"Basic {token}",
                    "Content-Type": "application/json",
                    "X-Experience-API-Version": "2.0.0",
                },
            )
            with pytest.raises(urllib.error.HTTPError, match="400"):
                urllib.request.urlopen(request, timeout=10)
        assert server.stop() == 0
        refused = json.loads(server.lrs("report", "quality", "--json"))["refused"]
    assert (refused["requests"], refused["statements"]) == (5, 5)
