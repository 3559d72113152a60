"""The rows of the page's tables and plots, from a run's score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evals.page.scored import Figure, ScoredRun
from evals.scoring.comparison import Comparison, compare
from evals.scoring.critical import KINDS
from evals.scoring.figures import CLAIM_FIELDS, HEADLINES
from evals.scoring.incidents import FIELDS
from evals.scoring.tally import Tally
from extractor.errors import InputError

NAMES = {
    "claims.f1": "Claims, content and source",
    "claims.content_f1": "Claims, content alone",
    "incidents.f1": "Incidents, all fields",
    "critical_per_100_claims": "Critical errors",
}
"""What the headline figures are called."""
UNITS = {"critical_per_100_claims": "per 100 claims"}
"""What a headline figure is counted in, where it is no F1."""
COSTS = {"seconds": "seconds an article", "output_tokens": "output tokens an article", "cost_usd": "US$ an article"}
"""What an article takes, by the name in a run's totals."""

_WHOLES = (
    ("claims", "claims", "claims.", "content and source"),
    ("claims", "claims.content", "claims.content_", "content"),
    ("incidents", "incidents", "incidents.", "all fields"),
    ("incidents", "incidents.found", "incidents.found_", "found at all"),
    ("accounts", "disputes", "disputes.", "disputes: incident, aspect, parties"),
    ("accounts", "status", "status.", "occurrence status of incidents"),
    ("accounts", "parties", "parties.", "parties: pairs of actors"),
)
_MATCHED = ("incidents", "status")
"""Wholes that are also counted over matched incidents alone."""
_FIELDS = {"claims": CLAIM_FIELDS, "incidents": FIELDS, "accounts": ()}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """What one field, or a whole, earned."""

    name: str
    precision: Figure
    recall: Figure
    f1: Figure
    matched: Figure | None
    """F1 where only matched claims and incidents are counted; None where there is no such figure."""
    tally: Tally
    whole: bool


def field_rows(run: ScoredRun, group: str) -> list[FieldRow]:
    """The figures of `claims`, `incidents` or `accounts`: the wholes, then field by field."""
    rows: list[FieldRow] = []
    for of, tally, path, name in _WHOLES:
        if of == group:
            matched = run.figure(f"{path}matched_f1") if tally in _MATCHED else None
            rows.append(_row(run, name, path, tally, matched, whole=True))
    for name in _FIELDS[group]:
        path = f"{group}.fields.{name}."
        rows.append(_row(run, name, path, f"{group}.{name}", run.figure(f"{path}matched_f1"), whole=False))
    return rows


def _row(run: ScoredRun, name: str, path: str, tally: str, matched: Figure | None, *, whole: bool) -> FieldRow:
    precision, recall, f1 = (run.figure(f"{path}{part}") for part in ("precision", "recall", "f1"))
    return FieldRow(name, precision, recall, f1, matched, run.tally(tally), whole)


def plot_rows(rows: Sequence[FieldRow]) -> list[dict[str, Any]]:
    """Precision, recall, F1 and matched-only F1 of the fields that occur."""
    return [
        {"name": row.name, "series": part, "value": figure.value, "low": figure.low, "high": figure.high}
        for row in rows
        if row.tally.predicted or row.tally.gold
        for part, figure in (
            ("precision", row.precision), ("recall", row.recall), ("F1", row.f1), ("F1, matched only", row.matched),
        )
        if figure is not None
    ]  # fmt: skip


def headline_rows(runs: Sequence[ScoredRun], names: Sequence[str]) -> list[dict[str, Any]]:
    """Headline figures, a series for each run."""
    figures = [(name, run, run.figure(name)) for name in names for run in runs]
    return [
        {"name": NAMES[name], "series": run.letter, "value": f.value, "low": f.low, "high": f.high}
        for name, run, f in figures
    ]


@dataclass(frozen=True, slots=True)
class SliceRow:
    """The headline figures of some of the articles."""

    name: str
    documents: int
    figures: dict[str, Figure]


def slices(run: ScoredRun) -> dict[str, list[SliceRow]]:
    """By style, continent and difficulty; the largest groups first."""
    return {
        kind: sorted(
            (_slice(name, group) for name, group in groups.items()), key=lambda row: (-row.documents, row.name)
        )
        for kind, groups in run.told["slices"].items()
    }


def _slice(name: str, group: dict[str, Any]) -> SliceRow:
    figures = {figure: Figure(group[figure], *group[f"{figure}.interval"]) for figure in HEADLINES}
    return SliceRow(name, group["documents"], figures)


def slice_plot_rows(rows: Sequence[SliceRow]) -> list[dict[str, Any]]:
    """F1 of claims and incidents by slice."""
    return [
        {"name": row.name, "series": series, "value": f.value, "low": f.low, "high": f.high}
        for row in rows
        for series, f in (("claims F1", row.figures["claims.f1"]), ("incidents F1", row.figures["incidents.f1"]))
    ]


def critical_kinds(run: ScoredRun) -> list[tuple[str, int]]:
    """How many critical errors there are of each kind, the most frequent first."""
    counts = run.told["critical"]
    return sorted(((kind, counts[kind]) for kind in KINDS), key=lambda pair: -pair[1])


def per_article(run: ScoredRun, measure: str) -> float | None:
    """What an article took on average; None where it is not known."""
    total: float | None = getattr(run.totals, measure)
    return None if total is None or not run.runs else total / len(run.runs)


def cost_rows(runs: Sequence[ScoredRun], measure: str) -> list[dict[str, Any]]:
    """Runs by what they took and their claims' F1; those of which it is not known are left out."""
    known = [(run, taken, run.figure("claims.f1")) for run in runs if (taken := per_article(run, measure)) is not None]
    return [
        {"name": run.letter, "across": taken, "value": f.value, "low": f.low, "high": f.high} for run, taken, f in known
    ]


@dataclass(frozen=True, slots=True)
class Versus:
    """One run held against another."""

    first: ScoredRun
    second: ScoredRun
    comparison: Comparison


def pairwise(runs: Sequence[ScoredRun]) -> list[Versus]:
    """Every run against every earlier one; `InputError` when two are not of the same articles and labels."""
    pairs = [(first, second) for n, second in enumerate(runs) for first in runs[:n]]
    return [Versus(first, second, _compared(first, second)) for first, second in pairs]


def _compared(first: ScoredRun, second: ScoredRun) -> Comparison:
    try:
        return compare(first.told, second.told)
    except InputError as error:
        raise InputError(f"{first.name} and {second.name}: {error}") from error


def difference_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """The differences that are on the scale of F1."""
    return [
        {
            "name": NAMES.get(row.figure, field_name(row.figure)),
            "value": row.difference,
            "low": row.low,
            "high": row.high,
        }
        for row in comparison.rows
        if row.figure.endswith("f1")
    ]


def field_name(figure: str) -> str:
    """`claims.fields.source.f1` in words."""
    group, _, name = figure.removesuffix(".f1").partition(".fields.")
    return f"{group.removesuffix('s')} {name}"
