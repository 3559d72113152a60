"""What the bench runs on each article: a system, and what came of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pydantic import JsonValue

from evals.goldset import GoldArticle
from extractor.document import Document
from extractor.schema import Report

SystemName = Literal["project", "instructor", "langextract"]
SYSTEMS: Sequence[SystemName] = ("project", "instructor", "langextract")


@dataclass(frozen=True)
class Server:
    """The one server that all systems ask."""

    base_url: str
    api_key: str = field(repr=False)
    model: str
    slots: int
    """How many calls it answers at a time."""


@dataclass
class Result:
    """What a system made of one article."""

    report: Report
    """Empty when it failed."""
    seconds: float
    """From handing over the text to having the result, imports and conversion to a report left out."""
    error: str | None = None
    """Why there is no result, or only part of one."""
    not_in_text: list[str] = field(default_factory=list[str])
    """Quotes and names of the result that are nowhere in the text."""
    loose: list[str] = field(default_factory=list[str])
    """Quotes that the system itself laid on other words of the text."""
    refused: int = 0
    """What the system itself refused of the model's answers and kept out of its result."""
    answer: JsonValue = None
    """The result in the system's own form."""


class System(Protocol):
    """One of the systems that are compared."""

    name: SystemName

    def about(self) -> dict[str, JsonValue]:
        """Versions, settings and hashes: what must be the same for a bench to go on."""
        ...

    def prepare(self) -> None:
        """Everything that is done once and belongs to no article."""
        ...

    def extract(self, article: GoldArticle, server: Server) -> Result:
        """Extract from one article; what goes wrong with the model is told in the result."""
        ...


def document_of(article: GoldArticle) -> Document:
    """The article with what an extractor is told of it."""
    about = article.label.document
    return Document(
        article.text,
        id=article.id,
        date=about and about.date,
        title=about and about.title,
        publisher=about and about.publisher,
        language=about and about.language,
    )


def sha256(text: str) -> str:
    """Of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()
