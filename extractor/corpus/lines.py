"""An article in, its report as a line of JSON out: what an engine asks for, and how it is made in one process."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date as Date
from typing import Any, Protocol

from extractor.corpus.article import Article
from extractor.corpus.cache import AnswerCache
from extractor.schema import Report


@dataclass(frozen=True, slots=True)
class Line:
    """A report, or an `Extraction`, as a line of JSON."""

    text: str
    model: str
    """Which answered."""


class Lines(Protocol):
    """Extracts; what it asks of a server is counted where `extractor.llm.usage.meter` says."""

    async def line(self, article: Article) -> Line:
        """The article's report; raises what `Extractor.aextract` does."""
        ...


class Extracts(Protocol):
    """What is needed of an `extractor.Extractor`."""

    async def aextract(
        self,
        text: str,
        *,
        id: str | None,
        date: Date | None,
        title: str | None,
        publisher: str | None,
        language: str | None,
        url: str | None,
        extra: Mapping[str, Any] | None,
    ) -> Any:
        """The report on one article, or an `Extraction`."""
        ...


class OwnLines:
    """Made here, by an extractor.

    Args:
        extractor: The extractor.
        answers: Answers from before, if they are to be used; the extractor has them as its tape.
        include_text: Whether reports hold their texts.
    """

    def __init__(self, extractor: Extracts, answers: AnswerCache | None, *, include_text: bool) -> None:
        self._extractor = extractor
        self._answers = answers
        self._include_text = include_text

    async def line(self, article: Article) -> Line:
        """The article's report."""
        with self._answers.article() if self._answers else nullcontext():
            report: Any = await self._extractor.aextract(
                article.text,
                id=article.id,
                date=article.date,
                title=article.title,
                publisher=article.publisher,
                language=article.language,
                url=article.url,
                extra=article.extra,
            )
        model: str = report.run.model
        if isinstance(report, Report):
            return Line(report.to_json(include_text=self._include_text, indent=None), model)
        return Line(report.model_dump_json(exclude=None if self._include_text else {"document": {"text"}}), model)
