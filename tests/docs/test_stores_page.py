"""The page on stores names every collection, and the versions that the tests run on."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from lrs.stores.mongo.models import MODELS, name_of
from tests.docs.pages import code_in, rows_of, sections_of, text_of

PAGE = "reference/stores.md"


def test_every_collection_is_described() -> None:
    rows = rows_of(sections_of(PAGE)["What is in a MongoDB database"])
    shown = [name for row in rows for name in code_in(row[0])]
    assert sorted(shown) == sorted([*map(name_of, MODELS), "fs.files", "fs.chunks"])


@pytest.mark.parametrize("package", ["SecantusDB", "PyMongo", "mongoengine"])
def test_the_page_names_the_version_that_the_tests_run_on(package: str) -> None:
    found = version(package)
    # Of what follows no pre-release, its patches change nothing that the page speaks of.
    said = found if "b" in found else ".".join(found.split(".")[:2])
    assert f"{package} {said}" in text_of(PAGE).replace(
        f"[{package}](https://pypi.org/project/{package.lower()}/)", package
    )
