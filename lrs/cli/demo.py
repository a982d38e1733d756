"""`lrs demo`: a generated academy that goes in through HTTP, served to look around in."""

from __future__ import annotations

import os
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from lrs.cli.context import services, settings
from lrs.cli.output import fail, say
from lrs.cli.server import run
from lrs.cohort.roster import short_name
from lrs.config import Config
from lrs.errors import ConfigError, LrsError

if TYPE_CHECKING:
    from lrs.demo.shapes import Posting
    from lrs.services.access.keys import Access
    from lrs.services.wiring import Rapport
    from lrs.stores.users import User

_STORE = "sqlite:///rapport-demo.db"
_PREFIX = "demo: "
_PATIENCE_S = 60
_Keys = dict[str, tuple[str, str]]
_Passwords = Sequence[tuple["User", str]]
_OFFICER = "R-009"
_ABOUT = {
    "supervisor": "sees every officer",
    "training-officer": "sees assigned recruits",
    "officer": "sees one record, their own",
    "auditor": "sees pseudonyms",
    "administrator": "makes users, keys and the roster",
}


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (default: setting port).")
@click.option("--scale", type=click.FloatRange(0, min_open=True), default=1.0, help="Size; 1 is 60 recruits.")
@click.option("--seed", type=int, default=1, help="Another seed makes another academy.")
def demo(port: int | None, scale: float, seed: int) -> None:
    """Serve a generated academy on http://127.0.0.1:8000/ until Ctrl-C.

    Its statements are plainly synthetic and go in through HTTP, as a vendor's would. They are kept in
    rapport-demo.db (unless the setting store names another), so that the next run starts at once.
    """
    from lrs.demo.academy import generate, roster

    config = settings()
    config = replace(
        config,
        port=port or config.port,
        store=_STORE if config.store == Config().store else config.store,
        log_level="warning" if config.log_level == "info" else config.log_level,
        log_format="text",
    )
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    postings = generate(until=today, seed=seed, scale=scale)
    with services(config) as rapport:
        rapport.store.initialise()
        _refuse_a_real_store(rapport)
        done = rapport.store.get(postings[-1].statement["id"]) is not None
        if not done:
            rapport.store.put_members(roster(until=today, seed=seed, scale=scale))
        keys = _keys(rapport.access, {posting.vendor.value for posting in postings})
        passwords = _users(rapport)
    # The server needs the main thread for its signals; the academy is posted from beside it.
    beside = threading.Thread(
        target=_fill, args=(config, [] if done else postings, keys, passwords), daemon=True
    )
    beside.start()
    run(config)


def _refuse_a_real_store(rapport: Rapport) -> None:
    """Raise `ConfigError` when the store holds statements and no demo was begun in it."""
    begun = any(key.name.startswith(_PREFIX) for key in rapport.access.keys())  # noqa: SIM118 (no mapping)
    if not begun and rapport.store.count_statements():
        raise ConfigError(
            f"{rapport.store.url} holds statements that are no demo's: the academy is not put there."
        )


def _keys(access: Access, vendors: Collection[str]) -> _Keys:
    """A key for each vendor and one for the reader. Secrets are not kept, so each run makes new ones."""
    for key in access.keys():  # noqa: SIM118 (no mapping)
        if key.name.startswith(_PREFIX) and key.revoked_us is None:
            access.revoke_key(key.id)
    made = {}
    for name in (*sorted(vendors), "reader"):
        scopes = ("statements/write", "all/read") if name == "reader" else ("statements/write",)
        key, secret = access.create_key(f"{_PREFIX}{name}", scopes)
        made[name] = (key.id, secret)
    return made


def _users(rapport: Rapport) -> _Passwords:
    """A user in each role, with their passwords; nobody when there are users already: passwords are not kept.

    The training officer is the one with the most recruits on the roster.
    """
    from lrs.services.access.sight import EVERY_UNIT

    if rapport.users.listed():
        return []
    members = rapport.roster.members()
    officers = [one.officer for one in members]
    officer = next((one for one in officers if short_name(one) == _OFFICER), officers[0])
    [(trainer, _)] = Counter(one.trainer for one in members if one.trainer).most_common(1)
    people: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
        ("supervisor", "supervisor", "", (EVERY_UNIT,)),
        ("training-officer", "training_officer", trainer, ()),
        ("officer", "officer", officer, ()),
        ("auditor", "auditor", "", ()),
        ("administrator", "administrator", "", ()),
    )
    return [
        rapport.users.create(name, role, agent=agent, units=units, must_change=False)
        for name, role, agent, units in people
    ]


def _fill(config: Config, postings: Sequence[Posting], keys: _Keys, passwords: _Passwords) -> None:
    """Post the academy to the server once it is up, then say what to try."""
    from lrs.demo.posting import post

    url = f"http://{config.host}:{config.port}"
    try:
        _wait_for(f"{url}/ready")
        if postings:
            with click.progressbar(length=len(postings), label="Posting the academy", file=sys.stderr) as bar:
                post(url, keys, postings, progress=bar.update)
        _introduce(config, url, passwords, *keys["reader"])
    except LrsError as exc:
        say("If an earlier demo was cut off, remove its store and run again.")
        _stop(exc)


def _wait_for(url: str) -> None:
    """Until the server answers; it has just been started, so it is asked often."""
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own server)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise LrsError(f"The server did not answer on {url} within {_PATIENCE_S} s.")


def _introduce(config: Config, url: str, passwords: _Passwords, key_id: str, secret: str) -> None:
    with services(config) as rapport:
        officer = _an_officer(rapport)
        count = rapport.store.count_statements()
    example = (
        '{"actor":{"account":{"homePage":"https://academy.example","name":"R-001"}},'
        '"verb":{"id":"http://id.tincanapi.com/verb/rated"},'
        '"object":{"id":"https://w3id.org/xapi/rapport/indicators/communication/checks-understanding"},'
        '"result":{"score":{"raw":5,"min":1,"max":7}},'
        '"context":{"instructor":{"account":{"homePage":"https://academy.example","name":"T-01"}}}}'
    )
    click.echo(f"\nRapport is ready:  {url}/dashboard/\n{count:,} statements of a generated academy.\n")
    _tell_logins(passwords)
    click.echo(
        f"""
The API is at {url}/api/v1/; key (id and secret): {key_id}:{secret}

The profile of an officer:
  curl -s -u {key_id}:{secret} {url}/api/v1/profiles/{officer}

Why it says so, in words:
  curl -s -u {key_id}:{secret} '{url}/api/v1/profiles/{officer}/explanation?competency=communication&format=text'

Which evidence is missing in phase 2, officer by officer:
  curl -s -u {key_id}:{secret} '{url}/api/v1/reports/gaps?phase=2&lacking=true'

What a statement would count for (nothing is stored):
  curl -s -u {key_id}:{secret} -H 'Content-Type: application/json' {url}/api/v1/check -d '{example}'

Ctrl-C stops it."""
    )


def _tell_logins(passwords: _Passwords) -> None:
    """Whom to sign in as, to begin with a supervisor, who sees everybody."""
    if passwords:
        click.echo("Sign in as one of these, supervisor to begin with; the passwords are shown this once:")
        for one, secret in passwords:
            click.echo(f"  {one.name:17} {secret}   {_ABOUT[one.name]}")
        return
    click.echo(
        "Sign in as supervisor, training-officer, officer, auditor or administrator, with the passwords of the first "
        "run. A new one: lrs user password NAME, over the same store."
    )


def _an_officer(rapport: Rapport) -> str:
    """The account name of the first officer: `account:NAME@HOMEPAGE`."""
    key = rapport.profiles.cohort(rapport.profiles.as_of(None), limit=1).profiles[0].subject
    return key.removeprefix("account:").partition("@")[0]


def _stop(error: LrsError) -> None:
    """End the whole demo from beside its server, as Ctrl-C would."""
    import signal

    try:
        fail(error)
    except SystemExit:
        os.kill(os.getpid(), signal.SIGTERM)
