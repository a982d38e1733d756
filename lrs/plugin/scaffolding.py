"""A new plugin, whole and with tests: what `lrs plugin new` writes."""

from __future__ import annotations

import keyword
import re
import tempfile
from collections.abc import Collection, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from lrs.errors import Detail, PluginError

# Behind it comes `lrs_`, and the package's name has to fit where the plugin's does.
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_PLACE: Final = re.compile(r"@(name|title|package|distribution)@")

_DATA: Final[Mapping[str, str]] = {
    "rubric.yaml": "rubric.yaml.txt",
    "alignment.yaml": "alignment.yaml.txt",
    "examples.json": "examples.json.txt",
}
"""Files of a plugin without code, each with the template that it is made of."""

_PACKAGE: Final[Mapping[str, str]] = {
    "pyproject.toml": "pyproject.toml.txt",
    "setup.cfg": "setup.cfg.txt",
    "README.md": "README.md.txt",
    "@package@/__init__.py": "init.py.txt",
    **{f"@package@/{name}": template for name, template in _DATA.items()},
    "tests/test_@name@.py": "tests.py.txt",
}


def write_plugin(
    name: str, folder: Path, *, data_only: bool = False, taken: Collection[str] = ()
) -> tuple[Path, ...]:
    """Write a new plugin into a new folder of its name.

    Args:
        name: of the plugin and of its competency: small letters, digits and `_`, a letter first.
        folder: where the new folder goes.
        data_only: a folder for the setting `plugin_folders`, and no package.
        taken: names that plugins have already.

    Returns:
        The files, in order. All are there, or, after `PluginError`, none: for a name that cannot be one or is taken,
        for a folder that there is already or cannot be written.
    """
    _check(name, taken)
    target = folder / name
    if target.exists() or target.is_symlink():
        raise PluginError(f"{target} is there already. Nothing was written.")
    wanted = _DATA if data_only else _PACKAGE
    texts = {_filled(file, name): _filled(_template(source), name) for file, source in wanted.items()}
    try:
        _write_whole(target, texts)
    except OSError as exc:
        raise PluginError(f"{target} cannot be written: {exc.strerror or exc}.") from exc
    return tuple(target / file for file in sorted(texts))


def _check(name: str, taken: Collection[str]) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        wanted = "60 or fewer small letters, digits and _, a letter first, and no word of Python's own"
        raise PluginError(f"'{name}' cannot be the name of a plugin.", [Detail("NAME", name, wanted)])
    if name in taken:
        raise PluginError(f"There is a plugin '{name}' already. Nothing was written.")


def _write_whole(target: Path, texts: Mapping[str, str]) -> None:
    """Beside the target first, so that a folder of the name is never half of one."""
    with tempfile.TemporaryDirectory(prefix=".new-", dir=target.parent) as beside:
        whole = Path(beside) / target.name
        for file, text in texts.items():
            path = whole / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        whole.rename(target)


def _template(source: str) -> str:
    return (files("lrs.plugin") / "scaffold" / source).read_text("utf-8")


def _filled(text: str, name: str) -> str:
    values = {
        "name": name,
        "title": name.replace("_", " ").strip().capitalize(),
        "package": f"lrs_{name}",
        "distribution": f"lrs-{name.replace('_', '-').strip('-')}",
    }
    return _PLACE.sub(lambda found: values[found[1]], text)
