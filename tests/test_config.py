"""Settings from the environment and a file, and the words for a wrong one."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from lrs.config import SETTINGS, Config, load
from lrs.errors import ConfigError


def write(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text)
    return file


def test_without_settings_the_defaults_are_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load({}) == Config()


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(tmp_path: Path) -> None:
    file = write(tmp_path, 'port = 9000\nworkers = 3\nplugins_off = ["leadership"]\n')
    config = load({"LRS_PORT": "9001"}, file)
    assert (config.port, config.workers, config.plugins_off) == (9001, 3, ("leadership",))
    assert config.threads == Config().threads


def test_the_file_is_named_by_the_environment_or_lies_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path, "port = 9000\n")
    assert load({"LRS_CONFIG": str(file)}).port == 9000
    file.rename(tmp_path / "rapport.toml")
    monkeypatch.chdir(tmp_path)
    assert load({}).port == 9000


def test_tables_are_kept_for_the_model_and_the_plugins(tmp_path: Path) -> None:
    config = load({}, write(tmp_path, "[scoring]\nhalf_life_days = 365\n[plugins.communication]\nx = 1\n"))
    assert config.scoring == {"half_life_days": 365}
    assert config.plugins == {"communication": {"x": 1}}


@pytest.mark.parametrize(
    ("environ", "text", "words"),
    [
        ({"LRS_PROT": "1"}, "", "LRS_PROT"),
        ({"LRS_PORT": "many"}, "", "expected a port number"),
        ({"LRS_PORT": "0"}, "", "LRS_PORT"),
        ({"LRS_PORT": "70000"}, "", "1 to 65535"),
        ({"LRS_BASE_URL": "not a url"}, "", "http"),
        ({"LRS_LOG_LEVEL": "loud"}, "", "debug, info"),
        ({}, "prot = 1\n", "prot is not a setting"),
        ({}, "port = 'x'\n", "port"),
        ({}, "port = \n", "cannot be read"),
        ({}, "scoring = 1\n", "expected a table"),
        ({"LRS_PAGE_SIZE": "600"}, "", "max_page_size"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(
    tmp_path: Path, environ: dict[str, str], text: str, words: str
) -> None:
    with pytest.raises(ConfigError, match=words):
        load(environ, write(tmp_path, text))


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no configuration file"):
        load({}, tmp_path / "missing.toml")


def test_the_table_of_settings_has_them_all() -> None:
    assert {setting.name for setting in SETTINGS} | {"scoring", "plugins"} == {
        one.name for one in fields(Config)
    }
    default = Config()
    for setting in SETTINGS:
        value = getattr(default, setting.name)
        text = ",".join(value) if isinstance(value, tuple) else str(value)
        assert setting.parse(text) == value


def test_the_public_url_is_the_base_url_or_the_address() -> None:
    assert Config(base_url="https://lrs.example/").public_url == "https://lrs.example"
    assert Config(host="127.0.0.1", port=81).public_url == "http://127.0.0.1:81"
