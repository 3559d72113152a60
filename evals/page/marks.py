"""Marks on a text, overlapping at will: the text is cut at every edge, each piece carries the marks that cover it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from evals.scoring.spans import Ranges
from extractor.export.html.pieces import cut as pieces_of

Verdict = Literal["right", "partly", "missed", "wrong"]
"""Missed: in the label only. Wrong: in the report only. Partly: in both, but not all of it is right."""
Part = Literal["content", "source", "cue", "value", "evidence", "critical"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text that something of the label or of the report stands on."""

    start: int
    end: int
    item: str
    """What it belongs to; unique in its article."""
    part: Part
    verdict: Verdict
    told: str
    """What it is, in words."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text without an edge inside, and what covers it."""

    text: str
    start: int
    marks: tuple[Mark, ...]
    begins: bool
    """Whether a mark begins here."""
    opens: bool
    """Whether a value of an incident begins here."""
    closes: bool
    """Whether a value of an incident ends here."""

    @property
    def classes(self) -> str:
        """The looks of the piece: each part with its verdict."""
        names = [f"{mark.part}-{mark.verdict}" for mark in self.marks if mark.part != "evidence"]
        names += ["opens"] * self.opens + ["closes"] * self.closes
        return " ".join(dict.fromkeys(names))

    @property
    def items(self) -> str:
        """The items that it belongs to."""
        return " ".join(dict.fromkeys(mark.item for mark in self.marks))

    @property
    def told(self) -> str:
        """What stands here, in words."""
        return "; ".join(dict.fromkeys(mark.told for mark in self.marks if mark.part != "evidence"))


def cut(text: str, marks: Sequence[Mark]) -> list[Piece]:
    """The text in pieces; joined they are the text. What a mark covers beyond the text is left out, and empty marks."""
    pieces: list[Piece] = []
    for start, words, covering in pieces_of(text, marks):
        end = start + len(words)
        values = [mark for mark in covering if mark.part == "value"]
        opens, closes = any(m.start == start for m in values), any(m.end == end for m in values)
        begins = any(mark.start == start for mark in covering)
        pieces.append(Piece(words, start, covering, begins, opens, closes))
    return pieces


def common(a: Ranges, b: Ranges) -> Ranges:
    """The characters in both."""
    met = ((max(start, begin), min(end, stop)) for start, end in a for begin, stop in b)
    return tuple((start, end) for start, end in met if start < end)


def without(a: Ranges, b: Ranges) -> Ranges:
    """The characters of `a` that are not in `b`."""
    left: list[tuple[int, int]] = []
    for start, end in a:
        for begin, stop in b:
            if begin < end and start < stop:
                if start < begin:
                    left.append((start, begin))
                start = stop  # noqa: PLW2901  what is left of the range
        if start < end:
            left.append((start, end))
    return tuple(left)
