"""The metadata in setup.cfg says what the tree holds."""

from __future__ import annotations

import configparser
import tomllib
from importlib.metadata import entry_points, version
from pathlib import Path

import lrs

ROOT = Path(__file__).resolve().parent.parent
MAPPED = {"lrs": "lrs", "plugins": "", "schemas": "lrs_schemas"}


def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


def packages_in_the_tree() -> set[str]:
    found = set()
    for folder, name in MAPPED.items():
        for init in (ROOT / folder).rglob("__init__.py"):
            parts = init.parent.relative_to(ROOT / folder).parts
            found.add(".".join(filter(None, (name, *parts))))
    return found


def test_every_package_is_listed_and_every_listed_package_is_there() -> None:
    assert set(setup()["options"]["packages"].split()) == packages_in_the_tree()


def test_every_data_file_is_packaged() -> None:
    patterns = {
        name: [part.strip() for part in value.replace("\n", ",").split(",") if part.strip()]
        for name, value in setup()["options.package_data"].items()
    }
    folders = {"lrs": ROOT / "lrs", "lrs_schemas": ROOT / "schemas"}
    folders |= {folder.name: folder for folder in (ROOT / "plugins").iterdir()}
    packaged = set()
    for package, globs in patterns.items():
        top, *rest = package.split(".")
        for pattern in globs:
            packaged |= set(folders[top].joinpath(*rest).glob(pattern))
    data = {
        path
        for folder in folders.values()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".py" and "__pycache__" not in path.parts
    }
    assert data - packaged == set()


def test_each_guest_is_an_entry_point_of_the_group() -> None:
    names = {
        f"{folder.name}:plugin"
        for folder in (ROOT / "plugins").iterdir()
        if (folder / "__init__.py").exists()
    }
    ours = {
        point.value for point in entry_points(group="lrs") if point.dist and point.dist.name == "rapport-lrs"
    }
    assert ours == names


def test_the_version_is_told_once() -> None:
    assert version("rapport-lrs") == lrs.__version__


def test_pyproject_only_names_the_build_backend() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text()).keys() == {"build-system"}


def test_dependencies_have_lower_bounds() -> None:
    for line in setup()["options"]["install_requires"].split("\n"):
        assert not line or ">=" in line, line
