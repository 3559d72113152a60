"""Date words of any language put into one small English vocabulary, by dateparser's language data.

The vocabulary: `sunday`, `march`, `12 march 2021`, `2 day ago`, `in 1 week`, `0 month ago`, `since`, `between`, and `~`
for whatever joins two ends (a dash, "to", "and").
"""

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import TypedDict

from extractor.derive.civil_days import MONTHS
from extractor.derive.numerals import SPELLED, ascii_digits, spelled_as_digits

_CLOCK = (
    r"\d{1,2}[:h]\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?|\d{1,2}(?:\.\d{2})?\s*[ap]\.?m\b\.?"
    r"|\d{4}\s*(?:hours|hrs|gmt|utc)\b"
)
_TIME_OF_DAY = re.compile(
    rf"(?:(?<=\d)t(?=\d))?(?:\b(?:at|by|around|about|shortly|before|after|just|from|since|at about|at around)\s+)*"
    rf"(?:(?<!\d)(?:{_CLOCK})|\b(?:noon|midday|midnight|dawn|dusk|sunrise|sunset|daybreak|nightfall)\b)"
    rf"(?:\s*(?:z|gmt|utc|(?:[+-]\d{{2}}:?\d{{2}}))(?!\w))?"
)
_AT_CLOCK = re.compile(r"\bat [012]\d[0-5]\d\b")  # "6 January at 1625"
_ISO = re.compile(r"\b(\d{4})-(0?[1-9]|1[0-2])(?:-(\d{1,2}))?(?!\d|-)")
_CJK = re.compile(r"(?:(\d{4})[年년]\s*)?(\d{1,2})[月월](?:\s*(\d{1,2})[日号號일])?")
_GERMAN_DAY_PART = re.compile(r"(?<=tag|och|end)(?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht)\b")
# A dash that joins two ends, not two halves of a word ("segunda-feira") or a Hebrew preposition and its number.
_RANGE_DASH = re.compile(
    r"(?<=\d)\s*-\s*|(?<![\u0590-\u05ff])\s*-\s*(?=\d)|\s+-\s*|-\s+"
    r"|-(?=(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"|-(?=(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
)
# Portuguese weekdays are ordinals ("segunda-feira"), so its number words are left alone.
_SPELLED = SPELLED - {"pt"}
# Tried in this order when nothing says which language it is; English comes first for Latin letters.
_BY_SCRIPT = {
    "LATIN": ("fr", "es", "de", "it", "pt", "nl", "tr"),
    "CYRILLIC": ("ru", "uk"),
    "ARABIC": ("ar", "fa"),
    "HEBREW": ("he",),
    "DEVANAGARI": ("hi",),
    "CJK": ("zh", "ja"),
    "HIRAGANA": ("ja",),
    "KATAKANA": ("ja",),
    "HANGUL": ("ko",),
}


class _Own(TypedDict):
    replace: dict[str, str]
    drop: list[str]


def candidate_languages(words: str) -> tuple[str, ...]:
    """Languages worth trying for words whose language nothing tells, by the script of their first letter."""
    first = next((char for char in words if char.isalpha()), "a")
    return _BY_SCRIPT.get(unicodedata.name(first, "LATIN").split()[0], ())


def plain(words: str) -> str:
    """Case, digits, quotes, clock times and ordinal endings made plain; the words stay in their language."""
    text = unicodedata.normalize("NFKC", words).lower().strip(" \t\r\n.,;:!?()[]\"“”'«»")
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", ascii_digits(text)).replace("’", "'")
    text = re.sub(r"(?<=\w)'s\b", "", re.sub(r"\b(\d{3}0)'?s\b", r"decade \1", text))
    text = _AT_CLOCK.sub(" ", _TIME_OF_DAY.sub(" ", text))
    return " ".join(text.split())


@lru_cache(maxsize=4096)  # the days of news are few
def canonical(text: str, language: str) -> tuple[str, ...] | None:
    """`text` (from `plain`) in the small English vocabulary; words that nothing knows are left standing.

    Two ways of putting it, to be tried in order, for every language but English: dateparser's words alone, then with
    our own joining words and parts of the day. None when dateparser has no data for the language.
    """
    locale = _locale(language)
    if locale is None:
        return None
    if language in _SPELLED:
        text = spelled_as_digits(text, language)
    text = re.sub(r"\b(\d{1,2})-(\d{1,2})-(\d{4})\b", r"\1/\2/\3", _slashed(text))
    if language == "en":
        text = re.sub(r"^(?:on )?the (\d{1,2})(?:st|nd|rd|th)$", r"nth \1", text)
        text = re.sub(r"\b(\d{1,2})(?:st|nd|rd|th)\b", r"\1", text)
        text = re.sub(r"\b(?:with)?in (?=\d+ [a-z]+$)", "inside ", text)  # "in three days": from now, or so long
        return (_translated(_own_words(text, language), locale),)
    if language in {"zh", "ja", "ko"}:
        text = _CJK.sub(_from_cjk, text)
    if language == "de":
        text = _GERMAN_DAY_PART.sub("", text)
    return _translated(text, locale), _translated(_own_words(text, language), locale)


def _translated(text: str, locale: str) -> str:
    from dateparser.conf import settings
    from dateparser.languages.loader import default_loader

    text = " ".join(_RANGE_DASH.sub(" ~ ", text).split())
    return _tidy(_slashed(default_loader.get_locale(locale).translate(text, keep_formatting=True, settings=settings)))


def _from_cjk(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    if year:
        return "/".join(part for part in (year, month, day) if part)
    name = MONTHS[int(month) - 1] if 1 <= int(month) <= 12 else month
    return f"{day or ''} {name}"


def _slashed(text: str) -> str:
    """ISO dates with slashes, so that no dash in them is taken for one that joins two ends."""
    return _ISO.sub(lambda found: "/".join(part for part in found.groups() if part), text)


@cache
def day_first(language: str) -> bool:
    """Whether the language writes numeric dates day first, by dateparser's data. English does both: False."""
    from dateparser.languages.loader import default_loader

    locale = _locale(language)
    if locale is None or language == "en":
        return False
    return default_loader.get_locale(locale).info.get("date_order") == "DMY"


@cache
def _locale(language: str) -> str | None:
    from dateparser.languages.loader import default_loader

    try:
        default_loader.get_locale(language)
    except ValueError:  # dateparser's word for a language it does not know
        return None
    return language


def _own_words(text: str, language: str) -> str:
    """Joining words and parts of the day put plainly: dateparser drops some unseen and does not know others."""
    rules = _own_rules().get(language)
    if rules is None:
        return text
    phrases, pattern = rules
    return pattern.sub(lambda found: f" {phrases[found.group()]} ", text)


@cache
def _own_rules() -> dict[str, tuple[dict[str, str], re.Pattern[str]]]:
    data: dict[str, _Own] = json.loads(
        files("extractor.derive").joinpath("date_words.json").read_text(encoding="utf-8")
    )
    rules: dict[str, tuple[dict[str, str], re.Pattern[str]]] = {}
    for language, own in data.items():
        phrases = {**dict.fromkeys(own["drop"], ""), **own["replace"]}
        longest_first = sorted(phrases, key=len, reverse=True)
        body = "|".join(re.escape(phrase) + ("" if phrase[-1] in "'-" else r"(?!\w)") for phrase in longest_first)
        rules[language] = (phrases, re.compile(rf"(?<!\w)(?:{body})"))
    return rules


def _tidy(text: str) -> str:
    text = re.sub(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)", " ", text)
    text = re.sub(r"(?<!\d)\.|\.(?!\d)|[,;()]", " ", text)
    text = re.sub(r"(\b\d{4}) years?\b", r"\1", text)
    text = re.sub(r"\b(?:am|pm|day)\b(?= \w+day\b)", " ", text)
    return " ".join(text.split())
