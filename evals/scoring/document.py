"""One report against one label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evals.goldset import Entry, GoldArticle
from evals.scoring.accounts import count_accounts
from evals.scoring.claims import Claims, count_claims, pair_claims
from evals.scoring.critical import CriticalError, critical_errors
from evals.scoring.incidents import Incidents, count_incidents, pair_incidents
from evals.scoring.sides import Sides
from evals.scoring.spans import ranges
from evals.scoring.tally import Counts, Tally
from extractor.schema import Claim, Report


@dataclass(frozen=True, slots=True)
class Scored:
    """What one report earned: its tallies by name, and its critical errors."""

    id: str
    entry: Entry | None
    """What the gold set's index says of the article."""
    tallies: dict[str, Tally]
    errors: list[CriticalError]


@dataclass(frozen=True, slots=True)
class Compared:
    """A report held against a label, item by item."""

    sides: Sides
    claims: Claims
    incidents: Incidents
    errors: list[CriticalError]


def compare_document(article: GoldArticle, report: Report) -> Compared:
    """Pair the items of a report with those of an article's label, and find the critical errors."""
    sides = Sides(article.label, article.accept, report)
    claims, incidents = pair_claims(sides), pair_incidents(sides)
    return Compared(sides, claims, incidents, critical_errors(sides, claims, incidents, article.text))


def score_document(article: GoldArticle, report: Report) -> Scored:
    """Count what a report earns against an article's label."""
    compared = compare_document(article, report)
    counts = Counts()
    count_claims(compared.sides, compared.claims, compared.incidents.ids(), counts)
    count_incidents(compared.incidents, counts)
    count_accounts(compared.sides, compared.incidents, counts)
    counts.add("critical", len(compared.errors), _different(report.claims), len(article.label.claims))
    for error in compared.errors:
        counts.add(f"critical.{error.kind}", 1, 0, 0)
    return Scored(article.id, article.entry, counts.tallies, compared.errors)


def _different(claims: Sequence[Claim]) -> int:
    """How many claims there are, copies left out: with these, a report could thin out its critical errors."""
    return len({(ranges(claim.content), claim.source.start, claim.source.end) for claim in claims})


def empty_report() -> Report:
    """What stands for an article that no report was given for."""
    return Report(actors=[], incidents=[], claims=[])
