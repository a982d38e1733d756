"""Ralph's own API over its own store of files.

As it comes that store makes a file and then refuses to write to it again, so that it would take a single request. It
is told to append, which it can.

Runs in Ralph's environment, and nowhere else: `uvicorn --factory on_files:create_app`.
"""

from __future__ import annotations

from typing import Any

from ralph.backends.data.base import BaseOperationType
from ralph.backends.lrs.fs import FSLRSBackend


def create_app() -> Any:
    """Ralph's application."""
    FSLRSBackend.default_operation_type = BaseOperationType.APPEND
    from ralph.api import app

    return app
