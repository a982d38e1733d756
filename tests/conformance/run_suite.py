"""Run an installed checkout of the public LRS conformance suite against a fresh server on an empty store.

    python -m tests.conformance.run_suite --suite DIR --version 1.0.3 --store mongodb

DIR is a checkout of `adlnet/lrs-conformance-test-suite` in which `npm install` has been run; nothing is fetched
here. MongoDB is that of `tests.mongo`. Prints the failing titles and, last, `N passed, M failed`; the exit code is 1
when something failed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import mongo
from tests.serving import Server, serving

_PATIENCE_S = 600
_LOG = re.compile(r"logs/[0-9a-f-]+\.log")


def main() -> int:
    """Parse the command line, run, and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--suite", type=Path, required=True, help="an installed checkout of the suite")
    parser.add_argument("--version", choices=["1.0.3", "2.0.0"], required=True, help="the version of xAPI")
    parser.add_argument("--store", choices=["sqlite", "mongodb"], default="sqlite", help="the engine")
    parser.add_argument("--grep", help="only tests whose title matches")
    given = parser.parse_args()
    if not (given.suite / "node_modules").is_dir():
        sys.exit(f"{given.suite} is no installed checkout of the suite: run npm install there first.")
    with (
        tempfile.TemporaryDirectory() as folder,
        empty_store(given.store, Path(folder)) as url,
        serving(Path(folder), url) as server,
    ):
        log = run(server, given.suite, given.version, given.grep)
    for title in failing(log["log"]):
        sys.stdout.write(f"FAILED {title}\n")
    summary = log["summary"]
    failed = summary["total"] - summary["passed"]
    sys.stdout.write(f"{summary['passed']} passed, {failed} failed\n")
    return int(failed > 0)


@contextlib.contextmanager
def empty_store(engine: str, folder: Path) -> Iterator[str]:
    """The URL of a store for one run."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'suite.db'}"
        return
    with contextlib.closing(mongo.Servers(folder)) as servers, servers.server().database() as url:
        yield url


def run(server: Server, suite: Path, version: str, grep: str | None) -> dict[str, Any]:
    """Run the suite's console runner and answer the log that it writes."""
    key, secret = server.key("all")
    command = [
        "node",
        "bin/console_runner.js",
        "-e",
        f"{server.url}/xapi",
        "-x",
        version,
        "-a",
        "-u",
        key,
        "-p",
        secret,
    ]
    done = subprocess.run(
        [*command, *(["-g", grep] if grep else [])],
        cwd=suite,
        capture_output=True,
        text=True,
        check=False,  # its exit code is a count of failures, modulo 256
        timeout=_PATIENCE_S,
    )
    found = _LOG.findall(done.stdout)
    if not found:
        sys.exit(f"The suite wrote no log:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    log: dict[str, Any] = json.loads((suite / found[-1]).read_text("utf-8"))
    return log


def failing(node: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[str]:
    """The title of every test that did not pass, below its groups, with the reason."""
    titles = (*above, node.get("title") or "")
    children = node.get("tests") or []
    if not children and node.get("status") not in (None, "passed"):
        reason = str(node.get("error") or node["status"]).splitlines()[0]
        yield f"{' > '.join(filter(None, titles))}: {reason}"
    for child in children:
        yield from failing(child, titles)


if __name__ == "__main__":
    sys.exit(main())
