"""Count words to the fewest and the most that they allow."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.derive.counts import Bounds, bounds

UNKNOWN = Bounds(None, None)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("12", 12),
        ("twelve", 12),
        ("the 12 soldiers", 12),
        ("two soldiers", 2),
        ("one hundred and twenty-three people", 123),
        ("twelve (12) people", 12),
        ("a total of nine", 9),
        ("an estimated 40", 40),
        ("about 40", 40),
        ("some 40 fighters", 40),
        ("1,200", 1200),
        ("1.200", 1200),
        ("1 200", 1200),
        ("1\u202f200", 1200),
        ("2.5 million", 2_500_000),
        ("twenty-three thousand", 23_000),
        ("a hundred", 100),
        ("a dozen", 12),
        ("half a dozen", 6),
        ("two dozen", 24),
        ("both", 2),
        ("a pair of pilots", 2),
        ("a group of 5 fighters", 5),
        ("two of the 15 soldiers", 2),
        ("seven out of the nine", 7),
        ("two F-16s", 2),
        ("١٢", 12),
        ("१२", 12),
        ("１２", 12),
    ],
)
def test_a_plain_figure_is_both_ends(words: str, count: int) -> None:
    assert bounds(words) == Bounds(count, count)


@pytest.mark.parametrize(
    "words",
    [
        "a", "a soldier", "the pilot", "one", "another man", "his wife", "a US warplane", "an M-14 rifle",
        "one of them",
        "the second soldier", "a 12-year-old boy", "a twelve-year-old boy", "a pilot of the downed jet",
    ],
)  # fmt: skip
def test_one_that_is_named_is_one(words: str) -> None:
    assert bounds(words) == Bounds(1, 1)


@pytest.mark.parametrize(
    "words", ["no one", "none", "nobody", "no casualties", "no civilian deaths", "not a single soldier", "zero"]
)
def test_none_that_is_said_is_zero(words: str) -> None:
    assert bounds(words) == Bounds(0, 0)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("at least 5", Bounds(5, None)),
        ("at least five soldiers", Bounds(5, None)),
        ("no fewer than 5", Bounds(5, None)),
        ("five at least", Bounds(5, None)),
        ("40 or more", Bounds(40, None)),
        ("30+", Bounds(30, None)),
        ("60-plus", Bounds(60, None)),
        ("more than 30", Bounds(31, None)),
        ("over a dozen", Bounds(13, None)),
        ("at least two dozen", Bounds(24, None)),
        ("up to 12", Bounds(None, 12)),
        ("as many as 12", Bounds(None, 12)),
        ("at most 12", Bounds(None, 12)),
        ("no more than 5", Bounds(None, 5)),
        ("nearly 40", Bounds(None, 40)),
        ("fewer than 10", Bounds(None, 9)),
        ("between 5 and 8", Bounds(5, 8)),
        ("5-8", Bounds(5, 8)),
        ("5–8 people", Bounds(5, 8)),
        ("five to eight", Bounds(5, 8)),
        ("one or two", Bounds(1, 2)),
        ("two or three dozen", Bounds(24, 36)),
        ("40 to 50 thousand", Bounds(40_000, 50_000)),
        ("at least five and at most eight", Bounds(5, 8)),
    ],
)
def test_words_that_bound_a_figure(words: str, expected: Bounds) -> None:
    assert bounds(words) == expected


@pytest.mark.parametrize(
    "words",
    [
        "", "dozens", "many", "many fighters", "several", "hundreds of people", "tens of thousands", "a couple",
        "several dozen",
        "civilians", "the soldiers", "people", "bombs",
        "the army", "a family", "a group of fighters", "a number of soldiers", "a man and a woman",
        "most of the 15", "half of the 30", "two-thirds", "30 percent", "1 in 5",
        "three soldiers and two civilians", "one soldier and one civilian", "12 killed, 30 wounded", "5 to 3",
        "12 km", "three hours", "$500", "12 March", "16:25", "7.62", "the 11th brigade", "SU-22 jets",
        "no information", "no reports of casualties", "an unknown number", "9" * 30,
    ],
)  # fmt: skip
def test_what_gives_no_bounds(words: str) -> None:
    assert bounds(words) == UNKNOWN


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("fr", "au moins cinq soldats", Bounds(5, None)),
        ("fr", "plus de 30", Bounds(31, None)),
        ("fr", "jusqu'à 12", Bounds(None, 12)),
        ("fr", "aucun blessé", Bounds(0, 0)),
        ("fr", "une dizaine", UNKNOWN),
        ("es", "entre cinco y ocho", Bounds(5, 8)),
        ("es", "2 mil", Bounds(2000, 2000)),
        ("de", "mehr als zwanzig", Bounds(21, None)),
        ("de", "5 bis 8", Bounds(5, 8)),
        ("ru", "не менее 5 человек", Bounds(5, None)),
        ("ru", "от 5 до 8", Bounds(5, 8)),
        ("ru", "десятки", UNKNOWN),
        ("ar", "أكثر من ٣٠", Bounds(31, None)),
        ("ar", "ما لا يقل عن ٥", Bounds(5, None)),
        ("zh", "至少5人", Bounds(5, None)),
        ("zh", "3万人", Bounds(30_000, 30_000)),
        ("el", "12 στρατιώτες", Bounds(12, 12)),
        ("el", "τουλάχιστον 12", UNKNOWN),
    ],
)
def test_other_languages(language: str, words: str, expected: Bounds) -> None:
    assert bounds(words, language) == expected


NUMBERS = st.integers(0, 10**9)


@given(NUMBERS, st.sampled_from(["{}", "{:,}", "the {} soldiers", "{:,} people"]), st.sampled_from("0٠०"))
def test_digits_of_any_script_come_out_as_written(number: int, form: str, zero: str) -> None:
    words = "".join(
        chr(ord(zero) + int(char)) if char.isascii() and char.isdigit() else char for char in form.format(number)
    )
    assert bounds(words) == Bounds(number, number)


@given(NUMBERS, NUMBERS)
def test_two_figures_are_a_range_only_in_order(first: int, second: int) -> None:
    expected = Bounds(first, second) if first < second else UNKNOWN
    assert bounds(f"{first} to {second}") == bounds(f"between {first:,} and {second:,}") == expected


PIECES = """at least|more than|up to|fewer than|nearly|about|no|none|one|two|dozen|dozens|million|5|8|0|1,200|2.5|a|the
|of|to|or|and|between|-|soldiers|pilot|de|mil|не менее|至少|万|+"""


@given(
    st.text(max_size=40) | st.lists(st.sampled_from(re.split(r"\n?\|", PIECES)), max_size=6).map(" ".join),
    st.sampled_from([None, "en", "fr", "es", "ru", "zh", "xx"]),
)
def test_bounds_are_in_order_and_never_negative(words: str, language: str | None) -> None:
    low, high = bounds(words, language)
    assert low is None or low >= 0
    assert high is None or high >= 0
    assert low is None or high is None or low <= high
