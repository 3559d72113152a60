"""Where words stand in a text, found by an index of its words: the work does not grow with the length of the text."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import regex

CONTINUOUS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
"""Scripts written without spaces."""
LETTER = rf"[[\p{{L}}\p{{M}}\p{{N}}_]--[{CONTINUOUS}]]"
"""A character that makes a longer word of a name when it touches it; scripts written without spaces have none."""
Pattern = Callable[[], "regex.Pattern[str]"]
"""Makes the pattern of some words, which takes long: only where it is wanted."""
_TOKEN = regex.compile(rf"[{CONTINUOUS}]\p{{M}}*|{LETTER}+", regex.V1)
_ASCII_TOKEN = re.compile(r"\w+", re.ASCII)
_NOWHERE: array[int] = array("I")


class _Tokens(NamedTuple):
    """The words of a text in its order: where each begins and ends, and the numbers of those that a word is."""

    starts: array[int]
    ends: array[int]
    places: dict[str, array[int]]


class Index:
    """The words of a text that was folded, and a letter each of scripts without spaces; each with all its places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._token = _ASCII_TOKEN if text.isascii() else _TOKEN
        self.words = Counter(self._token.findall(text))
        """As they are written, each with how often it stands."""
        self._known = set(map(_key, self.words))
        self._asked: dict[str, tuple[array[int], int] | None] = {}

    @cached_property
    def _tokens(self) -> _Tokens:
        tokens = _Tokens(array("I"), array("I"), {})
        for number, match in enumerate(self._token.finditer(self._text)):
            tokens.starts.append(match.start())
            tokens.ends.append(match.end())
            word = _key(match.group())
            if word not in tokens.places:
                tokens.places[word] = array("I")
            tokens.places[word].append(number)
        return tokens

    def at_one_place(self, words: str) -> bool:
        """Whether one of the (folded) words stands once in the text, so that all of them stand nowhere else."""
        tokens = self._rarest(words)
        return tokens is not None and len(tokens[0]) == 1

    def after(self, words: str, pattern: Pattern, start: int) -> Iterator[tuple[int, int]]:
        """The spans at or after `start` where the (folded) words stand in any form that their pattern has, in order."""
        tokens = self._rarest(words)
        if tokens is None:
            yield from (match.span() for match in pattern().finditer(self._text, start, overlapped=True))
            return
        places, before = tokens
        if not places:
            return
        for place in range(bisect_left(places, bisect_left(self._tokens.starts, start)), len(places)):
            yield from (span for span in self._matches(places[place] - before, words, pattern) if span[0] >= start)

    def before(self, words: str, pattern: Pattern, end: int) -> Iterator[tuple[int, int]]:
        """The spans that start before `end`, the last one first."""
        tokens = self._rarest(words)
        if tokens is None:
            found = [match.span() for match in pattern().finditer(self._text, overlapped=True)]
            yield from (span for span in reversed(found) if span[0] < end)
            return
        places, before = tokens
        if not places:
            return
        last = bisect_right(places, bisect_left(self._tokens.starts, end) + before)
        for place in range(last - 1, -1, -1):
            matches = self._matches(places[place] - before, words, pattern)
            yield from (span for span in reversed(matches) if span[0] < end)

    def _rarest(self, words: str) -> tuple[array[int], int] | None:
        """The places of the rarest of the words, and how many of the words come before it; `None`: there are none."""
        if words not in self._asked:  # names come again and again
            self._asked[words] = self._look_up(words)
        return self._asked[words]

    def _look_up(self, words: str) -> tuple[array[int], int] | None:
        tokens = [_key(word) for word in _TOKEN.findall(words)]
        if not tokens:
            return None
        if any(word not in self._known for word in tokens):
            return _NOWHERE, 0  # the places of all words take long to note
        return min(((self._tokens.places[word], n) for n, word in enumerate(tokens)), key=lambda one: len(one[0]))

    def _matches(self, first: int, words: str, pattern: Pattern) -> list[tuple[int, int]]:
        """Where the words stand with this token as their first one; marks may stand before it."""
        if first < 0:
            return []
        after = self._tokens.ends[first - 1] if first else 0
        starts = range(after, self._tokens.starts[first] + 1)
        if words.isascii():
            spans = ((at, self._end(at, words.split())) for at in starts)
            return [(at, end) for at, end in spans if end is not None]
        found = (pattern().match(self._text, at) for at in starts)
        return [match.span() for match in found if match]

    def _end(self, at: int, words: Sequence[str]) -> int | None:
        """Where words in ASCII end that stand there, with spaces between; they have one form each."""
        for number, word in enumerate(words):
            if number:
                spaced = at
                while self._text.startswith(" ", at):
                    at += 1
                if at == spaced:
                    return None
            if not self._text.startswith(word, at):
                return None
            at += len(word)
        return at


def _key(word: str) -> str:
    return word if word.isascii() else unicodedata.normalize("NFC", word)


@lru_cache(maxsize=4)
def index_of(folded: str) -> Index:
    """The index of a text, kept for the next questions about it."""
    return Index(folded)
