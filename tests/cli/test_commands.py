"""Each command, its answer to a person and to a script, and how it fails."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lrs.cli.main import group
from tests.cli.conftest import Lrs
from tests.web.api.conftest import rating


def write(folder: Path, name: str, *lines: object) -> str:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    path = folder / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return str(path)


def test_help_lists_every_command_with_a_line(lrs: Lrs) -> None:
    code, out, _ = lrs("--help")
    assert code == 0
    for name in group.list_commands(None):
        assert f"  {name}" in out


def test_every_command_explains_itself(lrs: Lrs) -> None:
    for name in group.list_commands(None):
        code, out, _ = lrs(name, "--help")
        assert code == 0
        assert f"lrs {name}" in out or "Usage:" in out


def test_help_imports_nothing_heavy() -> None:
    heavy = "flask, granian, scipy, numpy, jsonschema_rs, sqlite3, mongoengine"
    code = f"""
import sys
sys.argv = ["lrs", "--help"]
from lrs.cli import main
try: main()
finally: assert not [name for name in "{heavy}".split(", ") if name in sys.modules]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_store_that_was_not_made_is_named_with_what_to_do(lrs: Lrs) -> None:
    code, out, err = lrs("key", "list")
    assert (code, out) == (1, "")
    assert "lrs init" in err
    assert "Traceback" not in err


def test_init_may_be_run_again(ready: Lrs) -> None:
    assert ready("init")[0] == 0


def test_a_wrong_setting_ends_a_command_in_words(ready: Lrs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LRS_PROT", "1")
    code, _, err = ready("key", "list")
    assert code == 1
    assert err.startswith("Error: LRS_PROT is not a setting")


def test_an_unknown_command_is_a_usage_error(lrs: Lrs) -> None:
    code, _, err = lrs("dance")
    assert code == 2
    assert "dance" in err


def test_a_key_is_made_listed_and_revoked(ready: Lrs) -> None:
    _, out, _ = ready("key", "create", "--name", "Vendor", "--json")
    made = json.loads(out)
    assert made.keys() == {"id", "secret"}
    [listed] = json.loads(ready("key", "list", "--json")[1])
    assert (listed["id"], listed["scopes"], listed["revoked"]) == (made["id"], ["statements/write"], None)
    assert made["secret"] not in ready("key", "list")[1]
    assert ready("key", "revoke", made["id"])[0] == 0
    assert json.loads(ready("key", "list", "--json")[1])[0]["revoked"]


def test_a_key_with_scopes_has_those_and_no_others(ready: Lrs) -> None:
    ready("key", "create", "--name", "R", "--scope", "all/read", "--scope", "state")
    [listed] = json.loads(ready("key", "list", "--json")[1])
    assert listed["scopes"] == ["all/read", "state"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("create", "--name", "x", "--scope", "everything"),
        ("create", "--name", " "),
        ("revoke", "0000"),
    ],
)
def test_a_key_command_that_cannot_be_done_says_why(ready: Lrs, arguments: tuple[str, ...]) -> None:
    code, out, err = ready("key", *arguments)
    assert (code, out) == (1, "")
    assert err.startswith("Error: ")


def test_two_keys_cannot_have_one_name(ready: Lrs) -> None:
    assert ready("key", "create", "--name", "Vendor")[0] == 0
    assert ready("key", "create", "--name", "Vendor")[0] == 1


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz"])
def test_statements_go_in_and_come_out_as_they_were(ready: Lrs, tmp_path: Path, name: str) -> None:
    statements = [rating("R-001", raw) for raw in (5, 6, 4)]
    assert ready("statements", "import", write(tmp_path, name, *statements))[0] == 0
    code, _, err = ready("statements", "export", str(tmp_path / f"out-{name}"))
    assert (code, "Statements written: 3." in err) == (0, True)
    data = (tmp_path / f"out-{name}").read_bytes()
    lines = (gzip.decompress(data) if name.endswith(".gz") else data).splitlines()
    for sent, line in zip(statements, lines, strict=True):
        assert sent.items() <= json.loads(line).items()


def test_an_import_may_be_repeated_even_without_ids(ready: Lrs, tmp_path: Path) -> None:
    statements = [rating("R-001", raw) for raw in (5, 6)]
    for statement in statements:
        del statement["id"]
    file = write(tmp_path, "in.jsonl", *statements)
    for _ in range(2):
        assert json.loads(ready("statements", "import", file, "--json")[1]) == {
            "lines": 2,
            "taken": 2,
            "refused": [],
        }
    assert "written: 2." in ready("statements", "export", str(tmp_path / "out.jsonl"))[2]
    renamed = (tmp_path / "in.jsonl").rename(tmp_path / "renamed.jsonl")
    ready("statements", "import", str(renamed))
    assert "written: 2." in ready("statements", "export", "--replace", str(tmp_path / "out.jsonl"))[2]


def test_a_bad_line_is_refused_alone_and_named(ready: Lrs, tmp_path: Path) -> None:
    good = rating("R-001", 5)
    conflicting = {**good, "verb": {"id": "https://example.com/verbs/other"}}
    file = write(tmp_path, "in.jsonl", good, "{", {"actor": {}}, "", conflicting, rating("R-001", 6))
    code, out, _ = ready("statements", "import", file, "--json")
    tally = json.loads(out)
    assert (code, tally["taken"]) == (1, 2)
    assert [(one["line"], one["code"]) for one in tally["refused"]] == [
        (2, "malformed_json"),
        (3, "invalid_statement"),
        (5, "conflict"),
    ]


def test_a_pipe_is_imported_whole(ready: Lrs, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    lines = Path(write(tmp_path, "in.jsonl", *[rating("R-001", raw) for raw in (5, 6, 7)])).read_bytes()
    writer = threading.Thread(target=pipe.write_bytes, args=(lines,))
    writer.start()
    code, out, _ = ready("statements", "import", str(pipe), "--json")
    writer.join()
    assert (code, json.loads(out)["taken"]) == (0, 3)


def test_an_import_can_start_at_a_line(ready: Lrs, tmp_path: Path) -> None:
    file = write(tmp_path, "in.jsonl", *[rating("R-001", 5) for _ in range(3)])
    assert json.loads(ready("statements", "import", file, "--from-line", "3", "--json")[1])["taken"] == 1


def test_raw_data_of_attachments_travels_beside(ready: Lrs, tmp_path: Path) -> None:
    import hashlib

    content = b"\x00\xff raw"
    sha2 = hashlib.sha256(content).hexdigest()
    attachment = {
        "usageType": "https://example.com/u",
        "display": {},
        "contentType": "x/y",
        "length": 1,
        "sha2": sha2,
    }
    folder = tmp_path / "raw"
    folder.mkdir()
    file = write(tmp_path, "in.jsonl", rating("R-001", 5, attachments=[attachment]))
    assert ready("statements", "import", file)[0] == 1  # neither raw data nor fileUrl
    (folder / sha2).write_bytes(content)
    assert ready("statements", "import", file, "--attachments", str(folder))[0] == 0
    out = tmp_path / "raw-out"
    assert ready("statements", "export", str(tmp_path / "out.jsonl"), "--attachments", str(out))[0] == 0
    assert (out / sha2).read_bytes() == content


def test_raw_data_that_has_another_hash_is_refused(ready: Lrs, tmp_path: Path) -> None:
    attachment = {
        "usageType": "https://example.com/u",
        "display": {},
        "contentType": "x/y",
        "length": 1,
        "sha2": "0" * 64,
    }
    (tmp_path / ("0" * 64)).write_bytes(b"other bytes")
    file = write(tmp_path, "in.jsonl", rating("R-001", 5, attachments=[attachment]))
    code, out, _ = ready("statements", "import", file, "--attachments", str(tmp_path), "--json")
    assert (code, json.loads(out)["refused"][0]["code"]) == (1, "invalid_attachment")


def test_a_line_that_is_too_long_is_refused_alone(ready: Lrs, tmp_path: Path) -> None:
    long = rating("R-001", 5, result={"response": "x" * 3_000_000})
    file = write(tmp_path, "in.jsonl.gz", rating("R-001", 5), long, rating("R-001", 6))
    code, out, _ = ready("statements", "import", file, "--json")
    tally = json.loads(out)
    assert (code, tally["taken"]) == (1, 2)
    assert [(one["line"], one["code"]) for one in tally["refused"]] == [(2, "too_large")]


@pytest.mark.parametrize("content", [b"no gzip", gzip.compress(b'{"a":1}\n' * 1000, mtime=0)[:-20], b""])
def test_a_broken_gzip_file_is_said_in_words(ready: Lrs, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "in.jsonl.gz"
    file.write_bytes(content)
    code, _, err = ready("statements", "import", str(file))
    assert "Traceback" not in err
    assert code == 1 or not content


def test_an_export_replaces_nothing_unasked_and_is_for_its_owner(ready: Lrs, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert ready("statements", "export", str(out))[0] == 0
    assert out.stat().st_mode & 0o777 == 0o600
    out.write_text("kept")
    code, _, err = ready("statements", "export", str(out))
    assert (code, out.read_text()) == (1, "kept")
    assert "--replace" in err
    assert ready("statements", "export", "--replace", str(out))[0] == 0
    for wrong in ("/dev/null", str(tmp_path / "no" / "folder.jsonl")):
        assert ready("statements", "export", "--replace", wrong)[0] == 1


def test_an_export_can_go_to_standard_output(ready: Lrs, tmp_path: Path) -> None:
    ready("statements", "import", write(tmp_path, "in.jsonl", rating("R-001", 5)))
    code, out, _ = ready("statements", "export", "-")
    assert (code, json.loads(out)["actor"]["account"]["name"]) == (0, "R-001")


def test_check_names_line_and_path_and_stores_nothing(ready: Lrs, tmp_path: Path) -> None:
    file = write(tmp_path, "in.jsonl", rating("R-001", 5), {"actor": {"mbox": "x"}})
    code, out, _ = ready("statements", "check", file)
    assert code == 1
    assert "line 2: /actor/mbox" in out
    found = json.loads(ready("statements", "check", file, "--json")[1])
    assert (found["lines"], [one["line"] for one in found["invalid"]]) == (2, [2])
    assert "written: 0." in ready("statements", "export", str(tmp_path / "out.jsonl"))[2]


def test_a_profile_reads_as_a_table_as_words_and_as_json(ready: Lrs, tmp_path: Path) -> None:
    ready("statements", "import", write(tmp_path, "in.jsonl", *[rating("R-001", raw) for raw in (5, 6)]))
    code, out, _ = ready("profile", "R-001")
    assert code == 0
    assert "Communication" in out
    assert "insufficient" in out
    whole = json.loads(ready("profile", "R-001", "--json")[1])
    assert whole["subject"] == "account:R-001@https://academy.example"
    code, text, _ = ready("profile", "R-001", "--explain", "--competency", "communication")
    assert code == 0
    [communication] = [one for one in whole["competencies"] if one["competency"] == "communication"]
    assert communication["statements"][0]["id"] in text
    [explained] = json.loads(ready("profile", "R-001", "--competency", "communication", "--json")[1])
    assert explained["competency"] == "communication"


def test_a_profile_of_nobody_says_so(ready: Lrs) -> None:
    code, _, err = ready("profile", "R-404")
    assert code == 1
    assert "Nothing is recorded of R-404" in err


@pytest.mark.parametrize("name", ["system", "Import", " system "])
def test_a_key_cannot_speak_for_the_server_itself(ready: Lrs, name: str) -> None:
    code, _, err = ready("key", "create", "--name", name)
    assert code == 1
    assert "a name of the server's own" in err


def test_plugins_are_listed(ready: Lrs) -> None:
    listed = json.loads(ready("plugin", "list", "--json")[1])
    names = [one["name"] for one in listed]
    assert names == sorted(names)
    assert {"communication", "cultural_competency", "leadership"} <= set(names)
    assert "communication" in ready("plugin", "list")[1]


def test_the_doctor_finds_a_sound_installation_good(ready: Lrs) -> None:
    code, out, _ = ready("doctor", "--json")
    found = json.loads(out)
    assert code == 0
    assert {one["check"] for one in found} >= {"settings", "plugins", "store", "clock", "keys"}
    assert not [one for one in found if one["state"] == "bad"]


def test_the_doctor_says_what_to_do_without_a_store(lrs: Lrs) -> None:
    code, out, _ = lrs("doctor")
    assert code == 1
    assert "lrs init" in out


def test_the_doctor_looks_twice_at_a_key_for_everything(ready: Lrs) -> None:
    ready("key", "create", "--name", "root", "--scope", "all")
    found = json.loads(ready("doctor", "--json")[1])
    assert [one for one in found if one["check"] == "keys" and one["state"] == "look"]


def test_the_doctor_tries_the_scoring_policy(ready: Lrs, tmp_path: Path) -> None:
    (tmp_path / "rapport.toml").write_text("[scoring]\nhalf_life_days = 0\n")
    code, out, _ = ready("doctor")
    assert code == 1
    assert "scoring" in out


def test_a_demo_is_not_put_among_real_statements(ready: Lrs, tmp_path: Path) -> None:
    ready("statements", "import", write(tmp_path, "in.jsonl", rating("R-001", 5)))
    code, _, err = ready("demo", "--scale", "0.02")
    assert code == 1
    assert "no demo's" in err


@pytest.mark.parametrize("name", ["", "x" * 101, "a\nb", "a\x07"])
def test_a_key_has_a_name_that_can_be_printed(ready: Lrs, name: str) -> None:
    assert ready("key", "create", "--name", name)[0] == 1


def test_serve_says_in_words_why_it_cannot_start(lrs: Lrs) -> None:
    code, _, err = lrs("serve")
    assert code == 1
    assert "lrs init" in err
