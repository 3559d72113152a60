"""Sources as PolNeAR marks them: whole noun phrases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bench.polnear.noun_phrases import whole


def widened(text: str, source: str, cue: str) -> str:
    start, said = text.index(source), text.index(cue)
    ((a, b),) = whole(text, ((start, start + len(source)),), ((said, said + len(cue)),))
    return text[a:b]


@pytest.mark.parametrize(
    ("text", "source", "cue", "phrase"),
    [
        ("On Friday former minister Maria Lund said no.", "Maria Lund", "said", "former minister Maria Lund"),
        ("“No,” said Maria Lund, a banker from Oslo.", "Maria Lund", "said", "Maria Lund, a banker from Oslo"),
        ("A spokesman for the two fleets said so.", "A spokesman", "said", "A spokesman for the two fleets"),
        ("He left. Sen. Ada Berg said so.", "Ada Berg", "said", "Sen. Ada Berg"),
        ("According to town council minutes it rained.", "council minutes", "According to", "town council minutes"),
        ("Maria Lund on Monday said no.", "Maria Lund", "said", "Maria Lund"),
        ("That prompted Lund to say it.", "Lund", "say", "Lund"),
        ("When the ship sank Lund said so.", "Lund", "said", "Lund"),
        ("In the port she said so.", "she", "said", "she"),
        ("Maria Lund, a mayor was told, said so.", "Maria Lund", "said", "Maria Lund"),
    ],
)  # fmt: skip
def test_a_name_is_widened_to_what_the_annotators_marked(text: str, source: str, cue: str, phrase: str) -> None:
    assert widened(text, source, cue) == phrase


def test_no_source_stays_none() -> None:
    assert whole("It rained.", (), ()) == ()


@given(st.text(max_size=200), st.data())
def test_it_holds_the_source_and_stays_in_the_text(text: str, data: st.DataObject) -> None:
    a, b, c, d = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 4)))
    ((start, end),) = whole(text, ((a, b),), ((c, d),))
    assert 0 <= start <= a <= b <= end <= len(text)
