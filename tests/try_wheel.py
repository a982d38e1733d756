"""Build the wheel and try it where nothing else is: its own environment, away from the checkout.

Run by `make wheel`, not by pytest: building and installing need a package registry.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATEMENT = {
    "actor": {"mbox": "mailto:officer@academy.example"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"},
    "object": {"id": "https://academy.example/courses/1"},
}


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command; its standard output. Ends the script when it fails."""
    # Only what a fresh shell has: no PYTHONPATH, no settings of ours.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LRS_", "PYTHON"))}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=kept, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed ({done.returncode}):\n{done.stdout}\n{done.stderr}")
    return done.stdout


def main() -> None:
    """Build, install, and use what a user would."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        run(sys.executable, "-m", "build", "--outdir", place / "dist", ROOT, cwd=place)
        [wheel] = (place / "dist").glob("*.whl")
        [sdist] = (place / "dist").glob("*.tar.gz")
        venv.create(place / "env", with_pip=True)
        bin_ = place / "env" / "bin"
        run(
            bin_ / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            wheel,
            cwd=place,
        )
        version = run(bin_ / "lrs", "--version", cwd=place).strip()
        run(bin_ / "lrs", "init", cwd=place)
        key = json.loads(run(bin_ / "lrs", "key", "create", "--name", "vendor", "--json", cwd=place))
        assert key.keys() == {"id", "secret"}, key
        plugins = json.loads(run(bin_ / "lrs", "plugin", "list", "--json", cwd=place))
        names = [plugin["name"] for plugin in plugins]
        guests = sorted(folder.name.removeprefix("lrs_") for folder in (ROOT / "plugins").glob("lrs_*"))
        assert names == guests, names
        (place / "one.jsonl").write_text(json.dumps(STATEMENT) + "\n")
        run(bin_ / "lrs", "statements", "import", "one.jsonl", cwd=place)
        run(bin_ / "lrs", "doctor", cwd=place)
        where = run(bin_ / "python", "-c", "import lrs; print(lrs.__file__)", cwd=place).strip()
        assert str(place) in where, where
        sys.stdout.write(
            f"{wheel.name} and {sdist.name}: {version}, {len(names)} plugins, schemas, CLI: good\n"
        )


if __name__ == "__main__":
    main()
