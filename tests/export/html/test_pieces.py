"""However marks and edges lie, the pieces of a text are the text."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from extractor.export.html.pieces import cut


class Stretch(NamedTuple):
    start: int
    end: int


places = st.integers(-5, 40)


@given(st.text(max_size=25), st.lists(st.builds(Stretch, places, places), max_size=10), st.lists(places), places)
def test_joined_they_are_the_text(text: str, marks: list[Stretch], edges: list[int], offset: int) -> None:
    pieces = list(cut(text, marks, offset, edges))
    assert "".join(words for _, words, _ in pieces) == text
    for start, words, covering in pieces:
        assert words
        assert text[start - offset :].startswith(words)
        inside = range(start, start + len(words))
        assert not [edge for edge in edges if edge in inside[1:]]
        whole = [mark for mark in marks if offset <= mark.start <= start and inside[-1] < mark.end]
        assert list(covering) == whole
