"""What the accounts differ in: disputes as a table with a column for each side, and values that do not fit together."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.dossiers.html.accounts import Sides, Statement
from extractor.dossiers.html.articles import Articles, Numbered
from extractor.dossiers.html.facts import telling, toll_words
from extractor.dossiers.schema import Dossier, Rivalry, Told, TollTold, Version
from extractor.export.html.voices import Voice


@dataclass(frozen=True, slots=True)
class Row:
    """What is in dispute, and what each side says of it, in the order of the table's voices."""

    dispute: Rivalry
    cells: list[list[Statement]]


@dataclass(frozen=True, slots=True)
class Rivals:
    """All disputes."""

    voices: list[Voice]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Teller:
    """Words that a value is from, and who says them where."""

    words: str
    said_by: list[Voice]
    itself: bool
    articles: list[Numbered]


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the values that do not fit together."""

    value: str
    tellers: list[Teller]


def rivals(dossier: Dossier, sides: Sides) -> Rivals:
    """The disputes, each side in its column."""
    said = [sides.said((one.document, one.claim) for one in dispute.claims) for dispute in dossier.disputes]
    voices = sorted({voice for each in said for voice in each}, key=lambda voice: voice.number)
    rows = [
        Row(dispute, [each.get(voice, []) for voice in voices])
        for dispute, each in zip(dossier.disputes, said, strict=True)
    ]
    return Rivals(voices, rows)


def shown(version: Version, sides: Sides, articles: Articles) -> Shown:
    """A version with its tellers, the same words of the same teller once."""
    alike: dict[tuple[str, tuple[str, ...]], list[Told]] = {}
    for one in version.told:
        alike.setdefault((_words(one).casefold(), tuple(one.by)), []).append(one)
    return Shown(
        version.value,
        [
            Teller(_words(held[0]), *telling(held, sides), articles.of(one.document for one in held))
            for held in alike.values()
        ],
    )


def _words(one: Told) -> str:
    return toll_words(one) if isinstance(one, TollTold) else one.text
