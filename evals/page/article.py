"""One article for the page: its text in marked pieces, and lists of what is right and wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.goldset import GoldArticle
from evals.page.claims import claim_items
from evals.page.incidents import incident_items
from evals.page.items import Item
from evals.page.marks import Mark, Piece, cut
from evals.scoring.critical import CriticalError
from evals.scoring.document import compare_document, empty_report, score_document
from evals.scoring.sides import Sides
from evals.scoring.tally import Tally
from extractor.schema import Report


@dataclass(frozen=True, slots=True)
class ShownError:
    """A critical error and the key it is marked with."""

    key: str
    error: CriticalError

    @property
    def start(self) -> int | None:
        """Where it stands in the text; None for words that are not there."""
        return self.error.start if self.error.start < self.error.end else None


@dataclass(frozen=True)
class ArticleView:
    """An article, what was found in it and what was not."""

    article: GoldArticle
    missing: bool
    """Whether there is no report of it."""
    claims: list[Item]
    incidents: list[Item]
    errors: list[ShownError]
    pieces: list[Piece]
    tallies: dict[str, Tally]

    @property
    def wrong(self) -> int:
        """How many claims and incidents are not as the label has them."""
        return sum(item.verdict != "right" for item in (*self.claims, *self.incidents))

    @property
    def has_errors(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.wrong or self.errors)

    def f1(self, name: str) -> float | None:
        """F1 of `claims` or `incidents`; None where neither side has any."""
        tally = self.tallies.get(name, Tally())
        return tally.f1 if tally.predicted + tally.gold else None

    @property
    def badness(self) -> tuple[float, ...]:
        """The worst article has the lowest: most critical errors, then the lowest F1 of claims and incidents."""
        figures = [1.0 if f1 is None else f1 for f1 in (self.f1("claims"), self.f1("incidents"))]
        return -len(self.errors), sum(figures), -self.wrong


def view(article: GoldArticle, report: Report | None) -> ArticleView:
    """Hold a report, or its absence, against the label."""
    held = report or empty_report()
    compared, sides = compare_document(article, held), Sides(article.label, article.accept, held)
    claims = claim_items(sides, compared.claims, compared.incidents.ids())
    incidents = incident_items(sides, compared.incidents)
    errors = [ShownError(f"x{n}", error) for n, error in enumerate(compared.errors)]
    marks = [mark for item in (*claims, *incidents) for mark in item.marks] + _critical(errors)
    tallies = score_document(article, held).tallies
    return ArticleView(article, report is None, claims, incidents, errors, cut(article.text, marks), tallies)


def _critical(errors: Sequence[ShownError]) -> list[Mark]:
    return [
        Mark(e.error.start, e.error.end, e.key, "critical", "wrong", f"critical: {e.error.kind.replace('_', ' ')}")
        for e in errors
    ]
