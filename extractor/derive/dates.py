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
- A stretch that the words bound ("since Monday", "between 1 April and 30 June") has the precision `days`, unless it is
  just a week, month or year, or is named by months or years only.
- "By", "before" and "until" begin nowhere for what has happened; for what lies ahead they begin at the anchor: "before
  the end of the month" is from the anchor to its last day.
- Days that every year has on the same date (New Year's Day, Christmas Day) are dates; other feasts are not.
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

__all__ = ["NO_DATE", "Precision", "Resolved", "resolve"]

NO_DATE: Final = "no document date"
_UNKNOWN: Final = "not understood as a date"
# Verbs and nouns that look like a month or a weekday when they stand alone in small letters.
_ENGLISH_TRAPS: Final = frozenset({"may", "march", "mar", "sun", "sat", "wed", "mon", "dec"})
_LONGEST: Final = 200  # characters; nothing longer is a date
_DEADLINE = re.compile(r"^(?:(before|prior to)|by|until|till|up to) (.+)$")
_END_OF = re.compile(r"(?:the )?end of (?:the|this) (week|month|year)|the (week|month|year) (?:is out|is over|ends)")
_FEASTS: Final = {
    "new year eve": "31 december", "new year day": "1 january", "christmas eve": "24 december",
    "christmas day": "25 december", "boxing day": "26 december", "before christmas": "before 25 december",
    "since christmas": "since 25 december", "until christmas": "until 25 december", "by christmas": "by 25 december",
}  # fmt: skip
_FEAST: Final = re.compile(rf"\b(?:{'|'.join(_FEASTS)})\b")


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
    if code in {None, "en"}:
        text = _FEAST.sub(lambda feast: _FEASTS[feast[0]], text)
        if planned and (found := _by_then(text, anchor)):
            return found
        if reason := why_no_days(text):
            return unresolved(reason)
    if code in {None, "en"} and words.strip() in _ENGLISH_TRAPS:
        return unresolved(_UNKNOWN)
    found = _in_language(text, code or "en", anchor, planned)
    if found is None and code is None:
        found = _agreed(text, anchor, planned)
    return found or unresolved(_UNKNOWN)


def _by_then(text: str, anchor: date | None) -> Resolved | None:
    """From the anchor to what `text` (plain English date words that lie ahead) puts at the end."""
    if not (found := _DEADLINE.match(text)):
        return None
    before, words = found[1], found[2]
    if end := _END_OF.fullmatch(words):
        before, words = "", f"this {end[1] or end[2]}"
    try:
        readings = canonical(words, "en") or ()
        reading = Reading(anchor, planned=True, day_first=False)
        return next((end for one in readings if (end := reading.until(one, before=bool(before)))), None)
    except NeedsAnchor:
        return unresolved(NO_DATE)
    except OverflowError:
        return unresolved("outside the calendar")


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
        readings, language = canonical(text, "en") or (), "en"
    reading = Reading(anchor, planned, day_first(language))
    try:
        return next((found for words in readings if (found := reading.read(words))), None)
    except NeedsAnchor:
        return unresolved(NO_DATE)
    except OverflowError:
        return unresolved("outside the calendar")
