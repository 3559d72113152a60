"""What is told to have happened: each value once, in the articles' words, with who says so and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from extractor.dossiers.html.accounts import Sides
from extractor.dossiers.html.articles import Articles, Numbered
from extractor.dossiers.schema import Dossier, Told, TollTold, WhereTold
from extractor.export.html.cards import days
from extractor.export.html.voices import Voice

T = TypeVar("T", bound=Told)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, who gives it, and in which articles."""

    words: str
    note: str | None
    said_by: list[Voice]
    itself: bool
    """Whether an article gives it in its own voice."""
    articles: list[Numbered]


def facts(dossier: Dossier, sides: Sides, articles: Articles) -> dict[str, list[Fact]]:
    """By the question that they answer; questions without an answer are left out."""

    def told(values: Sequence[T], words: Callable[[T], str], note: Callable[[T], str | None]) -> list[Fact]:
        alike: dict[tuple[str, str | None], list[T]] = {}
        for value in values:
            alike.setdefault((words(value).casefold(), note(value)), []).append(value)
        return [
            Fact(words(held[0]), why, *telling(held, sides), articles.of(value.document for value in held))
            for (_, why), held in alike.items()
        ]

    found = {
        "Who": told(dossier.initiators, _text, _nothing),
        "Against": told(dossier.targets, _text, _nothing),
        "With": told(dossier.weapons, _text, _nothing),
        "When": told(dossier.when, _text, days),
        "Where": told(dossier.where, _text, _place),
        "How many": told(dossier.tolls, toll_words, _toll_note),
    }
    return {question: values for question, values in found.items() if values}


def telling(values: Iterable[Told], sides: Sides) -> tuple[list[Voice], bool]:
    """Who gives these values, and whether an article does in its own voice."""
    held = list(values)
    voices = sorted(sides.of(party for value in held for party in value.by), key=lambda voice: voice.number)
    return voices, any(not value.by for value in held)


def toll_words(toll: TollTold) -> str:
    """In the article's words: the number, unless it stands among the words for the people, and the people."""
    return toll.text if toll.count is None or toll.count in toll.text else f"{toll.count} {toll.text}"


def _text(value: Told) -> str:
    return value.text


def _nothing(_: Told) -> None:
    return None


def _place(where: WhereTold) -> str | None:
    told = [where.relation if where.relation != "at" else None, where.level, where.country]
    return ", ".join(filter(None, told)) or None


def _toll_note(toll: TollTold) -> str:
    parts = [toll.status, None if toll.category == "unknown" else toll.category, "only denied" if toll.denied else None]
    return ", ".join(filter(None, parts))
