"""Where in a document a model's words stand: exactly, but for case and typography, or but for a typing error."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import regex
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from extractor.document import Document

Match = Literal["exact", "case", "near"]

NEAR_ENOUGH = 85.0
"""Least indel similarity, in per cent, of a near match as a whole."""
LONGEST = 10_000
"""Code points; what is longer is nobody's name and no phrase, and is not looked for."""
LONGEST_NEAR = 1_000
"""Code points; a longer string is matched exactly or not at all."""

_CONTINUOUS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_LETTER = rf"[[\p{{L}}\p{{M}}\p{{N}}_]--[{_CONTINUOUS}]]"
"""A character that makes a longer word of a name when it touches it; scripts written without spaces have none."""
_IS_LETTER = regex.compile(_LETTER, regex.V1)
_IS_CONTINUOUS = regex.compile(rf"[{_CONTINUOUS}]")
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
    occurrences = [Found(*span, _difference(document.text, span, words)) for span in _occurrences(document, words)]
    if not occurrences:
        return _near_match(document, words, near)
    rank: dict[Match, int] = {"exact": 0, "case": 1, "near": 2}
    return min(occurrences, key=lambda found: (distance(document, found.start, near), rank[found.match], found.start))


def distance(document: Document, offset: int, near: Sequence[int]) -> int:
    """In sentences, from this code point to the nearest sentence of `near`; 0 when `near` is empty."""
    if not near:
        return 0
    here = document.sentence_at(offset).number
    return min(abs(here - number) for number in near)


def _occurrences(document: Document, words: str) -> Iterator[tuple[int, int]]:
    before = rf"(?<!{_LETTER})" if _IS_LETTER.match(words[0]) else ""
    after = rf"(?!{_LETTER})" if _IS_LETTER.match(words[-1]) else ""
    for match in regex.finditer(before + _pattern(words) + after, fold(document.text), regex.V1, overlapped=True):
        yield match.span()


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
    regions = [(document.sentence(number).start, document.sentence(number).end) for number in near]
    for start, end in [*regions, (0, len(text))]:
        if len(wanted) > (end - start) * 1.2:
            continue
        aligned = fuzz.partial_ratio_alignment(wanted, text[start:end], score_cutoff=NEAR_ENOUGH - 10)
        if aligned is None:
            continue
        first, last = start + aligned.dest_start, start + aligned.dest_end
        best = _best_whole_words(text, wanted, first, last)
        if best and _NUMBER.findall(text[slice(*best)]) == _NUMBER.findall(wanted):
            return Found(*best, "near")
    return None


def _best_whole_words(text: str, wanted: str, start: int, end: int) -> tuple[int, int] | None:
    """The run of whole words at or beside the aligned stretch that differs from `wanted` by typing errors alone."""
    asked = [match.group() for match in _WORD.finditer(wanted)]
    left = max(0, start - 40)
    words = list(_WORD.finditer(text, left, min(len(text), end + 40)))
    if left and words and words[0].start() == left:
        words = words[1:]  # cut in two by the window's edge
    candidates: list[tuple[float, int, tuple[int, int]]] = []
    for size in {len(asked), len(asked) - 1, len(asked) + 1} - {0}:
        for first in range(len(words) - size + 1):
            run = words[first : first + size]
            span = (run[0].start(), run[-1].end())
            if _only_typing_errors(asked, [match.group() for match in run]):
                likeness = fuzz.ratio(wanted, text[slice(*span)])
                if likeness >= NEAR_ENOUGH:
                    candidates.append((-likeness, abs(span[0] - start), span))
    return min(candidates)[2] if candidates else None


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
