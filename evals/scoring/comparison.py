"""Whether one run is better than another: the same documents, drawn together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from evals.scoring.bootstrap import RESAMPLES, differences
from evals.scoring.figures import FIGURES, HEADLINES, LOWER_IS_BETTER
from evals.scoring.tally import Tally
from extractor.errors import InputError

Verdict = Literal["better", "worse", "the same", "cannot tell"]

ALPHA = 0.05
_FEW = 6
"""Documents that differ; with fewer no draw can tell chance from difference (2 ** -5 is not under a half of 5 %)."""
_CHANGED_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of two runs, and whether they differ in it."""

    figure: str
    first: float
    second: float
    low: float
    high: float
    p: float
    verdict: Verdict

    @property
    def difference(self) -> float:
        """Second less first."""
        return self.second - self.first


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the same documents."""

    rows: list[Row]
    """The headlines first, then every F1 of a field that either run has."""
    changed: list[str]
    """The documents that changed most, a line each."""
    documents: int

    @property
    def worse(self) -> list[Row]:
        """The headlines in which the second run is worse, beyond chance."""
        return [row for row in self.rows if row.figure in HEADLINES and row.verdict == "worse"]

    def to_dict(self) -> dict[str, Any]:
        """The comparison as JSON."""
        rows = {
            row.figure: {
                "a": round(row.first, 4), "b": round(row.second, 4), "difference": round(row.difference, 4),
                "interval": [round(row.low, 4), round(row.high, 4)], "p": round(row.p, 4), "verdict": row.verdict,
            }
            for row in self.rows
        }  # fmt: skip
        return {"documents": self.documents, "figures": rows, "changed": self.changed}


def compare(first: Mapping[str, Any], second: Mapping[str, Any], resamples: int = RESAMPLES) -> Comparison:
    """Compare two scores (the JSON of `Score.to_dict`) by paired bootstrap over their documents.

    Raises `InputError` when they are not of the same documents and labels.
    """
    if first["provenance"].get("gold_sha256") != second["provenance"].get("gold_sha256"):
        raise InputError("the two were scored against different labels: score both again, against the same gold set")
    if first["provenance"].get("scorer_sha256") != second["provenance"].get("scorer_sha256"):
        raise InputError("the two were scored by different versions of the scorer: score both again")
    ids = sorted(first["documents"])
    if ids != sorted(second["documents"]):
        raise InputError("the two were scored on different documents: score both on the same ones, with --ids")
    a, b = _tallies(first, ids), _tallies(second, ids)
    tables = FIGURES.table(a), FIGURES.table(b)
    totals = [FIGURES(table.sum(axis=0, keepdims=True))[0].tolist() for table in tables]
    differing = FIGURES.differing(*tables)
    bounds, chances = differences(*tables, FIGURES, resamples)
    rows: list[Row] = []
    for number, name in enumerate(FIGURES.names):
        low, high = bounds[number].tolist()
        one, other, p = totals[0][number], totals[1][number], float(chances[number])
        same = bool(np.array_equal(FIGURES(tables[0])[:, number], FIGURES(tables[1])[:, number])) and one == other
        rows.append(Row(name, one, other, low, high, p, _verdict(name, other - one, p, differing[number], same=same)))
    shown = [row for name in HEADLINES for row in rows if row.figure == name]
    shown += [row for row in rows if _is_field(row.figure) and (row.first or row.second)]
    return Comparison(shown, _changed(ids, a, b), len(ids))


def _verdict(figure: str, difference: float, p: float, differing: int, *, same: bool) -> Verdict:
    if same:
        return "the same"
    if differing < _FEW or p >= ALPHA:
        return "cannot tell"
    return "better" if (difference > 0) != (figure in LOWER_IS_BETTER) else "worse"


def _is_field(figure: str) -> bool:
    return ".fields." in figure and figure.endswith(".f1")


def _changed(ids: Sequence[str], a: Sequence[Mapping[str, Tally]], b: Sequence[Mapping[str, Tally]]) -> list[str]:
    def figure(tallies: Mapping[str, Tally], name: str) -> float:
        return tallies.get(name, Tally()).f1

    changes: list[tuple[float, str]] = []
    for name, before, after in zip(ids, a, b, strict=True):
        parts = [(part, figure(before, part), figure(after, part)) for part in ("claims", "incidents")]
        size = sum(abs(new - old) for _, old, new in parts)
        if size:
            told = ", ".join(f"{part} F1 {old:.2f} to {new:.2f}" for part, old, new in parts)
            changes.append((size, f"{name}: {told}"))
    return [line for _, line in sorted(changes, reverse=True)[:_CHANGED_SHOWN]]


def _tallies(score: Mapping[str, Any], ids: Sequence[str]) -> list[dict[str, Tally]]:
    return [{name: Tally(*numbers) for name, numbers in score["documents"][i].items()} for i in ids]
