"""The benchmark tells what was measured, and nothing else. Nothing in here is timed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from lrs.cli.server import run
from lrs.services.wiring import Rapport
from lrs.stores.sqlite.connections import open_writer
from tests.benchmarks import echo
from tests.benchmarks.__main__ import main
from tests.benchmarks.bare_sqlite import bare_connection, insert_rows
from tests.benchmarks.checking import CHECKED, check, wanted_for_check, write_reference
from tests.benchmarks.errors import BenchmarkError
from tests.benchmarks.figures import Load, Row, Sample
from tests.benchmarks.growth import Growth
from tests.benchmarks.installed import installed, needed
from tests.benchmarks.marks import Mark, Pair, mark_of, marks
from tests.benchmarks.page import write_page
from tests.benchmarks.plan import full_plan, quick_plan
from tests.benchmarks.report import as_row, mark_from, mark_line, marks_table, write_between
from tests.benchmarks.server import free_port
from tests.benchmarks.session import all_names
from tests.benchmarks.store_rows import rows_of
from tests.benchmarks.stores import BuiltStore, built_store, empty_store, opened

_OF_A_WORKER = ("workers_kill_timeout", "respawn_failed_workers")

SPEED = Pair("quick", "Quick", "ours", "bare", 0.5)
TIME = Pair("slow", "Slow", "ours", "bare", 2.0, at_least=False, median_ms=True)


def row(name: str, *samples: tuple[float, float, float], statements: int = 1) -> Row:
    """A row of (requests a second, p50 in milliseconds, processor time in microseconds) of each run."""
    made = [
        Sample(per_s=per_s, p50_ms=p50, p95_ms=p50, p99_ms=p50, count=1, server_us=us)
        for per_s, p50, us in samples
    ]
    return Row(Load(name=name, concurrency=1, statements=statements), made)


def mark(
    name: str = "quick", wanted: float | None = 0.5, *, at_least: bool = True, ratio: float | None = 0.6
) -> Mark:
    ratios = () if ratio is None else (ratio,)
    return Mark(name=name, title=name.title(), wanted=wanted, at_least=at_least, ratios=ratios)


def test_a_ratio_is_taken_within_each_run_and_told_as_the_median() -> None:
    rows = {
        "ours": row("ours", (50, 1, 20), (90, 1, 10), (20, 1, 40)),
        "bare": row("bare", (100, 1, 10), (100, 1, 5), (100, 1, 10)),
    }
    found = mark_of(SPEED, rows)
    assert found.ratios == (0.5, 0.9, 0.2)
    assert (found.ratio, found.cpu_ratio, found.met) == (0.5, 0.5, True)


def test_batches_are_compared_by_their_statements() -> None:
    rows = {
        "ours": row("ours", (10, 1, 100), statements=50),
        "bare": row("bare", (5, 1, 100), statements=500),
    }
    found = mark_of(SPEED, rows)
    assert (found.ratio, found.cpu_ratio) == (pytest.approx(0.2), pytest.approx(0.1))


def test_a_time_should_be_no_more() -> None:
    rows = {"ours": row("ours", (1, 6, 30)), "bare": row("bare", (1, 2, 10))}
    found = mark_of(TIME, rows)
    assert (found.ratio, found.cpu_ratio, found.met) == (3, 3, False)


def test_what_was_not_measured_is_neither_met_nor_not() -> None:
    found = mark_of(SPEED, {"ours": row("ours", (1, 1, 1))})
    assert (found.ratio, found.met) == (None, None)
    assert "not measured" in mark_line(found)


def test_what_is_only_compared_has_no_verdict() -> None:
    found = mark(wanted=None)
    assert found.met is None
    assert "met" not in mark_line(found)


def test_bytes_are_those_of_the_largest_store_beside_its_json() -> None:
    def built(statements: int, on_disk: int) -> BuiltStore:
        return BuiltStore(
            file="", statements=statements, bytes_on_disk=on_disk, raw_bytes=1000, import_s=1, key_id="",
            secret="", as_of="", officers=(),
        )  # fmt: skip

    found = {one.name: one for one in marks({}, [built(10, 900), built(100, 500), built(50, 700)])}
    assert found["bytes"].ratio == 0.5


def test_memory_is_compared_with_what_it_was_after_a_fifth() -> None:
    grown = Growth(range(10, 110, 10), [50, 100, *[120] * 7, 150], 1.0)
    found = {one.name: one for one in marks({}, [], grown)}
    assert (found["memory"].ratio, found["memory"].met) == (1.5, False)


def test_the_check_fails_only_when_a_ratio_is_half_as_good(tmp_path: Path) -> None:
    file = tmp_path / "reference.json"
    file.write_text(json.dumps({"speed": 0.4, "time": 3.0}))
    assert check([mark("speed", ratio=0.21), mark("time", at_least=False, ratio=5.9)], file) == []
    worse = check([mark("speed", ratio=0.19), mark("time", at_least=False, ratio=6.1)], file)
    assert [line.partition(":")[0] for line in worse] == ["speed", "time"]


def test_the_check_looks_at_processor_time_where_it_is_known(tmp_path: Path) -> None:
    file = tmp_path / "reference.json"
    file.write_text(json.dumps({"speed": 0.4}))
    assert check([replace(mark("speed", ratio=0.1), cpu_ratio=0.4)], file) == []
    assert check([replace(mark("speed", ratio=0.4), cpu_ratio=0.1)], file) != []


def test_the_check_fails_when_something_was_not_measured(tmp_path: Path) -> None:
    file = tmp_path / "reference.json"
    file.write_text(json.dumps({"speed": 0.4, "time": 3.0}))
    assert len(check([mark("speed", ratio=None)], file)) == 2


def test_the_check_needs_a_reference(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="no reference"):
        check([], tmp_path / "none.json")


def test_a_reference_has_two_digits_of_each_mark_that_is_checked(tmp_path: Path) -> None:
    file = tmp_path / "reference.json"
    write_reference([mark(CHECKED[0], ratio=0.12345), mark("another")], file)
    assert json.loads(file.read_text()) == {CHECKED[0]: 0.12}


def test_the_check_measures_loads_that_there_are() -> None:
    assert set(wanted_for_check()) <= set(all_names())


def test_what_stands_outside_of_the_marks_of_a_page_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- a -->\nold\n<!-- b -->\nafter\n")
    write_between(page, "<!-- a -->", "<!-- b -->", "new\n")
    assert page.read_text() == "before\n<!-- a -->\n\nnew\n\n<!-- b -->\nafter\n"


@pytest.mark.parametrize("text", ["no marks", "<!-- a -->", "<!-- b --> <!-- a -->"])
def test_a_page_without_marks_is_not_overwritten(text: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(BenchmarkError):
        write_between(page, "<!-- a -->", "<!-- b -->", "new\n")
    assert page.read_text() == text


def test_a_mark_comes_back_from_json() -> None:
    made = replace(mark(), cpu_ratio=0.7)
    assert mark_from(json.loads(json.dumps(as_row(made)))) == made


def test_a_table_of_marks_tells_each_with_its_verdict() -> None:
    table = marks_table([mark(ratio=0.6), mark("late", ratio=0.4), mark("unknown", ratio=None)])
    assert table.splitlines()[2:] == [
        "| Quick | `quick` | 0.60 (0.60–0.60) |  | ≥ 0.5 | met |",
        "| Late | `late` | 0.40 (0.40–0.40) |  | ≥ 0.5 | **not met** |",
        "| Unknown | `unknown` | not measured |  | ≥ 0.5 |  |",
    ]


def test_the_page_on_performance_gets_machine_and_marks_of_all_sessions(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    begin, end = "<!-- {}: written by make bench-page -->", "<!-- end of {} -->"
    page.write_text("".join(f"{begin}\n{end}\n".format(one, one) for one in ("machine", "marks")))
    with pytest.raises(BenchmarkError, match="make bench"):
        write_page(page, tmp_path)
    (tmp_path / "last.json").write_text(
        json.dumps({"facts": ["Machine: one."], "marks": [as_row(mark("ours"))]})
    )
    facts = ["Machine: measured again.", "Peers: another."]
    (tmp_path / "peers.json").write_text(json.dumps({"facts": facts, "marks": [as_row(mark("theirs"))]}))
    write_page(page, tmp_path)
    text = page.read_text()
    assert "- Machine: one.\n- Peers: another.\n" in text
    assert "measured again" not in text
    assert text.index("`ours`") < text.index("`theirs`")


def test_a_large_store_has_more_statements_than_a_small_one(tmp_path: Path) -> None:
    plan = full_plan(tmp_path, large=100_000)
    assert list(plan.sizes()) == ["small", "large"]
    assert list(full_plan(tmp_path).sizes()) == ["small", "medium", "large"]
    with pytest.raises(BenchmarkError, match="10,000"):
        full_plan(tmp_path, large=10_000)


def test_a_load_that_nobody_knows_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--quick", "--only", "nothing", "--folder", str(tmp_path)])
    assert done.exit_code == 1
    assert "No load is called nothing" in done.output
    assert "post-32" in done.output


def test_what_is_installed_is_as_large_as_all_that_rapport_needs() -> None:
    whole = installed()
    assert 1_000_000 < whole.own_bytes < whole.bytes
    assert whole.bytes > sum(size for _, size in whole.largest)
    names = needed("rapport-lrs")
    assert {"flask", "werkzeug", "numpy"} <= names.keys()
    assert "pytest" not in names
    with pytest.raises(BenchmarkError, match="not installed"):
        needed("no-such-distribution")


def test_the_rows_of_a_store_make_the_same_store_again(tmp_path: Path) -> None:
    plan = replace(quick_plan(tmp_path), rows=1_500, large=1_500, beyond=0, pool=0, posts=0)
    rows = rows_of(plan, 500)
    assert len(rows.groups) == 3
    with closing(sqlite3.connect(":memory:")) as again:
        for part in rows.schema:
            again.execute(part)
        for group in (rows.before, *rows.groups):
            for insert, some in group:
                again.executemany(insert, some)
        names = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'index') ORDER BY name"
        file = tmp_path / "store.db"
        empty_store(file)
        with closing(sqlite3.connect(file)) as store:
            assert again.execute(names).fetchall() == store.execute(names).fetchall()
        assert again.execute("SELECT count(*) FROM statement").fetchone() == (1_500,)
        assert again.execute("SELECT count(*) FROM evidence").fetchone()[0] > 100
    # Each transaction has its own statements, and evidence that was found in them.
    per_group = [sum(len(some) for insert, some in group if '"statement"' in insert) for group in rows.groups]
    assert per_group == [500, 500, 500]
    assert all(any('"evidence"' in insert for insert, _ in group) for group in rows.groups)
    assert insert_rows(plan, rows).count > 0


def test_a_store_is_built_once_with_its_sizes(tmp_path: Path) -> None:
    plan = replace(quick_plan(tmp_path), small=300, large=300, beyond=0, pool=0, rows=0, posts=0)
    built = built_store(plan, 300)
    assert built.statements == 300
    assert built.bytes_on_disk <= Path(built.file).stat().st_size
    rapport = opened(Path(built.file))
    try:
        assert sum(len(one.raw) for one in rapport.store.scan()) == built.raw_bytes
    finally:
        rapport.store.close()
    assert built_store(plan, 300) == built


def test_bare_sqlite_is_set_as_the_connection_with_which_the_store_writes(tmp_path: Path) -> None:
    names = (
        "journal_mode",
        "synchronous",
        "temp_store",
        "wal_autocheckpoint",
        "journal_size_limit",
        "cache_size",
    )
    names += ("page_size", "auto_vacuum", "foreign_keys", "mmap_size", "locking_mode")

    def told(connection: sqlite3.Connection) -> dict[str, object]:
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    store = tmp_path / "store.db"
    empty_store(store)
    with (
        closing(open_writer(store, 1_000)) as ours,
        bare_connection(tmp_path / "bare.db") as bare,
    ):
        assert told(bare) == told(ours)


def test_the_bare_echo_is_served_as_rapport_is(
    rapport: Rapport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    served: list[dict[str, object]] = []

    class Served:
        def __init__(self, target: str, **settings: object) -> None:
            served.append({**settings, "port": None, "log_level": None})

        def serve(self, **how: object) -> None:
            served[-1]["wrap_loader"] = how["wrap_loader"]

    monkeypatch.setattr("granian.Granian", Served)
    monkeypatch.setattr("lrs.cli.server.share_imports", lambda: None, raising=False)
    run(replace(rapport.config, workers=1, port=free_port()))
    echo.serve(0, free_port())
    ours, bare = served
    # Only in one worker that is killed are they different: nothing of the echo is worth waiting for.
    assert {name: bare.get(name) for name in ours if name not in _OF_A_WORKER} == {
        name: value for name, value in ours.items() if name not in _OF_A_WORKER
    }
