"""The dead as each account had them, day by day, laid out for a drawing of any width: places are in percent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Date
from itertools import pairwise

from extractor.dossiers.html.accounts import Sides
from extractor.dossiers.schema import TollThen
from extractor.export.html.voices import Voice

HEIGHT, _TOP, _BOTTOM = 280, 58, 244
"""Pixels: of the whole, and of the places of the highest and the lowest value."""
_LEFT, _RIGHT = 12.0, 90.0
"""Percent: the first and the last day."""
_APART = 26
"""Pixels between the marks of two sides on one day."""
_ROOM = 14.0
"""Percent that the name of a day takes on a narrow screen."""
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Point:
    """What a side came to on a day."""

    x: float
    y: float
    """Of the number, the lower of two, or the one that is told at all."""
    to: float | None
    """Of the higher number; above the drawing's top where none is told at most; None for one exact number."""
    label: str
    down: bool
    """Whether only the most is told."""


@dataclass(frozen=True, slots=True)
class Line:
    """A side's numbers over time."""

    voice: Voice | None
    """Nobody: the articles in their own voice."""
    shift: float
    """Pixels to the side, so that those of other sides are not hidden."""
    points: list[Point]

    @property
    def steps(self) -> list[tuple[Point, Point]]:
        """From one to the next."""
        return list(pairwise(self.points))


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over a grid."""

    lines: list[Line]
    grid: list[tuple[float, int]]
    """Where a level is drawn, and what it stands for."""
    days: list[tuple[float, str]]


def bounds_told(low: int | None, high: int | None) -> str:
    """Bounds in few signs."""
    if low is None or high is None:
        return "no number" if low == high else f"{low:,}+" if high is None else f"≤ {high:,}"
    return f"{low:,}" if low == high else f"{low:,}–{high:,}"


def chart(timeline: Sequence[TollThen], sides: Sides) -> Chart | None:
    """The tolls with a number and a day; None where there are not two that differ in side, day or number."""
    told: dict[tuple[str | None, Date, int | None, int | None], None] = {}
    for one in timeline:
        if one.published is not None and (one.min, one.max) != (None, None):
            told[one.by if sides.of(filter(None, [one.by])) else None, one.published, one.min, one.max] = None
    if len(told) < 2:
        return None
    days = sorted({day for _, day, _, _ in told})
    grid = _grid(max(1, *(value for _, _, low, high in told for value in (low, high) if value is not None)))
    first, span, most = days[0], (days[-1] - days[0]).days, grid[-1]

    def across(day: Date) -> float:
        share = (day - first).days / span if span else 0.5
        return round(_LEFT + share * (_RIGHT - _LEFT), 2)

    def height(value: int) -> float:
        return round(_BOTTOM - value / most * (_BOTTOM - _TOP), 1)

    def point(day: Date, low: int | None, high: int | None) -> Point:
        to = None if low == high else height(high) if low is not None and high is not None else None
        if low is not None and high is None:
            to = max(height(low) - 24, 2.0)
        elif low is None and high is not None:
            to = min(height(high) + 24, float(_BOTTOM))
        base = low if low is not None else high or 0
        return Point(across(day), height(base), to, bounds_told(low, high), low is None)

    parties = list(dict.fromkeys(by for by, _, _, _ in told))
    lines = [
        Line(
            next(iter(sides.of([by])), None) if by else None,
            (number - (len(parties) - 1) / 2) * _APART,
            [point(day, low, high) for party, day, low, high in told if party == by],
        )
        for number, by in enumerate(parties)
    ]
    return Chart(lines, [(height(value), value) for value in grid], _names((across(day), day) for day in days))


def _grid(most: int) -> list[int]:
    """Round levels from 0 to beyond the most, five or so."""
    size = 1
    while True:
        for step in _STEPS:
            if step * size * 4 >= most:
                count = -(-most // (step * size)) or 1
                return [number * step * size for number in range(count + 1)]
        size *= 10


def _names(days: Iterable[tuple[float, Date]]) -> list[tuple[float, str]]:
    """The days that there is room to name."""
    named: list[tuple[float, str]] = []
    for place, day in days:
        if not named or place - named[-1][0] >= _ROOM:
            named.append((place, f"{day.day} {day:%b}"))
    return named
