"""The score so far, while a run is under way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evals.goldset import GoldArticle
from evals.running.article import Article
from evals.scoring.document import score_document
from evals.scoring.tally import Tally
from extractor.schema import Report


def running_score(articles: Sequence[GoldArticle]) -> Callable[[Article, Report], str]:
    """A function that is told each report once and says how good all of them are, in a few words."""
    gold = {article.id: article for article in articles}
    totals = {"claims": Tally(), "incidents": Tally()}

    def told(article: Article, report: Report) -> str:
        tallies = score_document(gold[article.id], report).tallies
        for name in totals:
            totals[name] += tallies.get(name, Tally())
        return ", ".join(f"{name} F1 {total.f1:.2f}" for name, total in totals.items())

    return told
