from __future__ import annotations

import gc
import json
import random
import socket
import sqlite3
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from time import time as now
from typing import Any

import pytest

from lrs.errors import PluginError
from lrs.plugin import StatementView, hookimpl
from lrs.plugin.examining import Check, Settings, examine
from lrs.plugin.examining_purity import Watch
from lrs.plugin.scaffolding import write_plugin
from lrs.plugin.testing import statement
from tests.plugin.fakes import RATED, evidence, rubric_of

SHOWN = [statement(id=f"00000000-0000-4000-8000-{place:012}") for place in range(3)]


class Juggling:
    """A plugin whose only recogniser does as it is told."""

    def __init__(self, *recognisers: Any) -> None:
        self.recognisers = recognisers

    @hookimpl
    def lrs_rubrics(self) -> list[Any]:
        return [rubric_of("juggling")]

    @hookimpl
    def lrs_recognisers(self, config: Mapping[str, Any]) -> list[Any]:
        return list(self.recognisers)


class Doing:
    """Finds evidence, and does something besides."""

    name = "doing"
    verbs = frozenset({RATED})

    def __init__(self, besides: Callable[[StatementView], Any]) -> None:
        self._besides = besides

    def recognise(self, view: StatementView) -> Any:
        return (evidence(), self._besides(view))[:1]


class Point(EntryPoint):
    def load(self) -> Any:
        return vars(self)["plugin"]


def settings(*recognisers: Any) -> Settings:
    point = Point("juggling", "tests:nothing", "lrs")
    vars(point)["plugin"] = Juggling(*recognisers)
    return Settings(installed=[point])


def looked_at(*recognisers: Any) -> dict[str, Check]:
    return {check.check: check for check in examine("juggling", settings(*recognisers), SHOWN)}


def of_folder(folder: Path) -> dict[str, Check]:
    return {check.check: check for check in examine(folder, Settings(installed=[]), SHOWN)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_plugin("juggling", tmp_path, data_only=True)
    return tmp_path / "juggling"


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")


# A plugin that is as it should be


def test_a_sound_recogniser_is_good_in_everything_it_can_be() -> None:
    states = {name: check.state for name, check in looked_at(Doing(lambda view: view.encounter)).items()}
    assert states.pop("examples") == "look"
    assert set(states) == {"files", "failures", "unchanged", "repeatable", "stateless", "pure", "time"}
    assert set(states.values()) == {"good"}


@pytest.mark.parametrize("name", sorted(point.name for point in entry_points(group="lrs")))
def test_what_comes_with_rapport_is_never_bad(name: str) -> None:
    assert [check for check in examine(name, statements=SHOWN) if check.state == "bad"] == []


def test_a_recogniser_that_wants_no_verb_that_is_shown_is_worth_a_look() -> None:
    silent = Doing(lambda view: None)
    silent.verbs = frozenset({"https://nobody.example/verb"})
    assert looked_at(silent)["time"].state == "look"


# Its files


def test_a_mistake_in_a_file_is_told_with_its_line(folder: Path) -> None:
    change(folder, "alignment.yaml", "tier: role_play", "tier: rollplay")
    [check] = of_folder(folder).values()
    assert (check.check, check.state) == ("files", "bad")
    assert 'alignment.yaml:15 /rules/0/tier is "rollplay"' in " ".join((check.found, *check.details))


def test_a_configuration_that_is_wrong_is_told() -> None:
    [check] = examine("communication", Settings(tables={"communication": {"shapes_of": []}}))
    assert check.state == "bad"
    assert "shapes_of" in check.found


def test_a_competency_that_another_plugin_has_is_told(folder: Path) -> None:
    [check] = examine(folder.rename(folder.with_name("ball_games")), settings())
    assert check.state == "bad"
    assert check.found.startswith("The competency 'juggling' is defined twice: by the plugin 'ball_games'")


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(PluginError, match=r"no plugin 'jugling'.*There are: juggling"):
        examine("jugling", settings())


def test_a_package_that_is_not_installed_is_refused_with_what_to_do(tmp_path: Path) -> None:
    write_plugin("juggling", tmp_path)
    with pytest.raises(PluginError, match="install it"):
        examine(tmp_path / "juggling", Settings(installed=[]))


# Its examples


def test_examples_that_hold_are_counted(folder: Path) -> None:
    assert of_folder(folder)["examples"].found == "5 hold, 2 of them with no evidence."


def test_a_difference_is_shown_with_what_was_expected_and_found(folder: Path) -> None:
    change(folder, "examples.json", '"rating": 5,', '"rating": 6,')
    check = of_folder(folder)["examples"]
    assert check.state == "bad"
    assert check.details == ("a rating of a ride-along counts: rating of evidence 1: expected 6, found 5.0",)


def test_evidence_where_there_must_be_none_is_a_difference(folder: Path) -> None:
    draft = '"https://checklist.example/draft": '
    change(folder, "examples.json", f"{draft}true", f"{draft}false")
    [line] = of_folder(folder)["examples"].details
    assert line.startswith(
        "a draft of the checklist does not count: expected 0 of evidence, found 1: juggling/first"
    )


def test_an_example_that_is_no_valid_statement_is_told_with_its_line(folder: Path) -> None:
    change(folder, "examples.json", '"score": {"raw": 5, "min": 1, "max": 7}', '"score": {"raw": "5"}')
    check = of_folder(folder)["examples"]
    assert check.state == "bad"
    assert check.details[0].startswith("examples.json:9 /examples/0/statement/result/score/raw")


def test_a_member_that_evidence_does_not_have_is_told(folder: Path) -> None:
    change(folder, "examples.json", '"scale": "fto-7"', '"scael": "fto-7"')
    assert "/examples/0/evidence/0/scael is unknown" in of_folder(folder)["examples"].details[0]


def test_examples_that_all_count_are_worth_a_look(folder: Path) -> None:
    data = json.loads((folder / "examples.json").read_text("utf-8"))
    data["examples"] = [each for each in data["examples"] if each["evidence"]]
    (folder / "examples.json").write_text(json.dumps(data), "utf-8")
    assert of_folder(folder)["examples"].state == "look"


# What it does


def test_a_failure_is_told_with_its_reason() -> None:
    check = looked_at(Doing(lambda view: 1 / 0))["failures"]
    assert check.state == "bad"
    assert check.details == ("doing: ZeroDivisionError: division by zero",)


def test_a_statement_that_is_changed_is_told() -> None:
    assert looked_at(Doing(lambda view: view.statement.update(seen=True)))["unchanged"].state == "bad"


def test_other_evidence_the_second_time_is_told() -> None:
    class Counting:
        name, verbs, seen = "counting", None, 0

        def recognise(self, view: StatementView) -> Any:
            self.seen += 1
            return [evidence(rating=float(1 + self.seen % 7))]

    checks = looked_at(Counting())
    assert checks["repeatable"].state == "bad"
    assert checks["stateless"].details == ("counting: its seen is another one after it was shown statements",)


def test_a_module_that_remembers_is_told() -> None:
    check = looked_at(Doing(lambda view: REMEMBERED.append(view.id)))["stateless"]
    assert check.details == ("doing: the module's REMEMBERED is another one after it was shown statements",)


REMEMBERED: list[str] = []


@pytest.mark.parametrize(
    ("what", "besides"),
    [
        ("clock", now),
        ("clock", time.monotonic_ns),
        ("clock", lambda: datetime.now(UTC)),
        ("random numbers", lambda: random.randint(1, 7)),
        ("random numbers", lambda: random.Random(1).random()),
        ("random numbers", uuid.uuid4),
        ("network", lambda: socket.create_connection(("127.0.0.1", 9))),
        ("network", lambda: urllib.request.urlopen("http://127.0.0.1:9/")),
        ("store", lambda: sqlite3.connect(":memory:")),
        ("files", lambda: open(__file__)),  # noqa: PTH123, SIM115 (in whatever way)
        ("files", lambda: Path(__file__).read_text("utf-8")),
        ("operating system", lambda: Path(__file__).exists()),
        ("processes", lambda: subprocess.run(["true"])),  # noqa: PLW1510 (it is kept from running)
    ],
)
def test_what_asks_for_more_than_the_statement_is_told_and_kept_from_it(
    what: str, besides: Callable[[], Any]
) -> None:
    done = []
    watch = Watch()
    with watch.on():
        done.append(besides())
    assert done == []
    [offence] = watch.offences
    assert offence.startswith(f"{what}: it calls ")
    assert "plugin/test_examining.py:" in offence


@pytest.mark.parametrize(
    "besides",
    [
        lambda: json.loads('{"a": [1, 2.5]}'),
        lambda: datetime.fromisoformat("2026-01-15T20:30:00+00:00").timestamp(),
        lambda: uuid.UUID("00000000-0000-4000-8000-000000000000").hex,
        lambda: uuid.uuid5(uuid.NAMESPACE_URL, "https://academy.example"),
        lambda: str(Path("a") / "b"),
    ],
)
def test_what_hangs_on_its_arguments_alone_is_let_through(besides: Callable[[], Any]) -> None:
    done = []
    watch = Watch()
    with watch.on():
        done.append(besides())
    assert watch.offences == []
    assert len(done) == 1


def test_a_recogniser_that_hides_its_call_is_caught_all_the_same() -> None:
    def hiding(view: StatementView) -> None:
        try:
            now()
        except Exception:
            return

    check = looked_at(Doing(hiding))["pure"]
    assert check.state == "bad"
    assert check.details[0].startswith("clock: it calls time.time (plugin/test_examining.py:")


def test_what_is_told_of_the_collection_of_garbage_is_no_doing_of_the_plugin() -> None:
    def told(*_: object) -> None:
        time.time()

    watch = Watch()
    gc.callbacks.append(told)
    try:
        with watch.on():
            kept = [[number] for number in range(50_000)]
    finally:
        gc.callbacks.remove(told)
    assert watch.offences == []
    assert len(kept) == 50_000
    assert gc.isenabled()
