"""Incidents as cards: who, whom, with what, when, where and how many, each value with who says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from typing import Protocol

from extractor.export.html.voices import Voice, Voices
from extractor.export.view import View
from extractor.schema import Casualty, Claim, Deaths, Incident, Value, Where


@dataclass(frozen=True, slots=True)
class Fact:
    """A value in the article's words."""

    words: str
    note: str | None
    """What code made of it, or why it could make nothing of it."""
    said_by: list[Voice]
    """Nobody: the article says it in its own voice."""


@dataclass(frozen=True, slots=True)
class Card:
    """An incident to look at."""

    key: str
    incident: Incident
    facts: dict[str, list[Fact]]
    """By the question that they answer; questions without an answer are left out."""
    claims: list[Claim]
    """That speak of it."""
    voices: list[Voice]
    """That speak of it."""

    @property
    def deaths(self) -> str | None:
        """How many were killed over all accounts, in few signs; None where none says."""
        return deaths_told(self.incident.deaths)

    @property
    def quote(self) -> str:
        """Its sentences."""
        return " … ".join(span.quote for span in self.incident.evidence)


def cards(view: View, voices: Voices) -> list[Card]:
    """A card for each incident."""
    return [_card(view, voices, incident, f"i{n}") for n, incident in enumerate(view.report.incidents)]


def _card(view: View, voices: Voices, incident: Incident, key: str) -> Card:
    def fact(value: Value, note: str | None = None, words: str | None = None) -> Fact:
        return Fact(words or value.text, note, voices.saying(value.claims))

    def plain(values: Sequence[Value]) -> list[Fact]:
        return [fact(value) for value in values]

    facts = {
        "Who": plain(incident.initiators),
        "Against": plain(incident.targets),
        "With": plain(incident.weapons),
        "When": [fact(when, days(when)) for when in incident.when],
        "Where": [fact(where, _place(where)) for where in incident.where],
        "How many": [fact(toll.who, _toll_note(toll), _toll(toll)) for toll in incident.casualties],
    }
    about = view.about(incident)
    spoken = voices.saying([claim.id for claim in about])
    return Card(key, incident, {name: values for name, values in facts.items() if values}, about, spoken)


class Dated(Protocol):
    """Date words as far as the days go that they stand for."""

    earliest: Date | None
    latest: Date | None
    unresolved: str | None


def days(when: Dated) -> str | None:
    """The days that date words stand for, or why that is not known."""
    if when.unresolved:
        return when.unresolved
    first, last = when.earliest or when.latest, when.latest or when.earliest
    if first is None or last is None:
        return None
    if when.earliest is None or when.latest is None:
        return f"until {day_told(last)}" if when.earliest is None else f"from {day_told(first)} on"
    return day_told(first) if first == last else f"{day_told(first)} to {day_told(last)}"


def day_told(day: Date) -> str:
    """A day in words."""
    return f"{day.day} {day:%B} {day.year}"


def _place(where: Where) -> str | None:
    told = [where.relation if where.relation != "at" else None, where.level, where.admin1, where.country]
    return ", ".join(filter(None, told)) or where.unresolved


def _toll(toll: Casualty) -> str:
    """In the article's words: the number, unless it stands among the words for the people, and the people."""
    if toll.count is None or toll.count.text in toll.who.text:
        return toll.who.text
    return f"{toll.count.text} {toll.who.text}"


def _toll_note(toll: Casualty) -> str:
    kind = "" if toll.category == "unknown" else f", {toll.category}"
    return f"{toll.status}{kind}"


def deaths_told(deaths: Deaths | None) -> str | None:
    """How many were killed, in few signs; None where that is not known."""
    if deaths is None:
        return None
    low, high = deaths.low, deaths.high
    if low is not None and high is not None:
        return f"{low:,}" if low == high else f"{low:,}–{high:,}"
    if low is not None:
        return f"{low:,}+"
    return None if high is None else f"up to {high:,}"
