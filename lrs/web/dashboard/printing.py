"""Paper as it leaves: who printed it and when, and a name under which a browser keeps it."""

from __future__ import annotations

import re
from typing import Any

from flask import Response

from lrs import __version__
from lrs.services.wiring import now_us
from lrs.web.auth import signed_in
from lrs.xapi.timestamps import format_us

_TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


def printed() -> dict[str, Any]:
    """What a sheet says of its printing."""
    session = signed_in()
    return {
        "at": format_us(now_us()),
        "by": "" if session is None else f"{session.user.name} ({session.user.role.value.replace('_', ' ')})",
        "version": __version__,
    }


def served(data: bytes, what: str, as_of: str, kind: str) -> Response:
    """A file to be kept, named after what it is and the date it is of."""
    response = Response(data, content_type=_TYPES[kind])
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{what}-{as_of[:10]}").strip("-")
    response.headers["Content-Disposition"] = f'attachment; filename="{plain}.{kind}"'
    return response
