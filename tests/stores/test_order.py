"""The order of evidence and of texts, as laws."""

from collections.abc import Sequence
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from lrs.competency.evidence import Finding
from lrs.stores.contract_samples import evidence, finding
from lrs.stores.order import behind, in_order

# Few letters, those at the edges among them, so that texts have prefixes in common.
TEXTS = st.text("ab\ud7ff\ue000\U0010fffe\U0010ffff", max_size=4)

PIECES = st.builds(
    evidence,
    rule=st.sampled_from("ab"),
    indicator=st.sampled_from([None, "i", "j"]),
    rating=st.sampled_from([1.0, 2.0]),
)
FINDINGS = st.lists(
    st.builds(
        lambda plugin, pieces: finding(*pieces, plugin=plugin), st.sampled_from("pq"), st.lists(PIECES)
    ),
    max_size=4,
)


@given(FINDINGS, st.randoms(use_true_random=False))
def test_the_order_of_findings_never_shows(findings: list[Finding], random: Random) -> None:
    shuffled = random.sample(findings, len(findings))
    assert _shown(in_order(shuffled)) == _shown(in_order(findings))


def _shown(pairs: Sequence[tuple[Finding, object]]) -> list[tuple[str, object]]:
    return [(finding.source.plugin, piece) for finding, piece in pairs]


@given(TEXTS, TEXTS)
def test_texts_from_a_prefix_up_to_what_is_behind_it_are_those_that_start_with_it(
    prefix: str, text: str
) -> None:
    end = behind(prefix)
    assert text.startswith(prefix) == (prefix <= text and (end is None or text < end))
