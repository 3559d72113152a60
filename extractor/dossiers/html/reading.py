"""One dossier, made ready for its template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from extractor.dossiers.html.accounts import Sides
from extractor.dossiers.html.articles import Articles, Numbered
from extractor.dossiers.html.chart import HEIGHT, Chart, bounds_told, chart
from extractor.dossiers.html.facts import Fact, facts
from extractor.dossiers.html.rivals import Rivals, Shown, rivals, shown
from extractor.dossiers.schema import Conflict, Dossier, Link, Member, TollThen, ValueField
from extractor.dossiers.scoring import ENOUGH
from extractor.export.html.cards import day_told, deaths_told
from extractor.export.html.vocabulary import called
from extractor.export.html.voices import Voice

_FULL_SCORE = 12.0
"""A link with this score fills its bar."""
_FIELDS: dict[ValueField, str] = {"initiators": "who did it", "weapons": "with what", "when": "when", "where": "where",
                                  "type": "what it was"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """An incident as an article tells it."""

    article: Numbered | None
    member: Member | None
    incident: str

    @property
    def quote(self) -> str:
        """Its sentences."""
        return " … ".join(span.quote for span in self.member.evidence) if self.member else ""


@dataclass(frozen=True, slots=True)
class Held:
    """A link, and both incidents that it holds together."""

    key: str
    link: Link
    ends: tuple[Told, Told]

    @property
    def share(self) -> float:
        """Of its bar, in percent."""
        return round(max(0.0, min(self.link.score / _FULL_SCORE, 1.0)) * 100, 1)


@dataclass(frozen=True, slots=True)
class Then:
    """A line of the table of tolls."""

    toll: TollThen
    voice: Voice | None
    article: list[Numbered]

    @property
    def number(self) -> str:
        """The bounds, in few signs."""
        return bounds_told(self.toll.min, self.toll.max)


class Reading:
    """A dossier as the page shows it."""

    enough, threshold, height = ENOUGH, round(ENOUGH / _FULL_SCORE * 100, 1), HEIGHT

    def __init__(self, dossier: Dossier, number: int) -> None:
        self.dossier = dossier
        self.number = number
        self.articles = Articles(dossier)
        self.sides = Sides(dossier, self.articles)

    @property
    def deed(self) -> str:
        """What happened: the type, in words."""
        kind = called(self.dossier.type)
        return kind[:1].upper() + kind[1:]

    @property
    def place(self) -> str | None:
        """Where: the place that most articles name."""
        towns = [one for one in self.dossier.where if one.relation == "at" and one.level in ("settlement", None)]
        told = Counter(one.text for one in towns or self.dossier.where)
        return next((words for words, _ in told.most_common(1)), None)

    @property
    def days(self) -> str:
        """When; or why that is not known."""
        days = [day for day in (self.dossier.earliest, self.dossier.latest) if day is not None]
        told = " to ".join(dict.fromkeys(map(day_told, days)))
        return told or self.dossier.undated or "no day is told"

    @property
    def name(self) -> str:
        """What the dossier is called in a list."""
        count = len(self.dossier.articles)
        place = f", \N{FIRST STRONG ISOLATE}{self.place}\N{POP DIRECTIONAL ISOLATE}" if self.place else ""
        return f"{self.deed}{place} · {self.days} · {count} {'article' if count == 1 else 'articles'}"

    @property
    def deaths(self) -> str | None:
        """How many were killed over all accounts."""
        return deaths_told(self.dossier.deaths)

    @cached_property
    def facts(self) -> dict[str, list[Fact]]:  # noqa: D102
        return facts(self.dossier, self.sides, self.articles)

    @cached_property
    def rivals(self) -> Rivals:  # noqa: D102
        return rivals(self.dossier, self.sides)

    def versions(self, conflict: Conflict) -> list[Shown]:
        """The values of a field that do not fit together."""
        return [shown(version, self.sides, self.articles) for version in conflict.versions]

    def field(self, conflict: Conflict) -> str:
        """What a field is called."""
        return _FIELDS.get(conflict.field, f"how many were {conflict.field}")

    @cached_property
    def chart(self) -> Chart | None:  # noqa: D102
        return chart(self.dossier.timeline, self.sides)

    @property
    def tolls(self) -> list[Then]:
        """The table of tolls."""
        return [
            Then(one, next(iter(self.sides.of(filter(None, [one.by]))), None), self.articles.of([one.document]))
            for one in self.dossier.timeline
        ]

    @cached_property
    def links(self) -> list[Held]:
        """What holds the incidents together."""
        return self._held(self.dossier.links, "l")

    @cached_property
    def doubts(self) -> list[Held]:
        """Pairs that would not have been linked by themselves."""
        return self._held(self.dossier.doubts, "w")

    @property
    def data(self) -> dict[str, Any]:
        """What the page's script needs to save the events."""
        return {
            "id": self.dossier.id,
            "incidents": [[one.document, one.incident] for one in self.dossier.incidents],
            "links": [[list(one.a), list(one.b)] for one in self.dossier.links],
        }

    def _held(self, links: Sequence[Link], letter: str) -> list[Held]:
        members = {(one.document, one.incident): one for one in self.dossier.incidents}

        def told(key: tuple[str, str]) -> Told:
            return Told(next(iter(self.articles.of([key[0]])), None), members.get(key), key[1])

        return [Held(f"{letter}{number}", one, (told(one.a), told(one.b))) for number, one in enumerate(links)]
