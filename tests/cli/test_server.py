"""What `lrs serve` does before there are workers. What workers do is tested in tests/web."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(("method", "shared"), [("fork", "True"), ("spawn", "False")])
def test_workers_that_are_forked_find_the_application_imported(method: str, shared: str) -> None:
    code = f"""
import gc, multiprocessing, sys
from lrs.cli.server import share_imports

multiprocessing.set_start_method("{method}")
share_imports()
print("lrs.web" in sys.modules, gc.get_freeze_count() > 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [shared, shared]
