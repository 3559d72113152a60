"""Count words to bounds: `bounds("at least 5")` is 5 and no maximum.

The rules:

- A plain figure is both ends: "12", "twelve", "a dozen", "the 12 soldiers".
- "At least 5" is 5 and more; "more than 30" is 31 and more; "up to 12" is 12 at most; "fewer than 40" is 39 at most.
- "Nearly 40" and "almost 40" are 40 at most, with no minimum: the words say only that 40 was not passed.
- "About 40", "some 40", "an estimated 40" are 40 to 40: it is the one figure that the text gives, and a margin around
  it would be ours. That it is approximate stays readable in the words.
- "Dozens", "many", "several", "a couple" have no bounds, and neither has a plural with no number.
- "A soldier", "the pilot" are one; "a family", "the army" are not counted. "No one", "no casualties" are zero: said,
  not merely unreported.
- "Two of the 15" is two. Numbers that do not belong together ("three soldiers and two civilians") give no bounds, and
  neither do measures, shares, dates and ages.
"""

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple, TypedDict

from extractor.derive.numerals import ascii_digits, spelled_as_digits


class Bounds(NamedTuple):
    """The fewest and the most that count words allow, both included; None where the words do not say."""

    min: int | None
    max: int | None


_NO_BOUNDS = Bounds(None, None)
_LONGEST = 200  # characters; a count is short
_MOST = 10**12  # more than any people counted

_Side = Literal["exact", "at_least", "more_than", "at_most", "less_than"]


class _Words(TypedDict):
    at_least: dict[str, list[str]]
    more_than: dict[str, list[str]]
    at_most: dict[str, list[str]]
    less_than: dict[str, list[str]]
    range: dict[str, list[str]]
    between: dict[str, list[str]]
    vague: dict[str, list[str]]
    none: dict[str, list[str]]
    times: dict[str, dict[str, int]]
    one: list[str]
    many_in_one: list[str]
    not_counted: list[str]


class _Number(NamedTuple):
    value: int
    start: int
    end: int


@lru_cache(maxsize=4096)  # asked twice of each toll, and many tolls are alike
def bounds(words: str, language: str | None = None) -> Bounds:
    """The fewest and the most that `words` allow.

    Args:
        words: count words as the text has them, with or without what is counted, e.g. "at least five soldiers".
        language: ISO 639 code of the words. Number words are read in the languages of text2num (English, French,
            Spanish, German, Italian, Portuguese, Dutch, Danish), figures in any script. Without a language number
            words are read as English, and bounding words ("at least") of every known language hold.

    Returns:
        The bounds; both None when the words give none. `min` is never greater than `max`. Nothing is raised.
    """
    code = re.split(r"[-_]", language.lower())[0] if language else None
    if len(words) > _LONGEST or not (text := _plain(words)):
        return _NO_BOUNDS
    if _none(text, code):
        return Bounds(0, 0)
    if _MEASURE.search(text) or _pattern("vague", code).search(_NOT_VAGUE.sub(" ", text)):
        return _NO_BOUNDS
    figures = _in_figures(text, code)
    return _NO_BOUNDS if _MEASURE.search(figures) else _counted(_PART_OF.sub("", figures), code)


def tells_number(words: str, language: str | None = None) -> bool:
    """Whether `words` tell how many at all, be it as vaguely as "dozens" do."""
    code = re.split(r"[-_]", language.lower())[0] if language else None
    if len(words) > _LONGEST:
        return False
    return bounds(words, language) != _NO_BOUNDS or bool(_pattern("vague", code).search(_plain(words)))


def _counted(text: str, code: str | None) -> Bounds:
    """The bounds that the figures in `text` and the words around them give."""
    numbers = [_Number(int(re.sub(r"\D", "", found[0])), *found.span()) for found in _FIGURE.finditer(text)]
    if not numbers:
        return Bounds(1, 1) if code in {None, "en"} and _one(text) else _NO_BOUNDS
    first, last = numbers[0], numbers[-1]
    if code and code not in _words()["at_least"] and re.search(r"[^\W\d_]", text[: first.start]):
        return _NO_BOUNDS  # the words before the figure may bound it, in a language without a list
    if any(number.value > _MOST for number in numbers):
        return _NO_BOUNDS
    if len(numbers) == 1 or (len(numbers) == 2 and first.value == last.value and text[first.end : last.start] == " ("):
        return _bounded(first.value, _side(text[: first.start], text[first.end :], code))  # "twelve (12)" is one
    return _range(text, first, last, code) if len(numbers) == 2 else _NO_BOUNDS


_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# Figures that count no one: lengths, times, shares, money, dates, decimals.
_MEASURE = re.compile(
    r"\d\s*(?:%|(?:km|kilomet\w+|met(?:er|re)s?|miles?|feet|mm|kg|kilos?|tons?|tonnes?|(?:square|seconds?|minutes?|hours?"
    r"|days?|weeks?|months?|years?|dollars?|euros?|pounds?|rubles?|percent|per cent|degrees?)\b(?!-old))(?!\w))"
    rf"|[$€£¥]\s*\d|\d[/:]\d|\b(?:{_MONTH})[a-z]*\.? \d|\d (?:{_MONTH})[a-z]*\b|\d[.,]\d{{1,2}}(?!\d)(?!\s*[a-z]*illi)"
)
_NOT_VAGUE = re.compile(r"\b(?:as many as|as few as|at most|half a (?:dozen|million))\b")
# Ages, names of weapons and units, and ordinals hold figures that are no count.
_NO_COUNT = re.compile(
    r"\b\d+[- ](?:year|month|week|day)s?[- ]olds?\b|\baged? \d+(?: (?:to|and) \d+)?\b|\b[a-z]{1,4}-?\d+[a-z]*\b"
    r"|\b\d+(?:st|nd|rd|th)\b"
)
_ORDINAL = re.compile(r"\b\d+(?:st|nd|rd|th|er|ère|ème|º|ª|°)(?!\w)")
_PART_OF = re.compile(r"(?<=\d) (?:out )?of (?:the|its|his|her|their|these|those|all|some|about|\d).*")
_NONE_ENGLISH = re.compile(
    r"no (?!more|fewer|less)[a-z]+|zero(?! \d)|without (?:any )?(?:casualties|loss(?:es)?(?: of life)?)$"
)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_FIGURE = re.compile(r"\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:[ '٬]\d{3})+)(?!\d)|\d+")


def _plain(words: str) -> str:
    text = ascii_digits(unicodedata.normalize("NFKC", words)).lower()
    text = re.sub(r"[\u2010-\u2015\u2212~]", "-", text).replace("’", "'")
    return " ".join(text.split()).strip(' .,;:!?()[]"“”«»')


def _in_figures(text: str, code: str | None) -> str:
    """Number words, dozens and millions as figures; ordinals, ages and names of weapons left out."""
    text = re.sub(r"\bhalf a (dozen|million)\b", lambda found: "6" if found[1] == "dozen" else "500000", text)
    text = re.sub(r"\b(?:both|(?:a |the )?(?:pair|duo))\b", "2", text)
    text = re.sub(r"\b(?:a|the) trio\b", "3", text)
    text = re.sub(r"\ba (?=(?:dozen|hundred|thousand|million)\b)", "1 ", _NO_COUNT.sub(" ", text))
    text = spelled_as_digits(_multiplied(text, code), code or "en")
    return _multiplied(_ORDINAL.sub(" ", text), code)


def _multiplied(text: str, code: str | None) -> str:
    """The text with "2-3 million" and "2.5 million" multiplied out."""
    factors = _factors(code)
    if not factors:
        return text

    def product(found: re.Match[str]) -> str:
        first, joint, second, name = found.groups()
        return (f"{_times_of(first, factors[name])}{joint}" if first else "") + _times_of(second, factors[name])

    return _multiples(code).sub(product, text)


@cache
def _multiples(code: str | None) -> re.Pattern[str]:
    """Figures with a word that multiplies them."""
    number = r"\d+(?:[.,]\d{1,2}(?!\d))?|\d{1,3}(?:,\d{3})+"
    return re.compile(rf"(?<![\w.,])(?:({number})(\s*-\s*| to | or ))?({number})\s?({_any(list(_factors(code)))})")


def _times_of(figure: str, times: int) -> str:
    plain = figure.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+", figure) else figure.replace(",", ".")
    return str(round(float(plain) * times)) if len(plain) < 13 else plain


def _none(text: str, code: str | None) -> bool:
    if any(word in _words()["not_counted"] for word in text.split()):
        return False
    if _pattern("none", code).match(text):
        return True
    return code in {None, "en"} and bool(_NONE_ENGLISH.match(text))


def _one(text: str) -> bool:
    """Whether English words name a single one: "a soldier", "the pilot", "another man"."""
    phrase = re.split(r" (?:of|in|from|who|whose|that|which|at|on|by|for|with|near|was|were|is)\b|,", text)[0]
    found = re.fullmatch(r"(an?|another|the|this|that|his|her|its|their|one) (?:.* )?([a-z'-]+)", phrase)
    if not found or re.search(r"\band\b|\bor\b|&", text):
        return text in {"a", "an"}
    article, head = found.groups()
    if article in {"a", "an", "another"}:
        return head not in _words()["many_in_one"]
    return head in _words()["one"]  # "the X" may be many; only what is known to be one is counted


def _side(before: str, after: str, code: str | None) -> _Side:
    """Which way the words around a number bound it; the longest phrase that stands nearest before it decides."""
    best: tuple[int, int, _Side] | None = None
    sides: tuple[_Side, ...] = ("at_least", "more_than", "at_most", "less_than")
    for side in sides:
        for found in _pattern(side, code).finditer(before):
            best = max(best or (-1, 0, side), (found.end(), found.end() - found.start(), side))
    if best:
        return best[2]
    if re.match(r"\s*(?:\+|-?plus\b|or more\b|and more\b|or above\b|[余餘多])", after):
        return "at_least"
    if re.match(r"\s*or (?:fewer|less|under)\b", after):
        return "at_most"
    for side in ("at_least", "at_most"):  # "five at least"
        if _pattern(side, code).fullmatch(after.strip()):
            return side
    return "exact"


def _bounded(value: int, side: _Side) -> Bounds:
    match side:
        case "at_least":
            return Bounds(value, None)
        case "more_than":
            return Bounds(value + 1, None)
        case "at_most":
            return Bounds(None, value)
        case "less_than":
            return Bounds(None, value - 1) if value > 0 else _NO_BOUNDS
        case "exact":
            return Bounds(value, value)


def _range(text: str, first: _Number, second: _Number, code: str | None) -> Bounds:
    """The bounds of two figures that belong together; none for two that do not."""
    between = text[first.end : second.start].strip()
    joined = _pattern("range", code).fullmatch(between) or between == "-"
    if not joined and _pattern("between", code).fullmatch(between):
        joined = _pattern("between", code).search(text[: first.start])
    if joined:
        return Bounds(first.value, second.value) if first.value < second.value else _NO_BOUNDS
    low = _bounded(first.value, _side(text[: first.start], "", code))
    high = _bounded(second.value, _side(between, text[second.end :], code))
    # "At least 5 and at most 8": one bound each, and no others.
    if (low.min is None) == (low.max is None) or (high.min is None) == (high.max is None):
        return _NO_BOUNDS
    lowest, highest = low.min if low.min is not None else high.min, low.max if low.max is not None else high.max
    if lowest is None or highest is None or lowest > highest:
        return _NO_BOUNDS
    return Bounds(lowest, highest)


@cache
def _words() -> _Words:
    data: _Words = json.loads(files("extractor.derive").joinpath("count_words.json").read_text(encoding="utf-8"))
    return data


_Kind = Literal["at_least", "more_than", "at_most", "less_than", "range", "between", "vague", "none"]


@cache
def _pattern(kind: _Kind, code: str | None) -> re.Pattern[str]:
    """Any phrase of the kind as whole words, in one language, or in all when none is named."""
    phrases = [phrase for name, group in _words()[kind].items() if code in {None, name} for phrase in group]
    return re.compile(rf"(?:{_any(phrases)})" if phrases else r"(?!)")


def _any(phrases: list[str]) -> str:
    """A pattern for any of the phrases as whole words; scripts written without spaces have no word ends."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return "|".join(
        re.escape(phrase) if _UNSPACED.search(phrase) else rf"(?<![^\W\d_]){re.escape(phrase)}(?!(?<!')[^\W\d_])"
        for phrase in longest_first
    )


@cache
def _factors(code: str | None) -> dict[str, int]:
    return {
        name: factor
        for language, group in _words()["times"].items()
        if code in {None, language}
        for name, factor in group.items()
    }
