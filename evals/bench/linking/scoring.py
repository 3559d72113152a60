"""Pairwise and B-cubed F1 of a grouping of incidents, with intervals over events drawn anew.

B-cubed (Bagga and Baldwin 1998): of each incident, the share of its dossier that is of its event (precision), and the
share of its event that is in its dossier (recall); averaged over incidents. Pairwise: pairs of one event that are in
one dossier. A pair across two events counts half for each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evals.bench.linking.data import Key
from evals.scoring.bootstrap import RESAMPLES, Table, intervals

_DIGITS = 4


def scores(
    dossiers: Sequence[Sequence[Key]], events: Mapping[str, Sequence[Key]], resamples: int = RESAMPLES
) -> dict[str, dict[str, Any]]:
    """Precision, recall and F1 with 95 % intervals, for `pairwise` and `b_cubed`."""
    event_of = {key: event for event, keys in events.items() for key in keys}
    dossier_of = {key: number for number, keys in enumerate(dossiers) for key in keys}
    held = [Counter(event_of[key] for key in keys if key in event_of) for keys in dossiers]
    rows = {"pairwise": list[list[float]](), "b_cubed": list[list[float]]()}
    for event, keys in events.items():
        at = Counter(dossier_of[key] for key in keys)
        right = sum(_pairs(n) for n in at.values())
        across = sum(n * (sum(held[number].values()) - n) / 2 for number, n in at.items())
        rows["pairwise"].append([right, right + across, right, _pairs(len(keys))])
        precision = sum(n * held[number][event] / sum(held[number].values()) for number, n in at.items())
        recall = sum(n * n / len(keys) for n in at.values())
        rows["b_cubed"].append([precision, len(keys), recall, len(keys)])
    return {name: _told(np.array(table, dtype=np.float64), resamples) for name, table in rows.items()}


def _pairs(members: int) -> float:
    return members * (members - 1) / 2


def _told(table: Table, resamples: int) -> dict[str, Any]:
    names = ("precision", "recall", "f1")
    (total,) = _figures(table.sum(axis=0, keepdims=True)).tolist()
    bounds = intervals(table, _figures, resamples).tolist()
    return {
        **{name: round(figure, _DIGITS) for name, figure in zip(names, total, strict=True)},
        "intervals": {name: [round(one, _DIGITS) for one in pair] for name, pair in zip(names, bounds, strict=True)},
    }


def _figures(totals: Table) -> Table:
    right, predicted, found, gold = totals.T
    precision = right / np.where(predicted > 0, predicted, 1)
    recall = found / np.where(gold > 0, gold, 1)
    both = precision + recall
    return np.stack([precision, recall, 2 * precision * recall / np.where(both > 0, both, 1)], axis=1)
