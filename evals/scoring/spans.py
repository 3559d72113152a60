"""How much two sets of spans have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

SAME = 0.5
"""Intersection over union of characters from which two spans are the same (PolNeAR's measure)."""


class Placed(Protocol):
    """Anything that stands in the text: a span or a mention."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102


Ranges = tuple[tuple[int, int], ...]
"""Half-open ranges of code points, in order, none touching another."""


def ranges(spans: Iterable[Placed]) -> Ranges:
    """The characters that the spans cover."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((span.start, span.end) for span in spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        elif end > start:
            merged.append((start, end))
    return tuple(merged)


def iou(a: Ranges, b: Ranges) -> float:
    """Characters in both over characters in either; 0 when both are empty."""
    if not a or not b or a[-1][1] <= b[0][0] or b[-1][1] <= a[0][0]:
        return 0.0
    common = shared(a, b)
    every = _length(a) + _length(b) - common
    return common / every


def shared(a: Ranges, b: Ranges) -> int:
    """How many characters are in both."""
    return sum(max(0, min(end, stop) - max(start, begin)) for start, end in a for begin, stop in b)


def same_span(a: Placed, b: Placed) -> bool:
    """Whether two spans have at least half of their characters in common."""
    common = min(a.end, b.end) - max(a.start, b.start)
    return common > 0 and common >= SAME * (max(a.end, b.end) - min(a.start, b.start))


def _length(a: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in a)
