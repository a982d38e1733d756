from __future__ import annotations

import pytest

from lrs.errors import UnsupportedVersion
from lrs.xapi.versions import SUPPORTED, Version, negotiate


@pytest.mark.parametrize("header", ["1.0", " 1.0.3 ", *(f"1.0.{patch}" for patch in range(10))])
def test_every_1_0_is_1_0_3(header: str) -> None:
    assert negotiate(header) is Version.V1


@pytest.mark.parametrize("header", ["2.0", "2.0.0", "2.0.1"])
def test_every_2_0_is_2_0_0(header: str) -> None:
    assert negotiate(header) is Version.V2


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "0.9",
        "0.95",
        "1",
        "1.1.0",
        "2",
        "2.1.0",
        "3.0.0",
        "1.0.",
        "1.0.03",
        "1.0.3.1",
        "bad",
        "1.0.3, 2.0.0",
        "1.0.\u0663",
    ],
)
def test_another_version_or_none_is_unsupported(header: str | None) -> None:
    with pytest.raises(UnsupportedVersion) as caught:
        negotiate(header)
    (detail,) = caught.value.details
    assert detail.path == "X-Experience-API-Version"
    assert detail.found == (f'"{header}"' if header else "nothing")
    assert detail.expected == "1.0.3 or 2.0.0"


def test_about_lists_both() -> None:
    assert SUPPORTED == ("1.0.3", "2.0.0")


def test_a_statement_without_version_gets_the_one_of_its_data_model() -> None:
    assert [version.stamp for version in Version] == ["1.0.0", "2.0.0"]
