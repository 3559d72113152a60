"""The numbers of a sentence that may count people."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.derive.counts import bounds, tells_number
from extractor.plans.stepwise.numbers import numbers_in


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("It killed at least 12 people.", ["at least 12"]),
        ("At least 12 died, at least 12 are lost.", ["At least 12", "at least 12"]),
        ("The raid left 10 killed and 26 wounded.", ["10", "26"]),
        ("Some 1,200 men and nearly 40 women fled.", ["Some 1,200", "nearly 40"]),
        ("Between 10 and 20 people are missing.", ["Between 10 and 20"]),
        ("Three to five guards and 5-7 drivers fell.", ["Three to five", "5-7"]),
        ("Two hundred and fifty people left.", ["Two hundred and fifty"]),
        ("It held twenty-three men, another two are sought.", ["twenty-three", "another two"]),
        ("Dozens fell, hundreds of thousands fled.", ["Dozens", "hundreds of thousands"]),
        ("Nobody was hurt and none of the six fled.", ["Nobody", "none", "six"]),
        ("Up to 12 of the 15 men live.", ["Up to 12", "15"]),
        ("He is one of those seen.", ["one"]),
    ],
)
def test_number_phrases_are_found_whole_and_in_order(sentence: str, numbers: list[str]) -> None:
    assert numbers_in(sentence, "en") == numbers


@pytest.mark.parametrize(
    ("sentence", "numbers"),
    [
        ("Some lost two dozen men.", ["two dozen"]),
        ("They held more than two dozen.", ["more than two dozen"]),
        ("A dozen men and half a dozen boys left.", ["A dozen", "half a dozen"]),
        ("Half a million people left.", ["Half a million"]),
        ("The war drove 2.5 million people out.", ["2.5 million"]),
        ("No one was hurt.", ["No one"]),
    ],
)
def test_numbers_of_several_words_are_found_whole(sentence: str, numbers: list[str]) -> None:
    assert numbers_in(sentence, "en") == numbers


@pytest.mark.parametrize("number", ["two", "12", "at least 12", "nobody"])
def test_no_number_is_asked_about_twice(number: str) -> None:
    assert numbers_in(f"Now {number} in the north, {number} in the south.", "en") == [number]


@pytest.mark.parametrize(
    "sentence",
    [
        "It began in 1998 and ended in 2017.",
        "It was on 3 May 2017, a Friday.",
        "From 12-15 May and on 4 July it rained.",
        "It lies 40 km, or two hours, to the south.",
        "They flew 2,000 metres up for three days.",
        "A 12-year-old boy saw the second raid.",
        "Both of the Su-25 jets and the T-72 tank are old.",
        "Many a first half was the majority of a quarter.",
        "The 2nd army left.",
        "It rained.",
    ],
)
def test_years_days_measures_and_names_are_left_out(sentence: str) -> None:
    assert numbers_in(sentence, "en") == []


@pytest.mark.parametrize("sentence", ["It took 5% of it.", "It began at 10:30.", "It cost $5 million."])
def test_shares_times_and_money_are_left_out(sentence: str) -> None:
    assert numbers_in(sentence, "en") == []


def test_a_language_may_have_its_own_number_words() -> None:
    assert numbers_in("Mató a dos agentes.", "es") == ["dos"]
    assert numbers_in("Mató a dos agentes.", "en") == []


_WORDS = st.sampled_from(
    ["at least", "more than", "two", "Two", "dozen", "hundreds", "of", "12", "1,200", "2.5", "million", "and", "to",
     "-", "–", "%", "$", ",", ".", "’s", "\n", "\u00a0", "no", "one", "men", "May", "2017", "twenty-two", "١٢", "some"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(_WORDS | st.text(max_size=3), st.sampled_from([" ", ""])), max_size=12))
def test_every_number_phrase_stands_in_the_sentence_and_none_comes_twice(pieces: list[tuple[str, str]]) -> None:
    sentence = "".join(word + gap for word, gap in pieces)
    for language in ("en", None):
        found = numbers_in(sentence, language)
        assert len(set(found)) == len(found)
        at = 0
        for phrase in found:
            at = sentence.find(phrase, at)
            assert at >= 0, "in the order of the sentence"
            assert phrase.strip() == phrase != ""


@settings(deadline=None)
@given(st.integers(1, 10**6), st.sampled_from(["", "at least ", "nearly ", "more than "]))
def test_a_count_before_people_is_always_found(number: int, before: str) -> None:
    (found,) = numbers_in(f"The raid killed {before}{number:,} people.", "en")
    assert found == f"{before}{number:,}"
    assert tells_number(found, "en")
    assert bounds(found, "en") == bounds(f"{before}{number}", "en")
