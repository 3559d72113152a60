"""A score: the figures over all documents, how sure they are, where the errors are, and what was scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from evals.goldset import GoldArticle
from evals.scoring.bootstrap import LEVEL, RESAMPLES, intervals
from evals.scoring.critical import KINDS
from evals.scoring.document import Scored, empty_report, score_document
from evals.scoring.figures import FIGURES, HEADLINES
from evals.scoring.tally import Tally
from extractor.schema import Report

_DIGITS = 4


@dataclass(frozen=True)
class Score:
    """What a set of reports earned against a gold set."""

    documents: Sequence[Scored]
    missing: Sequence[str] = ()
    """Articles that no report was given for; they are scored as empty reports."""
    resamples: int = RESAMPLES
    provenance: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __getitem__(self, figure: str) -> float:
        """A figure by its name, such as `claims.f1`."""
        return self.figures[figure]

    @cached_property
    def figures(self) -> dict[str, float]:
        """Every figure over all documents."""
        return _figures([document.tallies for document in self.documents])

    @cached_property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """The 95 % interval of every figure, by bootstrap over documents."""
        return _intervals([document.tallies for document in self.documents], self.resamples)

    @cached_property
    def slices(self) -> dict[str, dict[str, list[int]]]:
        """The numbers of the documents by style, continent and difficulty."""
        kinds: dict[str, dict[str, list[int]]] = {"style": {}, "continent": {}, "difficulty": {}}
        for number, document in enumerate(self.documents):
            if document.entry is not None:
                kinds["style"].setdefault(document.entry.style, []).append(number)
                kinds["continent"].setdefault(document.entry.continent, []).append(number)
                for difficulty in document.entry.difficulties:
                    kinds["difficulty"].setdefault(difficulty, []).append(number)
        return {kind: dict(sorted(groups.items())) for kind, groups in kinds.items() if groups}

    def to_dict(self, *, documents: bool = True) -> dict[str, Any]:
        """The score as JSON; `documents` adds the counts of each, from which runs are compared."""
        told: dict[str, Any] = {}
        for name, value in self.figures.items():
            _put(told, name, round(value, _DIGITS))
        told["intervals"] = {
            name: [round(bound, _DIGITS) for bound in bounds]
            for name, bounds in self.intervals.items()
            if self.figures[name] or any(bounds)
        }
        told["level"], told["resamples"] = LEVEL, self.resamples
        every = [error for document in self.documents for error in document.errors]
        told["critical"] = {kind: sum(error.kind == kind for error in every) for kind in KINDS}
        told["incidents"] |= {name: self.count(f"incidents.{name}") for name in ("splits", "merges")}
        told["incidents"]["role_swaps"] = told["critical"]["swapped_roles"]
        told["counts"] = {
            "documents": len(self.documents),
            "claims": {"predicted": self._total("claims").predicted, "gold": self._total("claims").gold},
            "incidents": {
                "predicted": self._total("incidents.found").predicted, "gold": self._total("incidents.found").gold,
            },
        }  # fmt: skip
        told["missing"] = list(self.missing)
        told["slices"] = {
            kind: {name: self._slice(numbers) for name, numbers in groups.items()}
            for kind, groups in self.slices.items()
        }
        told["errors"] = [
            {"document": document.id, **error._asdict()} for document in self.documents for error in document.errors
        ]
        told["provenance"] = dict(self.provenance)
        if documents:
            told["documents"] = {document.id: _told(document.tallies) for document in self.documents}
        return told

    def count(self, name: str) -> int:
        """How many of something there are in all documents."""
        return int(self._total(name).credit)

    def _total(self, name: str) -> Tally:
        total = Tally()
        for document in self.documents:
            total += document.tallies.get(name, Tally())
        return total

    def _slice(self, numbers: Sequence[int]) -> dict[str, Any]:
        tallies = [self.documents[number].tallies for number in numbers]
        figures, bounds = _figures(tallies), _intervals(tallies, min(self.resamples, 2_000))
        told: dict[str, Any] = {"documents": len(numbers)}
        for name in HEADLINES:
            told[name] = round(figures[name], _DIGITS)
            told[f"{name}.interval"] = [round(bound, _DIGITS) for bound in bounds[name]]
        return told


def score_reports(
    articles: Sequence[GoldArticle],
    reports: Mapping[str, Report],
    *,
    resamples: int = RESAMPLES,
    provenance: Mapping[str, Any] | None = None,
) -> Score:
    """Score reports, by the ids of their articles, against the labels; an article without a report counts as missed."""
    documents = [score_document(article, reports.get(article.id) or empty_report()) for article in articles]
    missing = [article.id for article in articles if article.id not in reports]
    return Score(documents, missing, resamples, provenance or {})


def _figures(documents: Sequence[dict[str, Tally]]) -> dict[str, float]:
    totals = FIGURES.table(documents).sum(axis=0, keepdims=True)
    return dict(zip(FIGURES.names, FIGURES(totals)[0].tolist(), strict=True))


def _intervals(documents: Sequence[dict[str, Tally]], resamples: int) -> dict[str, tuple[float, float]]:
    bounds = intervals(FIGURES.table(documents), FIGURES, resamples).tolist()
    return {name: (low, high) for name, (low, high) in zip(FIGURES.names, bounds, strict=True)}


def _told(tallies: Mapping[str, Tally]) -> dict[str, list[float]]:
    return {name: [round(number, 6) for number in tally] for name, tally in tallies.items() if any(tally)}


def _put(told: dict[str, Any], path: str, value: float) -> None:
    *folders, name = path.split(".")
    for folder in folders:
        told = cast(dict[str, Any], told.setdefault(folder, {}))
    told[name] = value
