"""Marks that overlap at will: the text is cut at every edge, and each piece has the marks that cover it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol, TypeVar


class Marking(Protocol):
    """A stretch of a text, half-open."""

    @property
    def start(self) -> int: ...  # noqa: D102

    @property
    def end(self) -> int: ...  # noqa: D102


M = TypeVar("M", bound=Marking)


def cut(
    text: str, marks: Sequence[M], offset: int = 0, edges: Iterable[int] = ()
) -> Iterator[tuple[int, str, tuple[M, ...]]]:
    """The pieces of a text that begins at `offset`: where each starts, its words, and the marks that cover it.

    Joined, the pieces are the text, which is also cut at `edges`. What a mark covers beyond the text is left out, and
    empty marks.
    """
    stop = offset + len(text)
    within = [mark for mark in marks if offset <= mark.start < min(mark.end, stop)]
    opening = sorted(range(len(within)), key=lambda number: within[number].start)
    cuts = {offset, stop, *(mark.start for mark in within), *(min(mark.end, stop) for mark in within)}
    cuts.update(edge for edge in edges if offset < edge < stop)
    covering: list[int] = []
    opened = 0
    for start, end in pairwise(sorted(cuts)):
        covering = [number for number in covering if within[number].end > start]
        while opened < len(opening) and within[opening[opened]].start == start:
            covering.append(opening[opened])
            opened += 1
        words = text[start - offset : end - offset]
        yield start, words, tuple(within[number] for number in sorted(covering))
