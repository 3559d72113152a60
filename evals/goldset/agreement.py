"""How far two labellings of the same articles agree: one is scored against the other, by the harness's own metrics."""

from __future__ import annotations

from pathlib import Path

from evals.goldset.gold import GOLD, load, names
from evals.scoring import Score, score_reports


def agreement(folder: Path = GOLD) -> Score:
    """The labels in `second` scored against those in `first`, as both were before adjudication."""
    ids = names(folder, labels="second")
    second = {article.id: article.label for article in load(folder, ids=ids, labels="second")}
    return score_reports(load(folder, ids=ids, labels="first"), second)
