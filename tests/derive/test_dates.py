"""Date words to civil days, seen from a Wednesday in June unless a test says otherwise."""

import re
import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.derive.civil_days import stretch
from extractor.derive.dates import Resolved, resolve

WEDNESDAY = date(2021, 6, 16)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ANCHORS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def days(words: str, anchor: date | None = WEDNESDAY, *, planned: bool = False, language: str | None = "en") -> str:
    """The answer in one line: "earliest latest precision", or the reason why there is none."""
    found = resolve(words, anchor, planned=planned, language=language)
    return found.unresolved or f"{found.earliest} {found.latest} {found.precision}"


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [
        ("2024-03-10", "2024-03-10"),
        ("2024-03-11", "2024-03-10"),
        ("2024-03-16", "2024-03-10"),
        ("2024-03-17", "2024-03-17"),
    ],
)
def test_a_weekday_is_the_nearest_on_or_before_the_document_date(anchor: str, expected: str) -> None:
    day = date.fromisoformat(expected)
    assert resolve("on Sunday", date.fromisoformat(anchor)) == Resolved(day, day, "day", None)


def test_a_weekday_says_nothing_without_a_document_date() -> None:
    assert resolve("on Sunday", None) == Resolved(None, None, None, "no document date")


@given(ANCHORS, st.integers(0, 6))
def test_weekday_laws(anchor: date, weekday: int) -> None:
    words = f"on {WEEKDAYS[weekday]}"
    past = resolve(words, anchor).earliest
    ahead = resolve(words, anchor, planned=True).earliest
    week_on = resolve(words, anchor + timedelta(days=7)).earliest
    assert past
    assert ahead
    assert past.weekday() == ahead.weekday() == weekday
    assert 0 <= (anchor - past).days < 7
    assert 0 <= (ahead - anchor).days < 7
    assert week_on == past + timedelta(days=7)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("before the end of the month", "2021-06-16 2021-06-30 days"),
        ("before the week is out", "2021-06-16 2021-06-20 days"),
        ("by the end of the week", "2021-06-16 2021-06-20 days"),
        ("by Friday", "2021-06-16 2021-06-18 days"),
        ("before Friday", "2021-06-16 2021-06-17 days"),
        ("until 20 June", "2021-06-16 2021-06-20 days"),
        ("before Christmas", "2021-06-16 2021-12-24 days"),
        ("before dawn", "only a time of day"),
        ("before the rains", "has no beginning"),
        ("72 hours from midnight on Sunday", "2021-06-20 2021-06-23 days"),
        ("on New Year's Eve", "2021-12-31 2021-12-31 day"),
    ],
)
def test_what_is_planned_ends_by_the_time_that_is_named(words: str, expected: str) -> None:
    assert days(words, planned=True) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("yesterday", "2021-06-15 2021-06-15 day"),
        ("today", "2021-06-16 2021-06-16 day"),
        ("tonight", "2021-06-16 2021-06-16 day"),
        ("this morning", "2021-06-16 2021-06-16 day"),
        ("tomorrow", "2021-06-17 2021-06-17 day"),
        ("last night", "2021-06-15 2021-06-15 day"),
        ("the day before yesterday", "2021-06-14 2021-06-14 day"),
        ("two days ago", "2021-06-14 2021-06-14 day"),
        ("Sunday night", "2021-06-13 2021-06-13 day"),
        ("early Monday", "2021-06-14 2021-06-14 day"),
        ("in the early hours of Monday", "2021-06-14 2021-06-14 day"),
        ("last Wednesday", "2021-06-09 2021-06-09 day"),
        ("next Wednesday", "2021-06-23 2021-06-23 day"),
        ("Tuesday last week", "2021-06-08 2021-06-08 day"),
        ("yesterday, Tuesday", "2021-06-15 2021-06-15 day"),
        ("at around 10 a.m. on Sunday", "2021-06-13 2021-06-13 day"),
        ("14:00 GMT on Monday", "2021-06-14 2021-06-14 day"),
        ("overnight", "2021-06-15 2021-06-16 days"),
        ("over the weekend", "2021-06-12 2021-06-13 days"),
        ("this week", "2021-06-14 2021-06-20 week"),
        ("earlier this week", "2021-06-14 2021-06-16 week"),
        ("last week", "2021-06-07 2021-06-13 week"),
        ("three weeks ago", "2021-05-24 2021-05-30 week"),
        ("the week of 5 May", "2021-05-03 2021-05-09 week"),
        ("this month", "2021-06-01 2021-06-30 month"),
        ("earlier this month", "2021-06-01 2021-06-16 month"),
        ("last month", "2021-05-01 2021-05-31 month"),
        ("two months ago", "2021-04-01 2021-04-30 month"),
        ("last December", "2020-12-01 2020-12-31 month"),
        ("last year", "2020-01-01 2020-12-31 year"),
        ("the past 24 hours", "2021-06-15 2021-06-16 days"),
        ("the last twenty-four hours", "2021-06-15 2021-06-16 days"),
        ("36 hours ago", "2021-06-14 2021-06-15 days"),
        ("over the past week", "2021-06-09 2021-06-16 week"),
        ("the past two months", "2021-04-16 2021-06-16 year"),
        ("since Sunday", "2021-06-13 2021-06-16 days"),
        ("since 2011", "2011-01-01 2021-06-16 years"),
    ],
)
def test_words_counted_from_the_document_date(words: str, expected: str) -> None:
    assert days(words) == expected
    assert days(words, None) == "no document date"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("on 12 March", "2021-03-12 2021-03-12 day"),
        ("25 June", "2020-06-25 2020-06-25 day"),
        ("Dec. 6th", "2020-12-06 2020-12-06 day"),
        ("Friday, Jan. 8", "2021-01-08 2021-01-08 day"),
        ("6 January at 1625", "2021-01-06 2021-01-06 day"),
        ("29 February", "2020-02-29 2020-02-29 day"),
        ("on the 12th", "2021-06-12 2021-06-12 day"),
        ("on the 20th", "2021-05-20 2021-05-20 day"),
        ("March", "2021-03-01 2021-03-31 month"),
        ("in late March", "2021-03-01 2021-03-31 month"),
        ("mid-March", "2021-03-01 2021-03-31 month"),
        ("July", "2020-07-01 2020-07-31 month"),
        ("June", "2021-06-01 2021-06-30 month"),
        ("3-5 May", "2021-05-03 2021-05-05 days"),
        ("between 3 and 5 May", "2021-05-03 2021-05-05 days"),
        ("May 15-24", "2021-05-15 2021-05-24 days"),
        ("30 December - 2 January", "2020-12-30 2021-01-02 days"),
        ("between March and May", "2021-03-01 2021-05-31 month"),
        ("from August last year until March", "2020-08-01 2021-03-31 month"),
        ("between 1 April and 31 May", "2021-04-01 2021-05-31 days"),
        ("1 to 31 May", "2021-05-01 2021-05-31 month"),
        ("since 1 March", "2021-03-01 2021-06-16 days"),
        ("since January", "2021-01-01 2021-06-16 days"),
        ("since the beginning of the year", "2021-01-01 2021-06-16 days"),
        ("on New Year's Day", "2021-01-01 2021-01-01 day"),
        ("on Christmas Eve", "2020-12-24 2020-12-24 day"),
        ("March last year", "2020-03-01 2020-03-31 month"),
        ("Friday and Saturday", "2021-06-11 2021-06-12 days"),
        ("Friday, Saturday and Sunday", "2021-06-11 2021-06-13 days"),
        ("the night of Saturday to Sunday", "2021-06-12 2021-06-13 days"),
    ],
)
def test_a_date_without_its_year_is_the_nearest_before_the_document(words: str, expected: str) -> None:
    assert days(words) == expected
    assert days(words, None) == "no document date"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("12 March 2021", "2021-03-12 2021-03-12 day"),
        ("March 12th, 2021", "2021-03-12 2021-03-12 day"),
        ("Friday 12 March 2021", "2021-03-12 2021-03-12 day"),
        ("2021-03-12", "2021-03-12 2021-03-12 day"),
        ("2021-03-12T23:30:00Z", "2021-03-12 2021-03-12 day"),
        ("13/04/2021", "2021-04-13 2021-04-13 day"),
        ("04/13/2021", "2021-04-13 2021-04-13 day"),
        ("04/04/2021", "2021-04-04 2021-04-04 day"),
        ("March 2021", "2021-03-01 2021-03-31 month"),
        ("2021-03", "2021-03-01 2021-03-31 month"),
        ("in 2011", "2011-01-01 2011-12-31 year"),
        ("the 1990s", "1990-01-01 1999-12-31 years"),
        ("October 25-26, 2016", "2016-10-25 2016-10-26 days"),
        ("30 December - 2 January 2021", "2020-12-30 2021-01-02 days"),
        ("2021-03-12 to 2021-03-14", "2021-03-12 2021-03-14 days"),
        ("from 2011 to 2013", "2011-01-01 2013-12-31 years"),
    ],
)
def test_a_full_date_needs_no_document_date(words: str, expected: str) -> None:
    assert days(words, None) == days(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("on Sunday", "2021-06-20 2021-06-20 day"),
        ("Wednesday", "2021-06-16 2021-06-16 day"),
        ("Friday and Saturday", "2021-06-18 2021-06-19 days"),
        ("12 March", "2022-03-12 2022-03-12 day"),
        ("on the 12th", "2021-07-12 2021-07-12 day"),
        ("March", "2022-03-01 2022-03-31 month"),
        ("June", "2021-06-01 2021-06-30 month"),
        ("this weekend", "2021-06-19 2021-06-20 days"),
        ("in three days", "2021-06-19 2021-06-19 day"),
        ("the next 48 hours", "2021-06-16 2021-06-18 days"),
    ],
)
def test_what_is_planned_lies_ahead(words: str, expected: str) -> None:
    assert days(words, planned=True) == expected


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("recently", "gives no bounds"),
        ("previously", "gives no bounds"),
        ("in recent weeks", "gives no bounds"),
        ("a few days ago", "gives no bounds"),
        ("two days later", "counts from another event, not from the document's date"),
        ("the following day", "counts from another event, not from the document's date"),
        ("about two weeks ago", "only approximate"),
        ("around 3 March", "only approximate"),
        ("for two weeks", "a duration, not a date"),
        ("in three days", "a duration, not a date"),
        ("on Sundays", "a recurring day"),
        ("the summer of 2017", "a season or feast, not a date"),
        ("by Sunday", "has no beginning"),
        ("after Sunday", "has no end"),
        ("at 10:30", "only a time of day"),
        ("03/04/2021", "day and month order unclear"),
        ("12.03.2021", "day and month order unclear"),
        ("31 February 2021", "no such day"),
        ("Monday 12 March 2021", "weekday and date disagree"),
        ("yesterday, Sunday", "weekday and date disagree"),
        ("10000000 days ago", "outside the calendar"),
        ("overnight on Sunday", "which night is unclear"),
        ("", "no words"),
    ],
)
def test_what_fixes_no_days_says_why(words: str, reason: str) -> None:
    assert resolve(words.removeprefix("for "), WEDNESDAY) == Resolved(None, None, None, reason)


@pytest.mark.parametrize(
    "words",
    ["a man", "15", "three", "may", "march", "sun", "the soldiers", "20 people", "1,200", "3.5", "12:", "x" * 5000],
)
def test_plain_words_and_numbers_are_not_read_as_dates(words: str) -> None:
    assert days(words, language=None) == "not understood as a date"


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("fr", "dimanche soir", "2021-06-13 2021-06-13 day"),
        ("fr", "la semaine dernière", "2021-06-07 2021-06-13 week"),
        ("fr", "du 3 au 5 mai", "2021-05-03 2021-05-05 days"),
        ("fr", "03/04/2021", "2021-04-03 2021-04-03 day"),
        ("es", "el domingo por la noche", "2021-06-13 2021-06-13 day"),
        ("es", "hace tres días", "2021-06-13 2021-06-13 day"),
        ("de", "am Sonntagabend", "2021-06-13 2021-06-13 day"),
        ("de", "am 12.03.2021", "2021-03-12 2021-03-12 day"),
        ("pt", "na segunda-feira", "2021-06-14 2021-06-14 day"),
        ("it", "ieri sera", "2021-06-15 2021-06-15 day"),
        ("nl", "op zondag", "2021-06-13 2021-06-13 day"),
        ("ru", "в воскресенье", "2021-06-13 2021-06-13 day"),
        ("ru", "в марте 2021 года", "2021-03-01 2021-03-31 month"),
        ("ru", "с 3 по 5 мая", "2021-05-03 2021-05-05 days"),
        ("uk", "у неділю", "2021-06-13 2021-06-13 day"),
        ("ar", "مساء الأحد", "2021-06-13 2021-06-13 day"),
        ("ar", "١٢ مارس ٢٠٢١", "2021-03-12 2021-03-12 day"),
        ("fa", "روز یکشنبه", "2021-06-13 2021-06-13 day"),
        ("he", "ביום ראשון", "2021-06-13 2021-06-13 day"),
        ("tr", "pazar günü", "2021-06-13 2021-06-13 day"),
        ("hi", "12 मार्च 2021", "2021-03-12 2021-03-12 day"),
        ("zh-Hans", "3月12日", "2021-03-12 2021-03-12 day"),
        ("ja", "2021年3月", "2021-03-01 2021-03-31 month"),
        ("fr", "3 soldats", "not understood as a date"),
        ("fr", "ces dernières semaines", "not understood as a date"),
        ("xx", "2021-03-12", "2021-03-12 2021-03-12 day"),
    ],
)
def test_other_languages(language: str, words: str, expected: str) -> None:
    assert days(words, language=language) == expected


@pytest.mark.parametrize("words", ["dimanche soir", "в воскресенье", "domingo", "pazar günü"])
def test_an_unnamed_language_is_found_by_its_script(words: str) -> None:
    assert days(words, language=None) == "2021-06-13 2021-06-13 day"


PIECES = """on in the 3 12 31 2021 0000 99 March may Sunday Friday and - to last next this past week month year days ago
two hours weekend overnight since between from earlier later 12/03/2021 2021-03-12 10:30 1990s . ,"""
WORDS = st.text(max_size=40) | st.lists(st.sampled_from(re.split(r"\s", PIECES)), max_size=6).map(" ".join)


@given(WORDS, st.none() | st.dates(), st.booleans(), st.sampled_from(["en", "en", "fr", "de", "ru", "ar"]))
def test_any_words_give_days_in_order_or_a_reason(
    words: str, anchor: date | None, planned: bool, language: str
) -> None:
    found = resolve(words, anchor, planned=planned, language=language)
    if found.unresolved is None:
        assert found.earliest
        assert found.latest
        assert found.precision
        assert found.earliest <= found.latest
        if found.precision == "day":
            assert found.earliest == found.latest
    else:
        assert found == Resolved(None, None, None, found.unresolved)


def test_dateparser_is_loaded_only_when_words_are_resolved() -> None:
    code = "import sys, extractor.derive.dates; sys.exit('dateparser' in sys.modules or 'text_to_num' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("words", ["by Friday", "before Christmas", "until 20 June", "before the end of the month"])
def test_what_has_happened_by_then_has_no_beginning(words: str) -> None:
    assert days(words) == "has no beginning"


@given(ANCHORS, ANCHORS)
def test_a_stretch_is_days_unless_it_is_one_whole_unit(one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    found = stretch(first, last)
    assert (found.earliest, found.latest, found.unresolved) == (first, last, None)
    assert (found.precision == "day") == (first == last)
    if found.precision == "week":
        assert (first.weekday(), (last - first).days) == (0, 6)
    if found.precision == "month":
        assert (first.day, (last + timedelta(days=1)).day) == (1, 1)
