"""Reading answers that nobody can be trusted to have written."""

import json
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from extractor.llm.answers import LARGEST_INTEGER, salvage, shorten

integers = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
values = st.recursive(
    st.none() | st.booleans() | integers | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def is_part(part: Any, whole: Any) -> bool:
    """Whether `part` is `whole` with things left out at the ends of its lists and objects."""
    if type(part) is not type(whole):
        return False
    match part:
        case list():
            return len(cast(list[Any], part)) <= len(whole) and all(map(is_part, cast(list[Any], part), whole))
        case dict():
            return all(key in whole and is_part(value, whole[key]) for key, value in cast(dict[str, Any], part).items())
        case _:
            return part == whole


@given(st.dictionaries(st.text(), values) | st.lists(values), st.data(), st.booleans(), st.sampled_from([None, 2]))
def test_what_is_salvaged_was_said(whole: Any, data: st.DataObject, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(whole, ensure_ascii=ascii_only, indent=indent)
    cut = data.draw(st.integers(0, len(text)))
    part = salvage(text[:cut])
    assert part is None or is_part(part, whole)
    if cut == len(text):
        assert part == whole


@given(st.text() | st.binary())
def test_what_is_shown_of_an_answer_is_one_short_line(text: str | bytes) -> None:
    shown = shorten(text, 20)
    assert len(shown) <= 20
    assert shown.isprintable()


def test_short_words_are_shown_as_they_are() -> None:
    assert shorten("  not\n here ") == "not here"
    assert shorten("ab" * 30, 10) == "abababaab"[:4] + "ababa…"
    assert shorten("é".encode() + b"\xff") == "é�"
