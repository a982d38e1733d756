from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.errors import Detail, InvalidParameter
from lrs.services.cursors import read_more, write_more
from lrs.xapi.query import Cursor
from lrs.xapi.statement_parameters import KNOWN

SECRET = bytes(range(32))
PARAMETERS = {
    "agent": '{"mbox":"mailto:officer-17@academy.example"}',
    "limit": "2",
    "verb": "https://x.example/é",
}
CURSOR = Cursor(1_763_877_600_123_456, "6690e6c9-3ef0-4ed3-8b37-7f3964730bee")
TOKEN = write_more(PARAMETERS, CURSOR, SECRET)


def refused(token: str, secret: bytes = SECRET) -> bool:
    try:
        read_more(token, secret)
    except InvalidParameter:
        return True
    return False


@given(
    st.dictionaries(st.sampled_from(KNOWN), st.text(), max_size=4),
    st.builds(Cursor, st.integers(-(2**60), 2**60), st.uuids().map(str)),
    st.binary(min_size=1, max_size=40),
)
def test_reading_undoes_writing(parameters: dict[str, str], cursor: Cursor, secret: bytes) -> None:
    token = write_more(parameters, cursor, secret)
    back = read_more(token, secret)
    assert back == (parameters, cursor)
    assert isinstance(back[1], Cursor)


def test_a_token_needs_no_quoting_in_a_url() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", TOKEN)


def test_the_same_page_has_the_same_token() -> None:
    assert write_more(dict(PARAMETERS), Cursor(*CURSOR), SECRET) == TOKEN


@given(st.integers(0, len(TOKEN) * 7 - 1))
def test_any_flipped_bit_is_refused(bit: int) -> None:
    place, which = divmod(bit, 7)
    other = chr(ord(TOKEN[place]) ^ (1 << which))
    assert refused(TOKEN[:place] + other + TOKEN[place + 1 :])


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_any_other_character_is_refused(place: int, other: str) -> None:
    changed = TOKEN[:place] + other + TOKEN[place + 1 :]
    assert refused(changed) == (changed != TOKEN)


@pytest.mark.parametrize("length", range(12))
def test_a_token_has_one_spelling_only(length: int) -> None:
    # Base64 of most lengths ends in bits that are thrown away, and a lenient reader takes padding and `+/`.
    token = write_more({"verb": "x" * length + "?>?>~~"}, CURSOR, SECRET)
    for alike in (
        token + "=",
        token + "==",
        token + "\n",
        " " + token,
        token.replace("-", "+").replace("_", "/"),
    ):
        assert refused(alike) == (alike != token)
    same = {token[:-1] + chr(code) for code in range(128)} - {token}
    assert all(map(refused, same))


@given(
    st.text(max_size=60) | st.binary(max_size=60).map(lambda data: base64.urlsafe_b64encode(data).decode())
)
def test_what_this_server_did_not_write_is_refused(token: str) -> None:
    assert refused(token)


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 20, len(TOKEN) - 22, len(TOKEN) - 1])
def test_a_token_that_was_cut_off_is_refused(cut: int) -> None:
    assert refused(TOKEN[:-cut])
    assert refused(TOKEN[cut:])


def test_a_token_of_another_server_is_refused() -> None:
    assert refused(TOKEN, bytes(32))


@pytest.mark.parametrize(("token", "found"), [("x" * 100, "x" * 80), ("\ud800", "?"), ("", "")])
def test_a_refusal_says_what_would_be_right(token: str, found: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        read_more(token, SECRET)
    assert caught.value.details == (
        Detail("more", found, "the more member of a statement result, unchanged"),
    )
