"""How far two labellings of the same articles agree: one is scored against the other, by the harness's own metrics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evals.goldset.accept import Accept
from evals.goldset.gold import GOLD, load, names
from evals.scoring import Score, score_reports


def agreement(folder: Path = GOLD, *, strict: bool = False) -> Score:
    """The labels in `second` scored against those in `first`, as both were before adjudication.

    `strict`: without what the first labeller accepted besides.
    """
    ids = names(folder, labels="second")
    second = {article.id: article.label for article in load(folder, ids=ids, labels="second")}
    first = load(folder, ids=ids, labels="first")
    return score_reports([replace(one, accept=Accept()) for one in first] if strict else first, second)
