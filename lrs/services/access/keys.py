"""Who may do what: keys made, checked and revoked; the scopes of a credential."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lrs.errors import Detail, Forbidden, InvalidParameter, Unauthenticated
from lrs.services.audit import SYSTEM, Audit
from lrs.stores.base import AccessStore, Key
from lrs.xapi.actors import agent_key
from lrs.xapi.timestamps import format_us

if TYPE_CHECKING:
    from lrs.services.access.sight import Sight

SCOPES: Mapping[str, str] = {
    "statements/write": "post statements",
    "statements/read/mine": "read the statements that this key posted",
    "statements/read": "read every statement",
    "state": "read and write activity state",
    "profile": "read and write activity and agent profiles",
    "define": "change the definitions of activities by posting statements",
    "all/read": "read everything: statements, documents, competency profiles",
    "all": "read and write everything, and keep the authority that a statement names",
}
_LONGEST_NAME = 100
RESERVED_NAMES = frozenset({"system", "import"})
"""Who speaks for the server itself: a key of that name would be taken for it."""
DEFAULT_SCOPES = ("statements/write",)
_REALM = 'Basic realm="Rapport", charset="UTF-8"'


@dataclass(frozen=True, slots=True)
class Credential:
    """A key that has proved itself, for the length of one request."""

    key_id: str
    scopes: frozenset[str]
    authority: Mapping[str, Any]
    """The Agent that is stamped as authority on what the key posts."""

    @property
    def may_speak_for_others(self) -> bool:
        """Whether an `authority` that a statement brings is kept."""
        return "all" in self.scopes

    @property
    def may_define(self) -> bool:
        """Whether the definitions of activities that its statements bring are taken over."""
        return not self.scopes.isdisjoint({"define", "all"})

    @property
    def reads_only(self) -> str | None:
        """Agent key of the one authority whose statements it may read; None when it may read all."""
        if self.scopes & {"all", "all/read", "statements/read"}:
            return None
        return agent_key(self.authority)

    def require(self, *scopes: str) -> None:
        """Raise `Forbidden` unless it has one of these scopes, or `all`."""
        if self.scopes.isdisjoint((*scopes, "all")):
            raise Forbidden(
                f"This key has the scope {', '.join(sorted(self.scopes))}; this needs {' or '.join(scopes)}.",
                [Detail("Authorization", ", ".join(sorted(self.scopes)), " or ".join((*scopes, "all")))],
            )


class Access:
    """Keys: generated, hashed at rest, checked on every request by one indexed read and one SHA-256."""

    def __init__(self, store: AccessStore, audit: Audit, *, clock: Callable[[], int], home_page: str) -> None:
        """`home_page`: the `homePage` of the accounts that name keys as authorities."""
        self._store = store
        self._audit = audit
        self._clock = clock
        self._home_page = home_page

    def create_key(
        self, name: str, scopes: Collection[str] = DEFAULT_SCOPES, *, by: str = SYSTEM
    ) -> tuple[Key, str]:
        """A new key and its secret, which is not kept and cannot be shown again.

        The name is who the holder is: the authority of what it posts, under this key and the next of that name.

        Raises `InvalidParameter` for an empty name or an unknown scope, `Conflict` when the name is in use.
        """
        unknown = sorted(set(scopes) - SCOPES.keys())
        if unknown:
            raise InvalidParameter(
                f"There is no scope {', '.join(unknown)}; scopes: {', '.join(SCOPES)}.",
                [Detail("scope", name_of, ", ".join(SCOPES)) for name_of in unknown],
            )
        if not 1 <= len(name.strip()) <= _LONGEST_NAME or not name.isprintable() or not scopes:
            raise InvalidParameter(
                "A key needs a name and at least one scope.",
                [
                    Detail(
                        "name",
                        repr(name)[:200],
                        f"1 to {_LONGEST_NAME} printable characters: a vendor's name",
                    )
                ],
            )
        if name.strip().casefold() in RESERVED_NAMES:
            raise InvalidParameter(
                f"{name.strip()} is a name of the server's own.",
                [Detail("name", name.strip(), "another name: the vendor's")],
            )
        secret = secrets.token_urlsafe(32)
        key = Key(
            id=secrets.token_hex(8),
            name=name.strip(),
            secret_sha256=_digest(secret),
            scopes=frozenset(scopes),
            created_us=self._clock(),
        )
        self._store.add_key(key)
        self._audit.note(by, "create key", key=key.id, name=key.name, scopes=sorted(key.scopes))
        return key, secret

    def keys(self) -> Sequence[Key]:
        """Every key, revoked ones too, oldest first."""
        return self._store.keys()

    def revoke_key(self, key_id: str, *, by: str = SYSTEM) -> Key:
        """Revoke a key at once, in every worker. Raises `NotFound`."""
        revoked = self._store.revoke_key(key_id, self._clock())
        self._audit.note(by, "revoke key", key=revoked.id, name=revoked.name)
        return revoked

    def authenticate(self, key_id: str | None, secret: str | None) -> Credential:
        """The credential behind an id and secret. Raises `Unauthenticated`, the same for every reason."""
        key = self._store.key(key_id) if key_id and secret else None
        expected = key.secret_sha256 if key else bytes(32)
        if (
            not hmac.compare_digest(_digest(secret or ""), expected)
            or key is None
            or key.revoked_us is not None
        ):
            raise Unauthenticated(
                "A key that this server knows is needed (HTTP Basic: id and secret).",
                [Detail("Authorization", "no valid key" if key_id else "nothing", _REALM)],
            )
        return Credential(key.id, key.scopes, self._authority(key))

    def speaking(self, sight: Sight) -> Credential:
        """As whom a dry run takes a statement to be posted: the key that asks, or one who may write and no more."""
        if sight.credential is not None:
            return sight.credential
        account = {"homePage": self._home_page, "name": sight.actor}
        return Credential("", frozenset(DEFAULT_SCOPES), {"objectType": "Agent", "account": account})

    def _authority(self, key: Key) -> Mapping[str, Any]:
        # The name and not the id: who changes its key remains the same authority, and the same scorer.
        account = {"homePage": self._home_page, "name": key.name}
        return {"objectType": "Agent", "account": account}


def key_as_dict(key: Key) -> dict[str, Any]:
    """A key, JSON-ready, without its secret's hash."""
    return {
        "id": key.id,
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created": format_us(key.created_us),
        "revoked": None if key.revoked_us is None else format_us(key.revoked_us),
    }


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
