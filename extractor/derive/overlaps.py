"""Which of many spans overlap a stretch of text, without looking at each of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Overlaps(Generic[T]):
    """Spans of a text, half-open, each with what it is the span of."""

    def __init__(self, spans: Iterable[tuple[int, int, T]]) -> None:
        self._given = list(spans)
        self._order = sorted(range(len(self._given)), key=lambda number: self._given[number][0])
        self._starts = [self._given[number][0] for number in self._order]
        self._furthest = list(accumulate((self._given[number][1] for number in self._order), max))
        """The furthest end of the spans up to each."""

    def of(self, start: int, end: int) -> list[tuple[int, int, T]]:
        """The spans that have a code point in common with `text[start:end]`, in the order in which they were given."""
        found: list[int] = []
        at = bisect_left(self._starts, end) - 1
        while at >= 0 and self._furthest[at] > start:
            number = self._order[at]
            if self._given[number][1] > start:
                found.append(number)
            at -= 1
        return [self._given[number] for number in sorted(found)]
