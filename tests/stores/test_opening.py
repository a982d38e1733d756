import subprocess
import sys
from pathlib import Path

import pytest

from lrs.errors import ConfigError
from lrs.stores.opening import open_store, shown


def test_three_slashes_are_a_file_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///here.db").initialise()
    assert (tmp_path / "here.db").is_file()


def test_four_slashes_are_an_absolute_file_whose_folders_are_made(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/a/b/there.db").initialise()
    assert (tmp_path / "a" / "b" / "there.db").is_file()


def test_the_url_of_a_store_opens_it_again(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/100%25 odd %3F name.db")
    store.initialise()
    assert (tmp_path / "100% odd ? name.db").is_file()
    again = open_store(store.url)
    again.ping()
    assert again.url == store.url
    again.close()


def test_opening_makes_no_file(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/later.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["", "rapport.db", "/data/rapport.db", "oracle://host/rapport", "SQLITE:///x"]
)
def test_an_unknown_scheme_is_refused_with_the_known_ones(url: str) -> None:
    with pytest.raises(ConfigError, match="sqlite"):
        open_store(url)


def test_a_password_in_a_refused_url_is_not_repeated() -> None:
    with pytest.raises(ConfigError) as caught:
        open_store("oracle://scott:tiger@host/rapport")
    assert "tiger" not in caught.value.message


@pytest.mark.parametrize(
    "url", ["sqlite:", "sqlite://", "sqlite:///", "sqlite://rapport.db", "sqlite:///x?mode=ro"]
)
def test_a_sqlite_url_without_a_file_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="sqlite:///relative"):
        open_store(url)


@pytest.mark.parametrize(
    "option",
    ["w=1", "journal=false", "readConcernLevel=local", "readPreference=secondary", "retryWrites=false"],
)
def test_a_mongodb_url_may_not_weaken_what_is_acknowledged(option: str) -> None:
    with pytest.raises(ConfigError, match=option.partition("=")[0]):
        open_store(f"mongodb://127.0.0.1/rapport?{option}")


@pytest.mark.parametrize("url", ["mongodb://", "mongodb://a:b@c@d/x", "mongodb://host:port/x"])
def test_a_mongodb_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="MongoDB"):
        open_store(url)


def test_opening_a_mongodb_asks_no_server() -> None:
    open_store("mongodb://127.0.0.1:1/rapport?serverSelectionTimeoutMS=1").close()
    open_store("mongodb+srv://cluster.invalid/rapport").close()


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("mongodb://ann:s3cret@a.example:1,b.example/rapport", "mongodb://a.example:1,b.example/rapport"),
        ("mongodb+srv://ann:s%40t@a.example/?tlsCertificateKeyFilePassword=pw", "mongodb+srv://a.example/"),
        ("sqlite:////data/a@b.db", "sqlite:////data/a@b.db"),
        ("oracle://scott:tiger@host/x", "oracle://host/x"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url: str, seen: str) -> None:
    assert shown(url) == seen


def test_an_engine_is_imported_only_when_asked_for() -> None:
    code = (
        "import sys, lrs.stores.opening as o\n"
        "assert not any(name in sys.modules for name in ('sqlite3', 'pymongo', 'mongoengine', 'pytest'))\n"
        "o.open_store('sqlite:///x.db')\n"
        "assert 'sqlite3' in sys.modules and 'pymongo' not in sys.modules and 'pytest' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
