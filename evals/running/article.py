"""What an extractor is told of an article."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from evals.goldset import GoldArticle


@dataclass(frozen=True, slots=True)
class Article:
    """A text to extract from, with what is known of it."""

    id: str
    text: str
    date: Date | None = None
    title: str | None = None
    publisher: str | None = None
    language: str | None = None

    @property
    def sha256(self) -> str:
        """Of the text, as a report's document has it."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @classmethod
    def of(cls, gold: GoldArticle) -> Self:
        """The article without its label."""
        known = gold.label.document
        if known is None:
            return cls(gold.id, gold.text)
        return cls(gold.id, gold.text, known.date, known.title, known.publisher, known.language)
