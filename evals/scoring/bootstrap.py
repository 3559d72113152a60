"""How sure a figure is: documents are drawn anew, with replacement, and the figure is worked out again.

Documents, not claims, are drawn, for the claims of one article err together (Efron and Tibshirani 1993; clustered as in
Koehn 2004). Intervals are percentiles; the p of a difference is two-sided, over the same draws for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.floating[Any]]
"""Rows (documents or draws) by columns (counts or figures)."""
Figures = Callable[[Table], Table]
"""From totals (draws by counts) to figures (draws by figures)."""

RESAMPLES = 10_000
SEED = 20_170_618
LEVEL = 0.95
_AT_ONCE = 2_000_000
"""Draws kept in memory at the same time: documents times resamples."""


def resampled(table: Table, resamples: int = RESAMPLES, seed: int = SEED) -> Iterator[Table]:
    """Totals of the counts over documents drawn with replacement: blocks of (draws, counts)."""
    documents = len(table)
    counts = table.astype(np.float32)
    random = np.random.default_rng(seed)
    done = 0
    while done < resamples:
        draws = min(resamples - done, max(1, _AT_ONCE // documents))
        picked = random.integers(0, documents, size=(draws, documents), dtype=np.int32)
        picked += np.arange(draws, dtype=np.int32)[:, None] * documents
        times = np.bincount(picked.ravel(), minlength=draws * documents).reshape(draws, documents)
        yield times.astype(np.float32) @ counts
        done += draws


def intervals(table: Table, figures: Figures, resamples: int = RESAMPLES, level: float = LEVEL) -> Table:
    """The interval of each figure, as (figures, 2); without documents all of it is 0."""
    if not len(table):
        return np.zeros((figures(table.sum(axis=0, keepdims=True)).shape[1], 2))
    drawn = np.concatenate([figures(block) for block in resampled(table, resamples)])
    return np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0).T


def differences(
    first: Table, second: Table, figures: Figures, resamples: int = RESAMPLES, level: float = LEVEL
) -> tuple[Table, Table]:
    """Second less first, over the same documents: the interval of each figure's difference, and its p.

    The p is twice the smaller share of draws on either side of no difference, with one draw added (Davison and Hinkley
    1997, so that it is never 0); draws of no difference count on both sides.
    """
    both = np.concatenate([first, second], axis=1)
    half = first.shape[1]
    drawn = np.concatenate(
        [figures(block[:, half:]) - figures(block[:, :half]) for block in resampled(both, resamples)]
    )
    bounds = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0).T
    below = (1 + (drawn <= 0).sum(axis=0)) / (1 + len(drawn))
    above = (1 + (drawn >= 0).sum(axis=0)) / (1 + len(drawn))
    return bounds, np.minimum(1.0, 2 * np.minimum(below, above))
