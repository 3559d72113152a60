"""What the labels of the gold set cost as a model's answer: pointed to, beside a schema of verbatim quotes.

The same claims and incidents are written as this project's plan `whole` asks for them (sentence numbers, short names,
numbers of the answer's own items) and as the peers' schema does (evidence and content as quotes). The first holds
more: actors, which incident a claim is about, who passed it on, whom it accuses. The plan `stepwise` asks about claims
in each sentence by itself, for who speaks by each of its reporting words; code works out the rest of what both other
forms hold of a claim. All are compact JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evals.bench.written import pointed, quoted, spoken
from evals.goldset import GoldArticle
from extractor.document import Document


@dataclass(frozen=True, slots=True)
class Written:
    """Tokens of all answers together."""

    articles: int
    claims: int
    pointed: int
    quoted: int
    pointed_claims: int
    """Of the claims alone."""
    quoted_claims: int
    spoken_claims: int
    """Of the claims alone, as the plan `stepwise` asks for them."""


def measure(gold: Sequence[GoldArticle], count: Callable[[str], int]) -> Written:
    """Count the tokens of the answers that are right for these articles."""
    figures = [0] * 6
    for article in gold:
        about = article.label.document
        document = Document(article.text, title=about and about.title, language=about and about.language)
        points: dict[str, Any] = pointed(article.label, document)
        quotes: dict[str, Any] = quoted(article.label).model_dump()
        parts: tuple[Any, ...] = (points, quotes, points["claims"], quotes["claims"])
        steps = sum(count(_compact(answer)) for answer in spoken(article.label, document))
        said = (len(article.label.claims), *(count(_compact(part)) for part in parts), steps)
        figures = [total + more for total, more in zip(figures, said, strict=True)]
    return Written(len(gold), *figures)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
