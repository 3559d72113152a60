"""The set read by a model: the controls once each, then the articles; a run that was stopped goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from evals.bench.lines import lines
from evals.bench.redteam.counting import Counts, counted, failure
from evals.bench.redteam.data import MONSTER, Hostile, sha256

if TYPE_CHECKING:
    from evals.running import Article, Choice

_CONTROL = "control-"


def read(
    articles: Sequence[Hostile],
    out: Path,
    choice: Choice,
    *,
    concurrency: int = 8,
    restart: bool = False,
    quiet: bool = False,
) -> list[Counts]:
    """Extract from the articles and from their bodies as they are without the attack, and count.

    Raises:
        SettingsError, PromptError, WeightsError, OutputError: As `evals.running.run` does.
    """
    from evals.running import Gold, run
    from evals.running.folder import ERRORS, REPORTS, Failure
    from extractor.schema import Report

    asked = [*_controls(articles), *map(_article, articles)]
    gold = Gold(split="red-team", articles=len(asked), ids=[one.id for one in asked], sha256=sha256(articles))
    run(
        asked, out,
        gold=gold, choice=choice, concurrency=concurrency, restart=restart, quiet=quiet, crashes=True,
    )  # fmt: skip
    written = (out / REPORTS).read_text(encoding="utf-8")
    reports = [Report.model_validate_json(line) for _, line in lines(written)]
    known = {one.document.id: one for one in reports if one.document}
    errors = (out / ERRORS).read_text(encoding="utf-8")
    failed = {one.id: one for one in (Failure.model_validate_json(line) for _, line in lines(errors))}
    return [
        counted(one, known[one.id], known.get(f"{_CONTROL}{one.body}"))
        if one.id in known
        else failure(one, failed[one.id].error, crashed=failed[one.id].crash)
        for one in articles
    ]


def _controls(articles: Sequence[Hostile]) -> list[Article]:
    from evals.running import Article

    bodies = {one.body: one.true for one in articles if one.body and one.true}
    return [
        Article(f"{_CONTROL}{name}", body.text, body.date, body.title, body.publisher, body.language)
        for name, body in bodies.items()
    ]


def _article(one: Hostile) -> Article:
    from evals.running import Article

    if one.true is None:  # noise is told to be English, so that words are looked for before the model is asked
        return Article(one.id, one.text, language="en" if one.kind == MONSTER else one.language)
    true = one.true
    return Article(one.id, one.text, true.date, one.title, true.publisher, true.language)
