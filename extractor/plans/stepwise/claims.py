"""The third step: claims, of the speakers that the sentences have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extractor.document import Document
from extractor.plans.stepwise.cues import CueList
from extractor.plans.stepwise.incidents import NEVER_INITIATORS, FoundIncident
from extractor.plans.stepwise.kinds import Kind
from extractor.plans.stepwise.sentences import Told, wholly_quoted
from extractor.schema import Stance

_NEAR = 3
"""Sentences: a claim that names no event is about the one told up to so many before."""


@dataclass
class FoundClaim:
    """A claim as the small model tells it, words not yet grounded."""

    sentence: int
    source: str
    cue: str | None
    stance: Stance
    incidents: list[int]
    via: str | None = None
    against: str | None = None
    actor: int | None = None

    def as_answer(self) -> dict[str, Any]:
        """In the form in which a report is asked for."""
        return {
            "sentences": [self.sentence],
            "source": {"text": self.source, "actor": self.actor},
            "via": [self.via] if self.via else [],
            "cue": self.cue,
            "against": self.against,
            "attribution": "implicit" if self.cue is None else "explicit",
            "stance": self.stance,
            "incidents": self.incidents,
            "aspects": [],
        }


def claims_of(
    document: Document,
    told: Sequence[Told],
    incidents: Sequence[FoundIncident],
    kinds: Mapping[str, Kind],
    cues: CueList | None,
) -> list[FoundClaim]:
    """A claim for each speaker, tied to the incidents of its sentence, else to the one told last right before.

    A medium that is told something passes it on. A sentence that is nothing but a quotation carries on the account
    before it.
    """
    by_sentence = {one.sentence: one for one in told}
    told_in: dict[int, list[int]] = {}
    for number, incident in enumerate(incidents, 1):
        for told_there in incident.sentences:
            told_in.setdefault(told_there, []).append(number)
    claims: list[FoundClaim] = []
    running: FoundClaim | None = None
    for sentence in document.sentences:
        told_here = by_sentence.get(sentence.number)
        about = _about(sentence.number, told_in)
        quoted = not sentence.heading and wholly_quoted(document.words(sentence.number))
        found = [
            FoundClaim(
                sentence.number,
                one.source,
                one.cue,
                one.stance or (cues.stance(one.cue) if cues else "asserts"),
                about,
                one.via or (one.told if kinds.get(one.told or "") == "media" else None),
                one.against,
            )
            for one in (told_here.speakers if told_here else [])
        ]
        if found:
            running = found[-1]
        elif running and quoted:
            found = [FoundClaim(sentence.number, running.source, None, "asserts", about or running.incidents)]
        else:
            running = None
        claims += found
    return claims


def _about(sentence: int, told_in: Mapping[int, Sequence[int]]) -> list[int]:
    """The numbers of the incidents that a sentence tells of, or of the one that was told last, if not far before."""
    if sentence in told_in:
        return list(told_in[sentence])
    before = (told_in[sentence - back] for back in range(1, _NEAR + 1) if sentence - back in told_in)
    return [number for numbers in before for number in numbers][:1]


def blame(
    incidents: Sequence[FoundIncident], claims: Sequence[FoundClaim], kinds: Mapping[str, Kind], cues: CueList | None
) -> None:
    """Whom a claim accuses, or who claims responsibility, is an initiator of the incident that the claim is about."""
    for claim in claims:
        owner = claim.source if cues and (claim.cue or "").lower() in cues.owns else None
        who = claim.against or owner
        if who is not None and claim.incidents and kinds.get(who) not in NEVER_INITIATORS:
            incident = incidents[claim.incidents[0] - 1]
            incident.add(incident.by, [who], claim.sentence)
