"""Where in a document a model's words stand: exactly, but for case and typography, or but for a typing error."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Literal, NamedTuple

import regex

from extractor.document import Document
from extractor.grounding.occurrences import CONTINUOUS, LETTER, index_of
from extractor.grounding.typing_errors import mistyped

Match = Literal["exact", "case", "near"]

LONGEST = 10_000
"""Code points; what is longer is nobody's name and no phrase, and is not looked for."""
LONGEST_NEAR = 1_000
"""Code points; a longer string is matched exactly or not at all."""

_IS_LETTER = regex.compile(LETTER, regex.V1)
_IS_CONTINUOUS = regex.compile(rf"[{CONTINUOUS}]")
_CLUSTER = regex.compile(r"(?P<gap> *)(?P<cluster>\X)")

_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("‘’‚‛′ʼ`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\t\n\r\v\f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005", " ")
    | dict.fromkeys("\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000", " ")
    | {"ς": "σ"}
)


class Found(NamedTuple):
    """A half-open span of code points, and how its words differ from the ones looked for."""

    start: int
    end: int
    match: Match
    """`case`: in upper and lower case only; `near`: in quotes, dashes, white space, how accents are encoded, or a
    typing error."""


@lru_cache(maxsize=16)
def fold(text: str) -> str:
    """Lower case with plain quotes, dashes and spaces; every code point stays at its offset."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(low if len(low := character.lower()) == 1 else character for character in text)
    return lower.translate(_TYPOGRAPHY)


def locate(document: Document, words: str, near: Sequence[int] = ()) -> Found | None:
    """The occurrence of `words` nearest to the sentences numbered in `near` (the first one when `near` is empty).

    Whole words only. Where several are equally near, an exact one goes before one that differs in case or
    typography. Where there is none at all, whole words of the text that differ by typing errors alone are taken:
    the same digits, the same words but for one edit in a word of five letters (two in one of ten), never in the first
    letter, and spaces too many or too few; in scripts without spaces, where one letter makes another word, only spaces
    may differ. `None` when the words are not in the text.
    """
    words = words.strip()
    if not words or len(words) > LONGEST:
        return None
    near = near if isinstance(near, range) else tuple(near)
    anywhere = not near or index_of(fold(document.text)).at_one_place(fold(words))
    return (_first(document.text, words) if anywhere else _near_to(document, words, near)) or _near_match(
        document, words, near
    )


def distance(document: Document, offset: int, near: Sequence[int]) -> int:
    """In sentences, from this code point to the nearest sentence of `near`; 0 when `near` is empty."""
    if not near:
        return 0
    here = document.sentence_at(offset).number
    if isinstance(near, range):
        return max(near[0] - here, here - near[-1], 0)
    return min(abs(here - number) for number in near)


_RANK: dict[Match, int] = {"exact": 0, "case": 1, "near": 2}


@lru_cache(maxsize=4096)
def _first(text: str, words: str) -> Found | None:
    """The first occurrence of the best sort."""
    best: Found | None = None
    folded = fold(text)
    for span in _whole_words(folded, words, index_of(folded).after(fold(words), lambda: _compiled(words), 0)):
        found = Found(*span, _difference(text, span, words))
        if best is None or _RANK[found.match] < _RANK[best.match]:
            best = found
        if best.match == "exact":
            break
    return best


def _near_to(document: Document, words: str, near: Sequence[int]) -> Found | None:
    """The nearest occurrence: one in the sentences given, else of those right before and right after each of them."""
    runs = list(_runs(document, near))
    spans: list[tuple[int, int]] = []
    for start, end in runs:
        for span in _within(document, words, start, end):
            spans.append(span)
            if _difference(document.text, span, words) == "exact":  # none is nearer, and of these it is the first
                return Found(*span, "exact")
    if not spans:
        for start, end in runs:
            spans += _of_one_sentence(document, _before(document, words, start))
            spans += _of_one_sentence(document, _after(document, words, end))
    found = [Found(*span, _difference(document.text, span, words)) for span in spans]
    return min(found, key=lambda one: (distance(document, one.start, near), _RANK[one.match], one.start), default=None)


def _runs(document: Document, near: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The stretches of text of sentences that follow one another, up to the start of the next sentence."""
    numbers = [near[0], near[-1]] if isinstance(near, range) else sorted(set(near))
    first = numbers[0]
    for number, following in zip(numbers, [*numbers[1:], None], strict=True):
        if isinstance(near, range) and following is not None:
            continue
        if following != number + 1:
            start = document.sentence(first).start if first > 1 else 0
            last = number >= len(document.sentences)
            yield start, len(document.text) if last else document.sentence(number + 1).start
            first = following or first


def _within(document: Document, words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return takewhile(lambda span: span[0] < end, _after(document, words, start))


def _of_one_sentence(document: Document, spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first of the spans and those that begin in the same sentence."""
    first = next(spans, None)
    if first is None:
        return []
    sentence = document.sentence_at(first[0])
    return [first, *takewhile(lambda span: document.sentence_at(span[0]) == sentence, spans)]


def _after(document: Document, words: str, start: int) -> Iterator[tuple[int, int]]:
    text = fold(document.text)
    return _whole_words(text, words, index_of(text).after(fold(words), lambda: _compiled(words), start))


def _before(document: Document, words: str, end: int) -> Iterator[tuple[int, int]]:
    text = fold(document.text)
    return _whole_words(text, words, index_of(text).before(fold(words), lambda: _compiled(words), end))


def _whole_words(text: str, words: str, spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Those of the spans that no longer word begins or ends beyond."""
    begins, ends = _is_letter(words[0]), _is_letter(words[-1])
    for start, end in spans:
        if not (begins and start and _is_letter(text[start - 1])) and not (ends and _is_letter(text[end : end + 1])):
            yield start, end


@lru_cache(maxsize=4096)
def _is_letter(character: str) -> bool:
    return _IS_LETTER.match(character) is not None


@lru_cache(maxsize=4096)
def _compiled(words: str) -> regex.Pattern[str]:
    return regex.compile(_pattern(words), regex.V1)


def _pattern(words: str) -> str:
    """White space of any length, none or some between letters of scripts without spaces; accents in any encoding."""
    pattern, after_continuous = "", False
    for match in _CLUSTER.finditer(" ".join(fold(words).split())):
        cluster = match["cluster"]
        continuous = _IS_CONTINUOUS.match(cluster) is not None
        if continuous and after_continuous:
            pattern += r"\ *"
        elif match["gap"]:
            pattern += r"\ +"
        forms = dict.fromkeys((cluster, *(unicodedata.normalize(form, cluster) for form in ("NFC", "NFD"))))
        pattern += f"(?:{'|'.join(map(regex.escape, forms))})" if len(forms) > 1 else regex.escape(cluster)
        after_continuous = continuous
    return pattern


def _difference(text: str, span: tuple[int, int], words: str) -> Match:
    found = text[slice(*span)]
    if found == words:
        return "exact"
    return "case" if found.lower() == words.lower() else "near"


def _near_match(document: Document, words: str, near: Sequence[int]) -> Found | None:
    """Of the places where the words stand but for typing errors one in the sentences given, else the likest one."""
    if len(words) > LONGEST_NEAR or _IS_CONTINUOUS.search(words):
        return None

    def far(start: int) -> int:
        return distance(document, start, near)

    text = fold(document.text)
    found = [(far(one.start), -one.likeness, one.start, one.end) for one in mistyped(text, fold(words), far)]
    if not found:
        return None
    *_, start, end = min(found, key=lambda one: (one[0] > 0, one[1], one))
    return Found(start, end, "near")
