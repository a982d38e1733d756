"""Every command and example of the manual and of the README is run, and its answer compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.console import Reader, Step, steps_of

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "docs"
FILES = [ROOT / "README.md", *sorted(MANUAL.rglob("*.md"))]
PAGES = [page for page in FILES if "_build" not in page.parts and steps_of(page.read_text("utf-8"))]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_says_to_do_works_as_it_says(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    try:
        for step in steps_of(page.read_text("utf-8")):
            reader.follow(step)
    finally:
        reader.close()


def test_the_pages_that_promise_runnable_commands_have_them() -> None:
    promised = {MANUAL / "tutorial" / "first-steps.md", *(MANUAL / "how-to").glob("*.md")}
    promised -= {MANUAL / "how-to" / "index.md"}
    assert promised <= set(PAGES)


# The runner itself: a page that is wrong must not pass.


def test_an_answer_that_differs_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="The answer is:\nb"):
        Reader(tmp_path).follow(Step("echo b", "a"))


def test_a_number_that_is_off_is_found(tmp_path: Path) -> None:
    Reader(tmp_path).follow(Step("echo 0.4999", "0.500"))
    with pytest.raises(AssertionError, match=r"really 0\.6"):
        Reader(tmp_path).follow(Step("echo 0.600", "0.500"))


def test_a_command_that_fails_is_found_unless_the_page_shows_its_error(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ended with 1"):
        Reader(tmp_path).follow(Step("false"))
    Reader(tmp_path).follow(Step("echo 'Error: no.'; false", "Error: no."))
    with pytest.raises(AssertionError, match="ended with 0"):
        Reader(tmp_path).follow(Step("echo 'Error: no.'", "Error: no."))


def test_a_target_of_make_that_is_not_there_is_found(tmp_path: Path) -> None:
    Reader(tmp_path).follow(Step("make test"))
    with pytest.raises(AssertionError, match="no such target"):
        Reader(tmp_path).follow(Step("make coffee"))


def test_what_was_answered_takes_the_place_of_what_the_page_shows(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    shown, real = "0123456789abcdef", "fedcba9876543210"
    reader.follow(Step(f"printf '%s%s' {real[:8]} {real[8:]}", shown))
    reader.follow(Step(f"KEY={shown}"))
    reader.follow(Step("test $KEY = $(printf '%s%s' " + f"{real[:8]} {real[8:]})"))
    with pytest.raises(AssertionError, match="two things"):
        reader.follow(Step(f"printf '%s%s' {real[:8]} 00000000", shown))


def test_blocks_files_and_hidden_commands_are_read_in_order() -> None:
    page = """
% $ hidden

```{note} Fences of any kind
$ not a command
```

```{code-block} console
$ one \\
>   more
1
$ two
```

```{code-block} json
:caption: some.json

{}
```

```sh
$ only shown
```

<!-- $ last -->
"""
    assert [(step.text, step.answer, step.file) for step in steps_of(page)] == [
        ("hidden", "", ""),
        ("one \\\n  more", "1", ""),
        ("two", "", ""),
        ("{}\n", "", "some.json"),
        ("last", "", ""),
    ]
