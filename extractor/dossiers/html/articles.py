"""The articles of a dossier with the numbers by which the page names them, and which of them count as one source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from extractor.dossiers.schema import Article, Dossier, Member


@dataclass(frozen=True, slots=True)
class Numbered:
    """An article, its number on the page, and the incidents that it tells of the event."""

    number: int
    """From 1, in the order of publication."""
    article: Article
    members: tuple[Member, ...]

    @property
    def name(self) -> str:
        """Its publisher; else its id."""
        return self.article.publisher or self.article.document

    @property
    def link(self) -> str | None:
        """Its address where that may be followed: a web page, never a script."""
        url = self.article.url
        try:
            return url if url and urlsplit(url).scheme.lower() in ("http", "https") else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Source:
    """Articles that count as one source, and why."""

    articles: list[Numbered]
    because: list[str]


class Articles:
    """The articles of a dossier, looked up by their documents."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self.all = [
            Numbered(number, one, tuple(each for each in dossier.incidents if each.document == one.document))
            for number, one in enumerate(dossier.articles, 1)
        ]
        self._by_document = {one.article.document: one for one in self.all}

    def of(self, documents: Iterable[str]) -> list[Numbered]:
        """The articles of these documents, each once, in the order of publication."""
        found = {document: self._by_document[document] for document in documents if document in self._by_document}
        return sorted(found.values(), key=lambda one: one.number)

    @cached_property
    def sources(self) -> list[Source]:
        """The articles as they count, in the order of publication."""
        held = [Source(self.of(source.articles), source.because) for source in self._dossier.sources]
        return sorted((one for one in held if one.articles), key=lambda one: one.articles[0].number)

    def independent(self, articles: Iterable[Numbered]) -> int:
        """How many sources these articles count as."""
        told = {one.number for one in articles}
        return sum(1 for source in self.sources if any(one.number in told for one in source.articles))
