"""A rubric is changed: `lrs reprofile`, `lrs plugin compare`, `activate`, `generations`, `forget`, `quarantine`."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lrs.plugin.testing import host_with
from lrs.stores.base import Submission
from lrs.stores.contract_samples import statement
from lrs.stores.opening import open_store
from tests.cli.conftest import Lrs
from tests.services.agencies import Judge, plugin, rubric

KEEPS_BALLS = "https://academy.example/items/juggling"
RATED = "http://id.tincanapi.com/verb/rated"


@dataclass
class Academy:
    """A store, a plugin that is a folder, and the command line."""

    lrs: Lrs
    folder: Path

    def write(self, version: str, *, cut: float = 3.5, scale: str = "fto-7") -> None:
        """The plugin in this version."""
        whole = rubric(version=version, cut={"scale": "fto-7", "rating": cut, "acceptable": cut + 0.5})
        data = {
            "competency": "juggling",
            "version": version,
            "activities": {KEEPS_BALLS: "juggling"},
            "rules": [
                {
                    "id": "rating",
                    "verbs": [RATED],
                    "tier": "field",
                    "rating": ["score"],
                    "scale": scale,
                }
            ],
        }
        target = self.folder / "juggling"
        target.mkdir(exist_ok=True)
        (target / "rubric.json").write_text(json.dumps(whole.as_dict()))
        (target / "alignment.json").write_text(json.dumps(data))

    def rate(self, officer: str, *ratings: float) -> None:
        """Take in ratings of an officer, by two raters in turn."""
        lines = [json.dumps(_rating(officer, raw, f"T-{place % 2}")) for place, raw in enumerate(ratings)]
        file = self.folder / "in.jsonl"
        file.write_text("".join(line + "\n" for line in lines))
        assert self.lrs("statements", "import", str(file))[0] == 0

    def as_json(self, *arguments: str) -> Any:
        """What a command answers to a script."""
        code, out, err = self.lrs(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)


def _rating(officer: str, raw: float, rater: str) -> dict[str, Any]:
    person = {"homePage": "https://academy.example"}
    return {
        "actor": {"account": {**person, "name": officer}},
        "verb": {"id": RATED},
        "object": {"id": KEEPS_BALLS},
        "result": {"score": {"raw": raw, "min": 1, "max": 7}},
        "context": {
            "registration": str(uuid.uuid4()),
            "instructor": {"account": {**person, "name": rater}},
        },
    }


@pytest.fixture
def academy(ready: Lrs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Academy:
    made = Academy(ready, tmp_path)
    made.write("1")
    monkeypatch.setenv("LRS_PLUGIN_FOLDERS", "juggling")
    made.rate("R-mid", *[4] * 40)
    made.rate("R-good", *[7] * 10)
    return made


def test_a_changed_rubric_goes_from_file_to_profile_in_three_commands(academy: Academy) -> None:
    then = academy.as_json("profile", "R-mid")["as_of"]
    before = academy.lrs("profile", "R-mid", "--as-of", then, "--json")[1]
    academy.write("2", cut=4.5)
    code, out, err = academy.lrs("reprofile", "juggling")
    assert code == 0
    assert re.search(r"juggling +2 +50 +0 ", out)
    assert "Next: lrs plugin compare juggling, then lrs plugin activate juggling." in err
    assert "50 of 50 statements" in err
    _, out, _ = academy.lrs("plugin", "compare", "juggling")
    summary, _, details = out.partition("What is different for everyone")
    assert re.search(r"juggling +at standard +below standard +1\n", summary)
    assert "cut 3.5 (acceptable 4) on fto-7 → 4.5 (acceptable 5) on fto-7" in details
    assert "account:R-mid@https://academy.example, juggling: at standard → below standard" in details
    assert "R-good" not in details
    code, _, err = academy.lrs("plugin", "activate", "juggling")
    assert code == 0
    assert "version 2, counts since" in err
    [now] = [
        one for one in academy.as_json("profile", "R-mid")["competencies"] if one["competency"] == "juggling"
    ]
    assert (now["verdict"], now["rubric"]["version"]) == ("below_standard", "2")
    assert academy.lrs("profile", "R-mid", "--as-of", then, "--json")[1] == before


def test_generations_are_listed_with_what_counts(academy: Academy) -> None:
    academy.write("2")
    academy.lrs("reprofile", "juggling")
    listed = [one for one in academy.as_json("plugin", "generations") if one["plugin"] == "juggling"]
    assert [(one["version"], one["kind"], one["loaded"]) for one in listed] == [
        ("1", "live", False),
        ("2", "rebuilt", True),
    ]
    assert [one["in_force"] is not None for one in listed] == [True, False]
    academy.lrs("plugin", "activate", "juggling")
    _, out, _ = academy.lrs("plugin", "generations")
    assert len(re.findall(r"^\d+ +juggling +", out, re.MULTILINE)) == 2
    [counting] = [
        one
        for one in academy.as_json("plugin", "generations")
        if one["plugin"] == "juggling" and one["in_force"]
    ]
    assert counting["version"] == "2"


def test_once_all_of_it_counts_there_is_nothing_to_do(academy: Academy) -> None:
    academy.lrs("reprofile", "juggling")
    academy.lrs("plugin", "activate", "juggling")
    code, _, err = academy.lrs("reprofile", "juggling")
    assert code == 0
    assert "nothing to activate" in err


@pytest.mark.slow
def test_two_processes_share_the_work(academy: Academy) -> None:
    # More than a part, or a second process would not be started.
    academy.rate("R-many", *[5] * 8_100)
    whole = academy.as_json("reprofile", "juggling", "--processes", "2")
    assert (whole["statements"], whole["left"], whole["processes_lost"]) == (8_150, 0, 0)
    [generation] = whole["generations"]
    assert generation["evidence"] == 8_150


def test_another_table_of_scoring_is_compared(academy: Academy, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[scoring]\nmin_mass = 20\n")
    found = academy.as_json("plugin", "compare", "juggling", "--scoring", "other.toml")
    [turned] = found["verdict_changes"]
    assert (turned["before"]["verdict"], turned["after"]["verdict"]) == ("at_standard", "insufficient")
    assert found["rules"] == {"juggling": ["min_mass 3 → 20"]}
    _, out, _ = academy.lrs("plugin", "compare", "juggling", "--scoring", "other.toml")
    assert "The evidence is the same" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plugin", "activate", "juggling"), "lrs reprofile juggling"),
        (("plugin", "compare", "juggling"), "lrs reprofile juggling"),
        (("plugin", "compare", "juggling", "--against", "1"), "no rebuilt generation 1"),
        (("plugin", "compare", "juggling", "--model", "charm/1"), "charm/1"),
        (("plugin", "compare", "juggling", "--scoring", "wrong.toml"), "no table [scoring]"),
        (("plugin", "compare", "juggling", "--scoring", "broken.toml"), "cannot be read"),
        (("plugin", "forget", "1"), "Generation 1 has to be kept"),
        (("plugin", "forget", "99"), "no generation 99"),
        (("reprofile", "charm"), "no plugin charm"),
        (("plugin", "rerun", "charm"), "no plugin charm"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(
    academy: Academy, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "wrong.toml").write_text("min_mass = 20\n")
    (tmp_path / "broken.toml").write_text("[scoring\n")
    code, out, err = academy.lrs(*arguments)
    assert (code, out) == (1, "")
    assert "Error: " in err
    assert told in err
    assert "Traceback" not in err


def test_a_generation_that_nobody_wants_is_deleted(academy: Academy) -> None:
    academy.write("2")
    [made] = academy.as_json("reprofile", "juggling")["generations"]
    code, _, err = academy.lrs("plugin", "forget", str(made["generation"]))
    assert (code, "Pieces of evidence that it had: 50." in err) == (0, True)
    assert made["generation"] not in [one["generation"] for one in academy.as_json("plugin", "generations")]


def fail(config_url: str) -> None:
    """Put a statement into the store on which version 1 of the plugin failed as it came in."""
    store = open_store(config_url)
    new = statement(verb=RATED, target=KEEPS_BALLS)
    host = host_with(juggling=plugin("1", Judge(name="other")))
    findings = host.recognise([{**new.parsed, "result": {}}])
    store.add(Submission(statements=[new], findings=findings))
    store.close()


def test_failures_are_listed_and_tried_again(academy: Academy, tmp_path: Path) -> None:
    fail(f"sqlite:///{tmp_path / 'cli.db'}")
    [failure] = academy.as_json("plugin", "quarantine")
    assert "KeyError" in failure["reason"]
    _, out, err = academy.lrs("plugin", "quarantine")
    assert failure["statement_id"] in out
    assert "lrs plugin rerun" in err
    code, out, err = academy.lrs("plugin", "rerun")
    assert code == 0
    assert re.search(rf"{failure['statement_id']} +juggling +nothing ", out)
    assert "Mended: 1, of which nothing was found in 1. Still failing: 0." in err
    assert academy.as_json("plugin", "quarantine") == []


def test_a_failure_whose_plugin_is_gone_ends_with_exit_code_1(
    academy: Academy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(f"sqlite:///{tmp_path / 'cli.db'}")
    monkeypatch.setenv("LRS_PLUGIN_FOLDERS", "")
    code, out, err = academy.lrs("plugin", "rerun", "--json")
    assert (code, json.loads(out)[0]["fate"]) == (1, "not_loaded")
    assert "Plugin not loaded: 1" in err
