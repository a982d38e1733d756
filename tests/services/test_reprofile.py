"""Reprofile: everything anew, in parts, by one process or several, whatever dies on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lrs.competency.evidence import RecordedEvidence
from lrs.errors import Conflict, NotFound
from lrs.services.reprofile import Progress
from lrs.stores.base import EvidenceQuery, Generation, Kind
from tests.services.agencies import Agency, Judge, agency_in, plugin, rating, rubric

ROOT = Path(__file__).parents[2]


def rebuilt(agency: Agency, name: str = "juggling") -> list[Generation]:
    return [
        one for one in agency.store.generations() if one.kind is Kind.REBUILT and one.source.plugin == name
    ]


def found_by(agency: Agency, generation: Generation) -> list[RecordedEvidence]:
    """What the generation would let count."""
    return list(
        agency.store.evidence(
            EvidenceQuery(as_of_us=agency.now(), instead={generation.source.plugin: generation.number})
        )
    )


def test_the_same_plugin_finds_again_what_it_found(agency: Agency) -> None:
    agency.rate("R-1", *range(1, 8))
    agency.rate("R-2", *range(1, 8), *range(1, 8))
    live = list(agency.store.evidence(EvidenceQuery(as_of_us=agency.now())))
    outcome = agency.reprofile.run()
    [generation] = outcome.generations
    assert (outcome.statements, outcome.left, generation.evidence) == (21, 0, 21)
    assert found_by(agency, generation) == live


def test_nothing_that_counts_changes(agency: Agency) -> None:
    agency.rate("R-1", 5, 5, 5)
    then = agency.now()
    before = agency.bytes_of("R-1", then)
    agency.install(juggling=plugin("2", Judge(harder=3)))
    agency.reprofile.run()
    assert agency.bytes_of("R-1", then) == before
    assert agency.profiles.in_force(agency.now()).plugins == {"juggling": "1"}


def test_a_second_run_looks_at_new_statements_alone(agency: Agency) -> None:
    agency.rate("R-1", *[5] * 25)
    assert agency.reprofile.run().statements == 25
    assert agency.reprofile.run().statements == 0
    agency.rate("R-1", 4, 4)
    outcome = agency.reprofile.run()
    assert (outcome.statements, outcome.generations[0].evidence) == (2, 27)


def test_only_the_plugins_that_are_named_are_asked(agency: Agency) -> None:
    agency.install(walking=plugin("1", Judge(competency="walking"), rubrics=(rubric("walking"),)))
    agency.rate("R-1", 5)
    outcome = agency.reprofile.run(["walking"])
    assert [one.source.plugin for one in outcome.generations] == ["walking"]
    assert rebuilt(agency) == []


def test_plugins_that_have_seen_statements_up_to_different_instants_catch_up(agency: Agency) -> None:
    agency.install(walking=plugin("1", Judge(competency="walking"), rubrics=(rubric("walking"),)))
    agency.rate("R-1", *[5] * 12)
    agency.reprofile.run(["walking"])
    agency.rate("R-1", 4)
    outcome = agency.reprofile.run()
    assert {one.source.plugin: one.evidence for one in outcome.generations} == {"juggling": 13, "walking": 13}
    assert outcome.statements == 13 + 1
    assert len({one.through_us for one in outcome.generations}) == 1


def test_a_plugin_may_find_evidence_on_the_competency_of_another(agency: Agency) -> None:
    agency.install(scout=plugin("1", Judge(), rubrics=()))
    agency.rate("R-1", 5)
    [generation] = agency.reprofile.run(["scout"]).generations
    assert (generation.evidence, generation.failures) == (1, 0)


def test_an_unknown_plugin_is_named_with_those_that_are_loaded(agency: Agency) -> None:
    with pytest.raises(NotFound) as caught:
        agency.reprofile.run(["charm"])
    assert "juggling" in caught.value.details[0].expected


def test_failures_are_kept_with_the_generation(agency: Agency) -> None:
    agency.rate("R-1", 5, 6)
    agency.install(juggling=plugin("2", Judge(fails_on=6)))
    [generation] = agency.reprofile.run().generations
    assert (generation.evidence, generation.failures) == (1, 1)


def test_an_empty_store_is_done_at_once(agency: Agency) -> None:
    outcome = agency.reprofile.run()
    assert (outcome.statements, outcome.left) == (0, 0)


def test_progress_ends_at_the_whole(agency: Agency) -> None:
    agency.rate("R-1", *[5] * 35)
    told: list[Progress] = []
    agency.reprofile.run(progress=told.append)
    assert told[-1] == Progress(35, 35)
    assert [one.done for one in told] == sorted(one.done for one in told)


class _Broken(Exception):
    """Somebody pulled the plug."""


def test_work_that_was_broken_off_goes_on_where_it_was(agency: Agency) -> None:
    agency.rate("R-1", *[5] * 50)

    def break_off(so_far: Progress) -> None:
        if 0 < so_far.done < 50:
            raise _Broken

    with pytest.raises(_Broken):
        agency.reprofile.run(progress=break_off)
    agency.rate("R-1", 4)
    told: list[Progress] = []
    [generation] = agency.reprofile.run(progress=told.append).generations
    assert told[0].done > 10
    # It goes on to what came meanwhile.
    assert generation.evidence == 51
    assert sorted(one.statement_id for one in found_by(agency, generation)) == sorted(
        one.id for one in agency.store.scan()
    )


def test_another_version_drops_what_is_under_way(agency: Agency) -> None:
    agency.rate("R-1", *[5] * 50)
    slow = agency.reprofile

    def overtake(so_far: Progress) -> None:
        if 0 < so_far.done < 50:
            agency.install(juggling=plugin("2", Judge(harder=1)))
            agency.reprofile.run()

    with pytest.raises(Conflict):
        slow.run(progress=overtake)
    [generation] = rebuilt(agency)
    assert (generation.source.version, generation.evidence) == ("2", 50)


@pytest.mark.slow
def test_two_processes_find_what_one_does(tmp_path: Path) -> None:
    script = _script(tmp_path, "run(processes=2)")
    alone, together = (_filled(tmp_path / name) for name in ("alone", "together"))
    expected = _contents(alone, *alone.reprofile.run().generations)
    done = subprocess.run(
        [sys.executable, script, together.url], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["60", "0", "0"]
    assert _contents(together, *rebuilt(together)) == expected


@pytest.mark.slow
def test_a_process_that_dies_is_told_of_and_its_part_is_done_by_another(tmp_path: Path) -> None:
    agency = _filled(tmp_path / "dying")
    script = _script(tmp_path, "run(processes=2)", helper_dies=True)
    done = subprocess.run(
        [sys.executable, script, agency.url], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["60", "0", "1"]
    assert rebuilt(agency)[0].evidence == 60


@pytest.mark.slow
def test_killed_in_the_middle_of_a_part_it_goes_on_to_the_same_end(tmp_path: Path) -> None:
    killed, whole = (_filled(tmp_path / name) for name in ("killed", "whole"))
    script = _script(tmp_path, "run()", stops_at=34)
    process = subprocess.Popen([sys.executable, script, killed.url], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"looking at the 34th\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    [part_way] = killed.store.generations()[-1:]
    assert (part_way.kind, part_way.through_us, part_way.evidence) == (Kind.REBUILT, None, 30)
    [generation] = killed.reprofile.run().generations
    assert generation.number == part_way.number
    assert _contents(killed, generation) == _contents(whole, *whole.reprofile.run().generations)


def _filled(folder: Path) -> Agency:
    """Sixty ratings, the same in every folder but for what the store adds."""
    folder.mkdir()
    agency = agency_in(folder, juggling=plugin("1", Judge()))
    agency.post(
        *(
            rating(
                f"R-{number % 7}",
                1 + number % 7,
                id=f"00000000-0000-4000-8000-{number:012}",
                timestamp="2026-01-15T08:00:00Z",
                context={
                    "registration": f"00000000-0000-4000-8000-{number:012}",
                    "instructor": {"account": {"homePage": "https://academy.example", "name": "T-1"}},
                },
            )
            for number in range(60)
        )
    )
    return agency


def _contents(agency: Agency, generation: Generation) -> list[Any]:
    return [(one.statement_id, one.evidence) for one in found_by(agency, generation)]


def _script(folder: Path, call: str, *, helper_dies: bool = False, stops_at: int = 0) -> str:
    """A program that reprofiles the store whose URL it is given, as the agency of `_filled` would.

    `stops_at`: before the statement of that number it says so and waits, for ever. `helper_dies`: each process but
    the first ends without a word when it opens the store.
    """
    path = folder / "program.py"
    path.write_text(
        f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from functools import partial
from lrs.plugin.host import PluginHost
from tests.services import agencies

def opened(url):
    if {helper_dies}:
        os._exit(9)
    return agencies.opened(url, {{"juggling": agencies.plugin("1", agencies.Judge())}})

class Waiting:
    seen = 0

    def __init__(self, host):
        self.host = host
        self.sources = host.sources

    def only(self, names):
        return self

    def recognise(self, statements):
        for _ in statements:
            Waiting.seen += 1
            if Waiting.seen == {stops_at}:
                print("looking at the {stops_at}th", flush=True)
                sys.stdin.read()
        return self.host.recognise(statements)

if __name__ == "__main__":
    url = sys.argv[1]
    store, host = agencies.opened(url, {{"juggling": agencies.plugin("1", agencies.Judge())}})
    if {stops_at}:
        host = Waiting(host)
    work = agencies.Reprofile(
        store, host, opener=partial(opened, url), new_id=agencies.new_id, part_statements=10, lease_us=1
    )
    outcome = work.{call}
    print(outcome.statements, outcome.left, outcome.workers_lost)
    store.close()
""",
        "utf-8",
    )
    return str(path)
