"""Pairing predicted with gold things, each at most once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from scipy.optimize import linear_sum_assignment

P = TypeVar("P")
G = TypeVar("G")


def align(predicted: Sequence[P], gold: Sequence[G], likeness: Callable[[P, G], float]) -> list[tuple[int, int, float]]:
    """The one-to-one pairing with the greatest sum of likeness, as (predicted, gold, likeness), without pairs of 0.

    The assignment problem, solved by Jonker-Volgenant (scipy).
    """
    if not predicted or not gold:
        return []
    weights = [[likeness(p, g) for g in gold] for p in predicted]
    return pairs(weights)


def pairs(weights: Sequence[Sequence[float]]) -> list[tuple[int, int, float]]:
    """As `align`, from a matrix of likeness with a row for each predicted and a column for each gold thing."""
    if not weights or not weights[0]:
        return []
    if len(weights) == 1:
        best = max(range(len(weights[0])), key=weights[0].__getitem__)
        chosen = [(0, best)]
    elif len(weights[0]) == 1:
        chosen = [(max(range(len(weights)), key=lambda row: weights[row][0]), 0)]
    else:
        rows, columns = linear_sum_assignment(weights, maximize=True)
        chosen = list(zip(rows.tolist(), columns.tolist(), strict=True))
    return [(row, column, weights[row][column]) for row, column in chosen if weights[row][column] > 0]
