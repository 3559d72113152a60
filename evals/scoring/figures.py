"""The figures that are made of the counts of documents: each is one sum of counts over another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from evals.scoring.bootstrap import Table
from evals.scoring.incidents import FIELDS
from evals.scoring.tally import Tally

CLAIM_FIELDS = (
    "source", "actor", "via", "cue", "against", "attribution", "stance", "aspects", "incidents", "position",
)  # fmt: skip

CREDIT, PREDICTED, GOLD = 0, 1, 2
Column = tuple[str, int]

_PARTS: dict[str, tuple[float, tuple[int, ...]]] = {
    "precision": (1.0, (PREDICTED,)),
    "recall": (1.0, (GOLD,)),
    "f1": (2.0, (PREDICTED, GOLD)),
}


class FigureSet:
    """Named figures; a name is the figure's path in the JSON of a score.

    Each is a factor times one count over a sum of counts (0 over 0 is 0). Critical errors are counted over predicted
    claims, those with the content and the source of another left out; where there is none, as over one.
    """

    def __init__(self, figures: dict[str, tuple[float, Column, tuple[Column, ...]]]) -> None:
        self.names = tuple(figures)
        self._figures = figures

    @cached_property
    def columns(self) -> list[Column]:
        """The counts that the figures are made of."""
        parts = [column for _, above, below in self._figures.values() for column in (above, *below)]
        return list(dict.fromkeys(parts))

    @cached_property
    def _matrices(self) -> tuple[Table, Table]:
        at = {column: number for number, column in enumerate(self.columns)}
        above, below = np.zeros((len(at), len(self.names))), np.zeros((len(at), len(self.names)))
        for number, (factor, top, bottom) in enumerate(self._figures.values()):
            above[at[top], number] = factor
            for column in bottom:
                below[at[column], number] += 1
        return above, below

    def table(self, documents: Sequence[dict[str, Tally]]) -> Table:
        """The counts of documents, a document a row, a column of `columns` a column."""
        nothing = Tally()
        rows = [[tallies.get(name, nothing)[part] for name, part in self.columns] for tallies in documents]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.columns))

    def differing(self, first: Table, second: Table) -> list[int]:
        """For each figure, in how many documents two tables differ in the counts that it is made of."""
        above, below = self._matrices
        used = (above != 0) | (below != 0)
        return [int((first[:, of] != second[:, of]).any(axis=1).sum()) for of in used.T]

    def __call__(self, totals: Table) -> Table:
        """The figures of each row of totals."""
        above, below = self._matrices
        top, bottom = totals @ above, totals @ below
        return top / np.where(bottom > 0, bottom, 1.0)


def _rates(path: str, tally: str, *, prefix: str = "") -> dict[str, tuple[float, Column, tuple[Column, ...]]]:
    return {
        f"{path}.{prefix}{part}": (factor, (tally, CREDIT), tuple((tally, column) for column in below))
        for part, (factor, below) in _PARTS.items()
    }


def _all() -> FigureSet:
    figures = _rates("claims", "claims") | _rates("claims", "claims.content", prefix="content_")
    figures |= _rates("incidents", "incidents") | _rates("incidents", "incidents.matched", prefix="matched_")
    figures |= _rates("incidents", "incidents.found", prefix="found_")
    for group, names in (("claims", CLAIM_FIELDS), ("incidents", FIELDS)):
        for name in names:
            figures |= _rates(f"{group}.fields.{name}", f"{group}.{name}")
            figures |= _rates(f"{group}.fields.{name}", f"{group}.{name}.matched", prefix="matched_")
    for name in ("disputes", "status", "parties"):
        figures |= _rates(name, name)
    figures |= _rates("status", "status.matched", prefix="matched_")
    figures["critical_per_100_claims"] = (100.0, ("critical", CREDIT), (("critical", PREDICTED),))
    return FigureSet(figures)


FIGURES = _all()
"""Every figure of a score."""
HEADLINES = ("claims.f1", "claims.content_f1", "incidents.f1", "critical_per_100_claims")
"""The four that a score is told by."""
LOWER_IS_BETTER = ("critical_per_100_claims",)
