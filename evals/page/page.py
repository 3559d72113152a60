"""The page: put together by Jinja, which escapes every word of the articles; its policy forbids all requests."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from evals.goldset import GoldArticle
from evals.page import plots, tables
from evals.page.article import ArticleView, view
from evals.page.scored import ScoredRun
from evals.scoring.figures import HEADLINES
from extractor.export.html.policy import policy
from extractor.export.html.safe import shown

if TYPE_CHECKING:
    from jinja2 import Environment

_F1S = tuple(name for name in HEADLINES if name not in tables.UNITS)


def report_page(runs: Sequence[ScoredRun], articles: Sequence[GoldArticle]) -> str:
    """The page of one or more runs over these articles; the first is shown in full, the others beside it.

    Raises:
        InputError: Two runs are not of the same articles and labels.
    """
    run = runs[0]
    views = sorted((view(article, run.reports.get(article.id)) for article in articles), key=_worst_first)
    numbers = {view.article.id: number for number, view in enumerate(views, 1)}
    style, script = _static("page.css"), _static("page.js")
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            run=run,
            runs=runs,
            views=views,
            numbers=numbers,
            splits=sorted({article.entry.split for article in articles if article.entry}),
            tables=tables,
            plots=plots,
            headlines=HEADLINES,
            f1s=_F1S,
            versus=tables.pairwise(runs),
            style=style,
            script=script,
            policy=policy(style, script),
        )
    )


def _worst_first(view: ArticleView) -> tuple[tuple[float, ...], str]:
    return view.badness, view.article.id


def _static(name: str) -> str:
    return (files(__package__ or "evals.page") / "templates" / name).read_text(encoding="utf-8")


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("evals.page"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"words": _words, "f": _fixed, "signed": _signed, "few": _few, "first_up": _first_up}
    return environment


def _words(name: str) -> str:
    return name.replace("_", " ")


def _fixed(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")


def _few(value: float) -> str:
    """As many digits as matter."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
