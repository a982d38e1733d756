"""The page on stores names every collection, and what the tests need."""

from __future__ import annotations

import re

from lrs.stores.mongo.models import MODELS, name_of
from tests.docs.pages import MANUAL, code_in, rows_of, sections_of, text_of

PAGE = "reference/stores.md"


def test_every_collection_is_described() -> None:
    rows = rows_of(sections_of(PAGE)["What is in a MongoDB database"])
    shown = [name for row in rows for name in code_in(row[0])]
    assert sorted(shown) == sorted([*map(name_of, MODELS), "fs.files", "fs.chunks"])


def test_the_page_names_the_version_that_the_tests_need() -> None:
    # What is installed may be newer by now; what the page says was verified on this one.
    [bound] = re.findall(
        r"^ +secantusdb>=([\w.]+)", (MANUAL.parent / "setup.cfg").read_text("utf-8"), re.MULTILINE
    )
    assert re.search(rf"SecantusDB\S* {re.escape(bound)}", text_of(PAGE))
