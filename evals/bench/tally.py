"""What is counted of a document in a benchmark, and the figures made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from evals.scoring.bootstrap import RESAMPLES, Table, intervals

_DIGITS = 4


class Tally(NamedTuple):
    """Values predicted and in the key, and how many of each are right: not the same where several match one."""

    right: int = 0
    predicted: int = 0
    found: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Right over predicted values; 0 when there are none."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Found over gold values; 0 when there are none."""
        return self.found / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two; 0 when either is."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def __add__(self, other: tuple[int, ...]) -> Tally:  # type: ignore[override]
        return Tally(*(a + b for a, b in zip(self, other, strict=True)))


def told(tallies: Sequence[Tally], resamples: int = RESAMPLES) -> dict[str, Any]:
    """Micro-averaged precision, recall and F1 of documents with their 95 % intervals, and the counts, as JSON."""
    total = sum(tallies, Tally())
    bounds = intervals(np.array(tallies, dtype=np.float64).reshape(-1, 4), _figures, resamples).tolist()
    names = ("precision", "recall", "f1")
    return {
        **{name: round(getattr(total, name), _DIGITS) for name in names},
        "intervals": {name: [round(one, _DIGITS) for one in pair] for name, pair in zip(names, bounds, strict=True)},
        "counts": total._asdict(),
    }


def _figures(totals: Table) -> Table:
    """Precision, recall and F1 of each row of totals."""
    right, predicted, found, gold = totals.T
    precision, recall = right / np.maximum(predicted, 1), found / np.maximum(gold, 1)
    both = precision + recall
    f1 = 2 * precision * recall / np.where(both > 0, both, 1)
    return np.stack([precision, recall, f1], axis=1)
