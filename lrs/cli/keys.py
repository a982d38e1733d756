"""`lrs key create`, `list`, `revoke`."""

from __future__ import annotations

import click

from lrs.cli.context import services
from lrs.cli.output import json_option, say, show_json, show_table, when
from lrs.services.access.keys import DEFAULT_SCOPES, SCOPES


@click.group()
def key() -> None:
    """Credentials for vendors and readers. A key writes statements and reads nothing unless it is given more."""


@key.command()
@click.option("--name", required=True, help="Who uses it: a vendor, a system.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    default=DEFAULT_SCOPES,
    show_default=True,
    help=f"What it may do; may be repeated. One of: {', '.join(SCOPES)}.",
)
@json_option
def create(name: str, scopes: tuple[str, ...], as_json: bool) -> None:
    """Make a key. Its secret is shown now and never again."""
    with services() as rapport:
        made, secret = rapport.access.create_key(name, scopes)
    if as_json:
        show_json({"id": made.id, "secret": secret})
        return
    show_table(("id", "secret"), [(made.id, secret)])
    say("Keep the secret now: it is stored only as a hash and cannot be shown again.")


@key.command("list")
@json_option
def list_keys(as_json: bool) -> None:
    """Show every key, without its secret."""
    with services() as rapport:
        keys = rapport.access.keys()
    if as_json:
        show_json(
            [
                {
                    "id": one.id,
                    "name": one.name,
                    "scopes": sorted(one.scopes),
                    "created": when(one.created_us),
                    "revoked": when(one.revoked_us) if one.revoked_us is not None else None,
                }
                for one in keys
            ]
        )
        return
    rows = [
        (one.id, one.name, " ".join(sorted(one.scopes)), when(one.created_us), when(one.revoked_us))
        for one in keys
    ]
    show_table(("id", "name", "scopes", "created", "revoked"), rows)


@key.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Make a key worthless from its next request on, in every worker."""
    with services() as rapport:
        revoked = rapport.access.revoke_key(key_id)
    say(f"Key {revoked.id} ({revoked.name}) is revoked.")
