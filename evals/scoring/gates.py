"""Bars that a score must reach."""

from __future__ import annotations

from collections.abc import Sequence

from evals.scoring.figures import FIGURES
from evals.scoring.score import Score
from extractor.errors import GateMissed, SettingsError

SHORT = {"critical": "critical_per_100_claims"}
"""Names that are accepted for longer ones."""


def bars(given: Sequence[str], option: str) -> dict[str, float]:
    """`["claims.f1=0.6"]` as figures and numbers; `SettingsError` for what names no figure or holds no number."""
    told: dict[str, float] = {}
    for bar in given:
        name, _, number = bar.partition("=")
        name = SHORT.get(name.strip(), name.strip())
        if name not in FIGURES.names:
            raise SettingsError(f"{option} {bar}: there is no figure {name!r}: try claims.f1, incidents.f1 or critical")
        try:
            told[name] = float(number)
        except ValueError as error:
            raise SettingsError(f"{option} {bar}: write a figure and a number, as {name}=0.6") from error
    return told


def check(score: Score, least: Sequence[str], most: Sequence[str]) -> None:
    """Raise `GateMissed` naming every figure that is under its least or over its most."""
    under = [
        f"{name} is {score[name]:.4g}, under {bar:g}" for name, bar in bars(least, "--min").items() if score[name] < bar
    ]
    over = [
        f"{name} is {score[name]:.4g}, over {bar:g}" for name, bar in bars(most, "--max").items() if score[name] > bar
    ]
    if under or over:
        raise GateMissed("; ".join([*under, *over]))
