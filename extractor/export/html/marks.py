"""Every span of a report as a mark on the article's text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from extractor.export.html.voices import Voice, Voices
from extractor.grounding import Mention
from extractor.schema import Claim, Incident, Report

Part = Literal["content", "source", "cue", "via", "value", "evidence"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text that a claim or an incident stands on."""

    start: int
    end: int
    item: str
    """The key of the claim or incident, unique in its report."""
    part: Part
    told: str
    """What it is, in words."""
    voice: Voice | None = None
    begins: bool = False
    """Whether the words of a claim begin here."""


def marks_of(report: Report, voices: Voices) -> list[Mark]:
    """All marks: what claims say first, so that its looks are below those of the names in it."""
    claims = [mark for number, claim in enumerate(report.claims) for mark in _claim(claim, f"c{number}", voices)]
    return claims + [mark for n, incident in enumerate(report.incidents) for mark in _incident(incident, f"i{n}")]


def _claim(claim: Claim, key: str, voices: Voices) -> Iterator[Mark]:
    voice = voices.of(claim)
    for number, span in enumerate(claim.content):
        told = f"{claim.id}: {claim.source.text} {claim.stance}"
        yield Mark(span.start, span.end, key, "content", told, voice, begins=not number)
    yield Mark(claim.source.start, claim.source.end, key, "source", f"source of {claim.id}", voice)
    if claim.cue is not None:
        yield Mark(claim.cue.start, claim.cue.end, key, "cue", f"cue of {claim.id}", voice)
    for mention in claim.via:
        yield Mark(mention.start, mention.end, key, "via", f"passed {claim.id} on", voice)


def _incident(incident: Incident, key: str) -> Iterator[Mark]:
    for span in incident.evidence:
        yield Mark(span.start, span.end, key, "evidence", f"tells of {incident.id}")
    for what, value in values_of(incident):
        yield Mark(value.start, value.end, key, "value", f"{what} of {incident.id}")


def values_of(incident: Incident) -> Iterator[tuple[str, Mention]]:
    """The words that an incident's values stand on, each with what it is."""
    yield from (("initiator", value) for value in incident.initiators)
    yield from (("target", value) for value in incident.targets)
    yield from (("weapon", value) for value in incident.weapons)
    yield from (("time", value) for value in incident.when)
    yield from (("place", value) for value in incident.where)
    for casualty in incident.casualties:
        yield f"{casualty.status}", casualty.who
        if casualty.count is not None:
            yield f"number {casualty.status}", casualty.count
