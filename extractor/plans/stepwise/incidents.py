"""The first step: what happened. One call over the numbered sentences (several for a long article)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from extractor.document import Document
from extractor.plans.asking import Asking, numbered
from extractor.schema import CasualtyCategory, CasualtyStatus, IncidentType

if TYPE_CHECKING:
    from extractor.plans.stepwise.claims import FoundClaim

PROMPT = "stepwise/incidents"
WINDOW = 9_000
"""Code points of the article in one call, so that prompt, examples and answer fit 8,192 tokens in most scripts."""

_NOTHING = {"", "null", "none", "unknown", "n/a", "not specified", "unspecified"}


class FoundCasualty(BaseModel):
    """Casualties as the small model tells them."""

    who: str
    status: CasualtyStatus
    category: CasualtyCategory
    count: str | None


class FoundIncident(BaseModel):
    """An incident as the small model tells it, words not yet grounded."""

    sentence: int
    type: IncidentType
    by: Annotated[list[str], Field(max_length=2)]
    on: Annotated[list[str], Field(max_length=2)]
    where: Annotated[list[str], Field(max_length=2)]
    when: Annotated[list[str], Field(max_length=1)]
    weapons: Annotated[list[str], Field(max_length=2)]
    casualties: Annotated[list[FoundCasualty], Field(max_length=4)]

    def label(self) -> str:
        """One short line, by which later steps know the incident."""
        sides = " > ".join(", ".join(side) for side in (self.by, self.on) if side)
        places = f", {self.where[0]}" if self.where else ""
        return f"{self.type}: {sides}{places}"

    def as_answer(self, claims: Sequence[FoundClaim], number: int) -> dict[str, Any]:
        """In the form in which a report is asked for; its evidence takes in the claims that are about it."""
        evidence = {self.sentence, *(claim.sentence for claim in claims if claim.incident == number)}
        return {
            "type": self.type,
            "realis": "actual",
            "evidence": sorted(evidence),
            "initiators": _words(self.by),
            "targets": _words(self.on),
            "weapons": _words(self.weapons),
            "when": _words(self.when),
            "where": [{"text": words, "relation": "at", "level": None} for words in _words(self.where)],
            "casualties": [
                {**one.model_dump(), "count": one.count if _words([one.count or ""]) else None}
                for one in self.casualties
                if _words([one.who])
            ],
        }


class Incidents(BaseModel):
    """The answer to the question what happened."""

    incidents: Annotated[list[FoundIncident], Field(max_length=6)]


async def find_incidents(asking: Asking, prompt: str | None) -> list[FoundIncident]:
    """Ask for the incidents; what repeats another one but for its sentence is left out."""
    template = asking.prompt(prompt or PROMPT)
    windows = list(_windows(asking.document))
    found: dict[tuple[str, ...], FoundIncident] = {}
    await asking.warm(template.beginning())
    for number, window in enumerate(windows):
        asking.step(number, len(windows), "what happened")
        messages = template.messages(sentences=numbered(asking.document, window))
        data = await asking.answer(messages, Incidents, max_tokens=900)
        for incident in asking.items(Incidents, data, "incidents"):
            if incident.sentence not in window:
                asking.drop("incident", incident.label(), f"there is no sentence {incident.sentence} in what was shown")
                continue
            key = (incident.type, *incident.by, "|", *incident.on, "|", *incident.where)
            if key in found:
                asking.drop("incident", incident.label(), "it repeats another one")
            found.setdefault(key, incident)
    return list(found.values())


def _words(given: Sequence[str]) -> list[str]:
    return [words for words in given if words.strip().lower() not in _NOTHING]


def _windows(document: Document) -> Iterator[list[int]]:
    window: list[int] = []
    size = 0
    for sentence in document.sentences:
        length = sentence.end - sentence.start
        if window and size + length > WINDOW:
            yield window
            window, size = [], 0
        window.append(sentence.number)
        size += length
    yield window
