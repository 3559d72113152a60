"""A scored run: its folder's reports and score, checked to be of one piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from evals.goldset import names
from evals.running.manifest import Totals
from evals.scoring.predictions import read_lines, read_reports
from evals.scoring.provenance import provenance
from evals.scoring.tally import Tally
from extractor.errors import InputError
from extractor.schema import PromptUsed, Report, Run

_PARTS = {"gold_sha256": "the labels", "reports_sha256": "the reports", "scorer_sha256": "the scorer"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval; without one where it is 0 however documents are drawn."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ScoredRun:
    """A run and its score."""

    letter: str
    """What it is called on the page."""
    name: str
    told: Mapping[str, Any]
    """The JSON of its score."""
    reports: Mapping[str, Report]
    written: date
    """The day that the file of reports was last written, in UTC."""

    @property
    def ids(self) -> list[str]:
        """The articles that were scored."""
        return sorted(self.told["documents"])

    @property
    def runs(self) -> list[Run]:
        """How its reports came about."""
        return [report.run for report in self.reports.values() if report.run is not None]

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Its run.json; empty if there was none."""
        return self.told["provenance"].get("run") or {}

    @property
    def models(self) -> str:
        """The model, or models, that it was made with."""
        return ", ".join(sorted({run.model for run in self.runs})) or "unknown"

    @property
    def plans(self) -> str:
        """The plan."""
        return ", ".join(sorted({run.plan for run in self.runs})) or "unknown"

    @property
    def prompts(self) -> list[PromptUsed]:
        """The prompts that were used."""
        used = {(p.name, p.version, p.sha256): p for run in self.runs for p in run.prompts}
        return [used[key] for key in sorted(used)]

    @property
    def totals(self) -> Totals:
        """What it took, over its reports."""
        costs = [run.cost_usd for run in self.runs]
        return Totals(
            calls=sum(run.calls for run in self.runs),
            input_tokens=sum(run.input_tokens for run in self.runs),
            cached_tokens=sum(run.cached_tokens for run in self.runs),
            output_tokens=sum(run.output_tokens for run in self.runs),
            cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
            seconds=sum(run.seconds for run in self.runs),
        )

    def figure(self, name: str) -> Figure:
        """A figure by its name, such as `claims.f1`."""
        node: Any = self.told
        for step in name.split("."):
            node = node[step]
        low, high = self.told["intervals"].get(name, (0.0, 0.0))
        return Figure(float(node), low, high)

    def tally(self, name: str) -> Tally:
        """What was counted in all articles."""
        total = Tally()
        for counts in cast(dict[str, dict[str, list[float]]], self.told["documents"]).values():
            total += Tally(*counts.get(name, ()))
        return total


def read_run(path: Path, told: Mapping[str, Any], gold: Path, letter: str) -> ScoredRun:
    """The run in the folder `path`, with the score that was kept of it.

    Raises:
        InputError: Its reports cannot be read, or it was scored before they, the labels or the scorer changed.
    """
    ids: list[str] = names(gold, ids=sorted(told["documents"]))
    _check_fresh(path, told, gold, ids)
    lines, _ = read_lines(path, gold, ids)
    written = datetime.fromtimestamp((path / "reports.jsonl").stat().st_mtime, UTC).date()
    return ScoredRun(letter, path.resolve().name, told, read_reports(path, lines), written)


def _check_fresh(path: Path, told: Mapping[str, Any], gold: Path, ids: Sequence[str]) -> None:
    try:
        now = provenance(gold, ids, path)
    except OSError as error:
        raise InputError(f"{error.filename} cannot be read: {error.strerror}") from error
    changed = [what for part, what in _PARTS.items() if told["provenance"].get(part) != now[part]]
    if changed:
        raise InputError(
            f"{path} was scored before {' and '.join(changed)} changed, or against others: "
            f"run `python -m evals score --pred {path} --gold {gold}` again"
        )
