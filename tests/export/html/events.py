"""Dossiers of made-up events, linked from the labelled articles of evals/gold-events."""

from __future__ import annotations

from functools import cache

from evals.bench.linking import load
from extractor.dossiers import Dossier, link
from tests.export.html import rtl


@cache
def events() -> tuple[Dossier, ...]:
    """The dossiers of the dev stories."""
    return tuple(link(load(split="dev").reports))


def event(document: str) -> Dossier:
    """The event that most articles tell of, this one among them."""
    fits = [one for one in events() if document in {article.document for article in one.articles}]
    return max(fits, key=lambda one: len(one.articles))


def shelling() -> Dossier:
    """Two accounts of who fired, a story reprinted, and a toll that grows."""
    return event("sarveth-wire")


def arabic() -> Dossier:
    """An incident alone, told from right to left."""
    (dossier,) = link([rtl.report()])
    return dossier
