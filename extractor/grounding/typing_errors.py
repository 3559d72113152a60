"""Where words stand in a text but for typing errors, found by the words of the text that are like them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from extractor.grounding.occurrences import index_of

NEAR_ENOUGH = 85.0
"""Least indel similarity, in per cent, of a near match as a whole."""
_MOST_PLACES = 100
"""Of a word, that are looked at: the nearest ones."""
_AROUND = 40
"""Code points to each side of where the words should begin and end."""

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}_]+")
_NUMBER = regex.compile(r"\p{N}+")


class Mistyped(NamedTuple):
    """A half-open span of code points, and how like the words it is, in per cent."""

    start: int
    end: int
    likeness: float


def mistyped(text: str, wanted: str, far: Callable[[int], int]) -> list[Mistyped]:
    """Runs of whole words of a text that differ from those wanted by typing errors alone; both folded.

    The same digits, the same words but for one edit in a word of five letters (two in one of ten), never in the first
    letter; or a space too many or too few, and nothing else. `far` tells how far a place is from where they are
    expected: of the many places of a frequent word only the nearest are looked at.
    """
    numbers, asked = _NUMBER.findall(wanted), list(_WORD.finditer(wanted))
    words = [word.group() for word in asked]
    found: set[Mistyped] = set()
    for start, size in _starts(text, asked, far):
        best = _best_whole_words(text, wanted, words, start, size)
        if best is not None and _NUMBER.findall(text[best.start : best.end]) == numbers:
            found.add(best)
    return sorted(found)


class _Vocabulary:
    """The words of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.counts = index_of(text).words if text.isascii() else Counter(_WORD.findall(text))
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in self.counts:
            self._by_letter[word[0]].append(word)

    def alike(self, word: str) -> list[str]:
        """The words that differ from it by typing errors alone, itself included."""
        if len(word) < 4:
            return [word] if word in self.counts else []
        edits = 2 if len(word) >= 8 else 1
        near = process.extract(
            word, self._by_letter.get(word[0], ()), scorer=OSA.distance, score_cutoff=edits, limit=None
        )
        return [other for other, *_ in near if _same_word(word, other)]

    def places(self, word: str) -> Iterator[int]:
        """Where it begins."""
        at = self._text.find(word)
        while at >= 0:
            end = at + len(word)
            if not (at and _WORD.match(self._text, at - 1)) and not _WORD.match(self._text, end):
                yield at
            at = self._text.find(word, end)


@lru_cache(maxsize=4)
def _vocabulary(text: str) -> _Vocabulary:
    return _Vocabulary(text)


def _starts(text: str, asked: Sequence[regex.Match[str]], far: Callable[[int], int]) -> list[tuple[int, int]]:
    """Where the words may begin, and how many words they are there.

    That is each place of the rarest of them, or of those like it, with one like the next rarest where it should stand.
    """
    vocabulary = _vocabulary(text)
    found: set[tuple[int, int]] = set()
    forms = [(word.start(), vocabulary.alike(word.group())) for word in asked]
    if forms and all(words for _, words in forms):
        (rarest, words), *others = sorted(forms, key=lambda form: sum(vocabulary.counts[word] for word in form[1]))
        for start in (place - rarest for word in words for place in vocabulary.places(word)):
            if all(_stands(text, start + offset, beside) for offset, beside in others[:2]):
                found.add((max(0, start), len(asked)))
    for offset, word, size in _spaced_otherwise(vocabulary, asked):
        found |= {(max(0, place - offset), size) for place in vocabulary.places(word)}
    starts = sorted(found)
    return starts if len(starts) <= _MOST_PLACES else sorted(starts, key=lambda one: far(one[0]))[:_MOST_PLACES]


def _stands(text: str, at: int, words: Sequence[str]) -> bool:
    around = text[max(0, at - _AROUND) : max(0, at + _AROUND) + len(words[0])]
    return any(word in around for word in words)


def _spaced_otherwise(vocabulary: _Vocabulary, asked: Sequence[regex.Match[str]]) -> Iterator[tuple[int, str, int]]:
    """A word of the text that is two of those asked for, or a half of one of them.

    With where in these it begins, and how many words they would be.
    """
    counts = vocabulary.counts
    missing = {number for number, word in enumerate(asked) if word.group() not in counts}
    for number, word in enumerate(asked):
        if missing <= {number, number + 1} and number + 1 < len(asked):
            both = word.group() + asked[number + 1].group()
            if both in counts:
                yield word.start(), both, len(asked) - 1
        if missing <= {number}:
            for cut in range(1, len(word.group())):
                first, second = word.group()[:cut], word.group()[cut:]
                if first in counts and second in counts:
                    half, offset = min((first, 0), (second, cut), key=lambda one: counts[one[0]])
                    yield word.start() + offset, half, len(asked) + 1


def _best_whole_words(text: str, wanted: str, asked: Sequence[str], start: int, size: int) -> Mistyped | None:
    """The run of so many whole words about a place that differs from `wanted` by typing errors alone.

    The likest one; of these the one nearest to the place.
    """
    left, right = max(0, start - _AROUND), min(len(text), start + len(wanted) + _AROUND)
    words = list(_WORD.finditer(text, left, right))
    if left and words and words[0].start() == left:
        words = words[1:]  # cut in two by the window's edge
    if words and words[-1].end() == right < len(text):
        words.pop()
    names = [word.group() for word in words]
    candidates: list[tuple[float, int, Mistyped]] = []
    for first in range(len(words) - size + 1):
        if _only_typing_errors(asked, names[first : first + size]):
            begin, end = words[first].start(), words[first + size - 1].end()
            likeness = fuzz.ratio(wanted, text[begin:end])
            if likeness >= NEAR_ENOUGH:
                candidates.append((-likeness, abs(begin - start), Mistyped(begin, end, likeness)))
    return min(candidates)[-1] if candidates else None


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
