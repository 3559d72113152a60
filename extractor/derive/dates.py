"""Date words to civil days: `resolve("on Sunday", anchor)`.

The rules, where words alone do not settle a day (dates are local civil days, both ends included):

- A weekday is the nearest one on or before the anchor (the document's date), the anchor's own day included; on or
  after it for what is planned. A list or range of weekdays ends there and is counted back day by day.
- A date without its year, and a bare month, are the nearest on or before the anchor, or on or after when planned. A
  range of such dates *begins* there. A bare month stays a whole month: no day is invented.
- A week is an ISO week, Monday to Sunday: "last week" is the one before the anchor's, "two weeks ago" the one that
  holds the day 14 days before. "Last month" and "last year" are calendar months and years.
- "The past 24 hours" runs from one day before the anchor to the anchor: two civil days, for the clock is not known.
  "36 hours ago" likewise covers every day it could fall on.
- Parts of the day and clock times are left out: a date is a civil day.
- Words that give no bounds ("recently", "in recent weeks"), that count from another event ("two days later"), that only
  approximate ("about a week ago"), or whose day and month order is unclear (03/04/2021) are unresolved, with a reason.

Words of other languages are first put into English date words by dateparser's language data; one grammar then serves
all. dateparser's own parser is not used: it reads "three" as March, "15" as a day and "the 1990s" as today, and places
"on Sunday" a week early when the anchor is a Sunday.
"""

import re
from datetime import date
from typing import Final

from extractor.derive.civil_days import Precision, Resolved, unresolved
from extractor.derive.date_grammar import NeedsAnchor, Reading
from extractor.derive.date_vagueness import why_no_days
from extractor.derive.date_words import candidate_languages, canonical, day_first, plain

__all__ = ["ACLED_TIME_PRECISION", "NO_DATE", "UCDP_DATE_PREC", "Precision", "Resolved", "resolve"]

UCDP_DATE_PREC: Final[dict[Precision, int]] = {"day": 1, "days": 2, "week": 3, "month": 4, "year": 5}
"""`date_prec` of UCDP GED (day 1, 2-6 days 2, week 3, month 4, year 5); it has no code for more than a year."""

ACLED_TIME_PRECISION: Final[dict[Precision, int]] = {"day": 1, "days": 2, "week": 2, "month": 3}
"""`time_precision` of ACLED (day 1, week 2, month 3); it has no code for a year or more."""

NO_DATE: Final = "no document date"
_UNKNOWN: Final = "not understood as a date"
# Verbs and nouns that look like a month or a weekday when they stand alone in small letters.
_ENGLISH_TRAPS: Final = frozenset({"may", "march", "mar", "sun", "sat", "wed", "mon", "dec"})
_LONGEST: Final = 200  # characters; nothing longer is a date


def resolve(words: str, anchor: date | None, *, planned: bool = False, language: str | None = None) -> Resolved:
    """The days that `words` mean, seen from `anchor`.

    Args:
        words: date words as the text has them, e.g. "on Sunday", "12 March 2021", "hier".
        anchor: the document's date. Without one only full dates, months and years with their year are resolved.
        planned: whether the words date something announced: then weekdays and dates without a year lie ahead.
        language: ISO 639 code of the words. Without one English is tried, then the languages of the words' script, and
            an answer is taken only when all that understand the words agree.

    Returns:
        Days and precision, or the reason why there are none. Nothing is raised, whatever the words.
    """
    if len(words) > _LONGEST:
        return unresolved(_UNKNOWN)
    text = plain(words)
    if not text:
        return unresolved("only a time of day" if words.strip() else "no words")
    code = re.split(r"[-_]", language.lower())[0] if language else None
    if code in {None, "en"} and (reason := why_no_days(text)):
        return unresolved(reason)
    if code in {None, "en"} and words.strip() in _ENGLISH_TRAPS:
        return unresolved(_UNKNOWN)
    found = _in_language(text, code or "en", anchor, planned)
    if found is None and code is None:
        found = _agreed(text, anchor, planned)
    return found or unresolved(_UNKNOWN)


def _agreed(text: str, anchor: date | None, planned: bool) -> Resolved | None:
    """The answer of every language of the script that understands the words, when it is the same for all."""
    if sum(char.isalpha() for char in text) < 4 and text.isascii():
        return None  # "do", "ma": a weekday in some language, a plain word in more
    answers = {_in_language(text, code, anchor, planned) for code in candidate_languages(text)} - {None}
    return answers.pop() if len(answers) == 1 else None


def _in_language(text: str, language: str, anchor: date | None, planned: bool) -> Resolved | None:
    """None when the words are not understood in that language."""
    readings = canonical(text, language)
    if readings is None:  # dateparser has no data for it: figures and English words may still stand there
        readings, language = canonical(text, "en") or [], "en"
    reading = Reading(anchor, planned, day_first(language))
    try:
        return next((found for words in readings if (found := reading.read(words))), None)
    except NeedsAnchor:
        return unresolved(NO_DATE)
    except OverflowError:
        return unresolved("outside the calendar")
