"""Where in a document a model's words stand: exactly, but for case and typography, or but for a typing error."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Literal, NamedTuple

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from extractor.document import Document
from extractor.grounding.occurrences import CONTINUOUS, LETTER, index_of

Match = Literal["exact", "case", "near"]

NEAR_ENOUGH = 85.0
"""Least indel similarity, in per cent, of a near match as a whole."""
LONGEST = 10_000
"""Code points; what is longer is nobody's name and no phrase, and is not looked for."""
LONGEST_NEAR = 1_000
"""Code points; a longer string is matched exactly or not at all."""
LONGEST_SEARCHED = 200_000
"""Code points: how far around the sentences given words with a typing error are looked for, which takes reading it
all; in a longer text without such sentences they are not."""
_MOST_PLACES = 100
"""Of the rarest of several words, beyond which it is of no help."""

_IS_LETTER = regex.compile(LETTER, regex.V1)
_IS_CONTINUOUS = regex.compile(rf"[{CONTINUOUS}]")
_CLUSTER = regex.compile(r"(?P<gap> *)(?P<cluster>\X)")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]+")
_NUMBER = regex.compile(r"\p{N}+")

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
    begins, ends = _IS_LETTER.match(words[0]), _IS_LETTER.match(words[-1])
    for start, end in spans:
        if not (begins and start and _IS_LETTER.match(text, start - 1)) and not (ends and _IS_LETTER.match(text, end)):
            yield start, end


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
    if len(words) > LONGEST_NEAR or _IS_CONTINUOUS.search(words):
        return None
    text, wanted = fold(document.text), fold(words)
    numbers = (near[0], near[-1]) if isinstance(near, range) else near
    regions = [(document.sentence(number).start, document.sentence(number).end) for number in numbers]
    if isinstance(near, range):
        regions = [(regions[0][0], regions[-1][1])]
    around = (max(0, min(regions)[0] - LONGEST_SEARCHED), max(regions)[1] + LONGEST_SEARCHED) if regions else (0, 0)
    everywhere = [(0, len(text))] if len(text) <= LONGEST_SEARCHED else [around]
    for start, end in [*regions, *everywhere]:
        if (start, end) == everywhere[0] and (found := _around_rarest(document, wanted, near, start, end)):
            return found
        if len(wanted) > (end - start) * 1.2:
            continue
        aligned = fuzz.partial_ratio_alignment(wanted, text[start:end], score_cutoff=NEAR_ENOUGH - 10)
        if aligned is None:
            continue
        first, last = start + aligned.dest_start, start + aligned.dest_end
        best = _best_whole_words(text, wanted, first, last)
        if best and _NUMBER.findall(text[slice(*best[-1])]) == _NUMBER.findall(wanted):
            return Found(*best[-1], "near")
    return None


def _around_rarest(document: Document, wanted: str, near: Sequence[int], start: int, end: int) -> Found | None:
    """As `_near_match`, around the places of that one of several words which stands in the text least often.

    It is many times faster than an alignment with a long text, which besides gives one stretch of all that are as
    alike, letter by letter, and not always the one of the same words.
    """
    words = list(_WORD.finditer(wanted))
    text = fold(document.text)
    counts = {word: count for word in words if (count := text.count(word.group(), start, end)) and len(words) > 1}
    rarest = min(counts, key=lambda word: counts[word], default=None)
    if rarest is None or counts[rarest] > _MOST_PLACES:
        return None
    candidates: list[tuple[float, int, int, tuple[int, int]]] = []
    place = text.find(rarest.group(), start, end)
    while place >= 0:
        first = max(0, place - rarest.start())
        best = _best_whole_words(text, wanted, first, first + len(wanted))
        if best and _NUMBER.findall(text[slice(*best[-1])]) == _NUMBER.findall(wanted):
            candidates.append((best[0], distance(document, best[-1][0], near), *best[1:]))
        place = text.find(rarest.group(), place + 1, end)
    return Found(*min(candidates)[-1], "near") if candidates else None


def _best_whole_words(text: str, wanted: str, start: int, end: int) -> tuple[float, int, tuple[int, int]] | None:
    """The run of whole words at or beside the aligned stretch that differs from `wanted` by typing errors alone.

    With its likeness, the higher the less, and how far it is from the stretch.
    """
    asked = [match.group() for match in _WORD.finditer(wanted)]
    left = max(0, start - 40)
    words = list(_WORD.finditer(text, left, min(len(text), end + 40)))
    if left and words and words[0].start() == left:
        words = words[1:]  # cut in two by the window's edge
    names = [word.group() for word in words]
    candidates: list[tuple[float, int, tuple[int, int]]] = []
    for size in {len(asked), len(asked) - 1, len(asked) + 1} - {0}:
        for first in range(len(words) - size + 1):
            if _only_typing_errors(asked, names[first : first + size]):
                span = (words[first].start(), words[first + size - 1].end())
                likeness = fuzz.ratio(wanted, text[slice(*span)])
                if likeness >= NEAR_ENOUGH:
                    candidates.append((-likeness, abs(span[0] - start), span))
    return min(candidates) if candidates else None


def _only_typing_errors(asked: Sequence[str], found: Sequence[str]) -> bool:
    if len(asked) != len(found):  # a space too many or too few, and nothing else
        return "".join(asked) == "".join(found)
    return all(_same_word(one, other) for one, other in zip(asked, found, strict=True))


def _same_word(one: str, other: str) -> bool:
    """Short words are names of their own (US, UN; SDF, IDF), and another first letter makes another word (million).

    Two edits turn Tuesday into Thursday, so they need ten letters.
    """
    longer = max(len(one), len(other))
    edits = OSA.distance(one, other, score_cutoff=2)
    return edits == 0 or (edits <= (2 if longer >= 10 else 1) and longer >= 5 and one[0] == other[0])
