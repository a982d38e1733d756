"""`lrs demo`: who may sign in to it."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from lrs.services.access.passwords import matches
from lrs.stores.opening import open_store
from tests.docs.console import free_port

_LOGIN = re.compile(r"^  ([a-z-]+) +(\w{4}(?:-\w{4}){3})   ", re.MULTILINE)


def demo(folder: Path) -> tuple[str, int]:
    """What a small demo says until it is ready, and whether its supervisor's password lets one in (HTTP status)."""
    port = free_port()
    command = [sys.executable, "-m", "lrs", "demo", "--scale", "0.02", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as run:
        try:
            assert run.stdout is not None
            said = ""
            while "Ctrl-C stops it" not in said:
                line = run.stdout.readline()
                assert line, said
                said += line
            logins = dict(_LOGIN.findall(said))
            return said, _sign_in(f"http://127.0.0.1:{port}", logins) if logins else 0
        finally:
            run.terminate()


def _sign_in(url: str, logins: dict[str, str]) -> int:
    """The status of the cohort, as the supervisor."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    with browser.open(f"{url}/dashboard/sign-in") as form:
        [csrf] = re.findall(r'name="csrf" value="([^"]+)"', form.read().decode())
    fields = {"csrf": csrf, "name": "supervisor", "password": logins["supervisor"]}
    with browser.open(f"{url}/dashboard/sign-in", urllib.parse.urlencode(fields).encode()):
        pass
    with browser.open(f"{url}/dashboard/cohort") as page:
        assert page.url.endswith("/cohort")
        return int(page.status)


@pytest.mark.slow
def test_a_demo_has_somebody_of_each_role_and_shows_their_passwords_at_its_first_run(tmp_path: Path) -> None:
    said, status = demo(tmp_path)
    logins = dict(_LOGIN.findall(said))
    assert list(logins) == ["supervisor", "training-officer", "officer", "auditor", "administrator"]
    assert status == 200
    assert said.index("/dashboard/") < said.index("supervisor") < said.index("curl")
    store = open_store(f"sqlite:///{tmp_path / 'rapport-demo.db'}")
    try:
        users = {one.name: one for one in store.users()}
        members = store.members()
    finally:
        store.close()
    assert users.keys() == logins.keys()
    assert all(matches(password, users[name].password) for name, password in logins.items())
    assert users["officer"].agent in {one.officer for one in members}
    assigned = [one.trainer for one in members].count(users["training-officer"].agent)
    assert assigned == max([one.trainer for one in members].count(one.trainer) for one in members)
    again, _ = demo(tmp_path)
    assert _LOGIN.findall(again) == []
    assert "lrs user password NAME" in again
