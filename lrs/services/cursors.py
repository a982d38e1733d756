"""`more`: an opaque link to the next page that needs no memory on the server.

A token holds the parameters of the first request and the cursor, signed with the store's own secret: it
cannot be forged, works in every worker and survives restarts. It grants nothing: each page asks for a
credential anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping

from lrs.errors import Detail, InvalidParameter
from lrs.xapi.query import Cursor

_SIGNATURE_BYTES = 16
# Made once: `json.dumps` makes one anew for every text that is to be without spaces.
_ENCODER = json.JSONEncoder(separators=(",", ":"))


def write_more(parameters: Mapping[str, str], cursor: Cursor, secret: bytes) -> str:
    """A URL-safe token for the page behind `cursor` of the request with these parameters."""
    payload = _ENCODER.encode([dict(parameters), *cursor]).encode()
    return _encoded(_signature(payload, secret) + payload)


def read_more(token: str, secret: bytes) -> tuple[dict[str, str], Cursor]:
    """The inverse of `write_more`. Raises `InvalidParameter` for a token that this server did not write."""
    try:
        data = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        data = b""
    signature, payload = data[:_SIGNATURE_BYTES], data[_SIGNATURE_BYTES:]
    # Several texts decode to the same bytes (unused bits at the end, `+` for `-`); only one of them is ours.
    if _encoded(data) != token or not hmac.compare_digest(signature, _signature(payload, secret)):
        raise InvalidParameter(
            "The more link is not one of this server's.",
            [
                Detail(
                    "more",
                    token[:80].encode("utf-8", "replace").decode(),
                    "the more member of a statement result, unchanged",
                )
            ],
        )
    parameters, stored_us, statement_id = json.loads(payload)
    return parameters, Cursor(stored_us, statement_id)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _signature(payload: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, payload, hashlib.sha256)[:_SIGNATURE_BYTES]
