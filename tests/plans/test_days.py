"""Days in a sentence: what is offered to a small model as the day of an event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.plans.stepwise.days import days_in


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Gunmen fired on Tuesday, killing six.", ["on Tuesday"]),
        ("On 27 November the cell announced a strike.", ["On 27 November"]),
        ("The war that began in 2011 took lives in the last two weeks.", ["in 2011", "in the last two weeks"]),
        ("They meet next Monday; the raid was yesterday evening.", ["next Monday", "yesterday"]),
        ("We saw it, and it may go on.", []),
        ("It was the first of 34 attacks, with 3 dead.", []),
        ("", []),
    ],
)
def test_days_are_found_whole_and_in_order(sentence: str, days: list[str]) -> None:
    assert days_in(sentence, "en") == days


def test_other_languages_have_days_too() -> None:
    assert days_in("Una bomba estalló el lunes en la plaza.", "es") == ["el lunes"]


@given(st.lists(st.sampled_from(["on", "Monday", "3", "May", "2019", "two", "men", "last", "week", ","]), max_size=8))
def test_every_phrase_stands_in_the_sentence_once(words: list[str]) -> None:
    sentence = " ".join(words)
    found = days_in(sentence, "en")
    assert len(found) == len(set(found))
    assert all(phrase in sentence for phrase in found)
