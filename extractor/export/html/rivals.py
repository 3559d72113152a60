"""Disputes as tables: an incident each, a row for what is in dispute, a column for each side that gives an account."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.export.html.voices import Voice, Voices
from extractor.export.view import View
from extractor.schema import Claim, Dispute, Incident


@dataclass(frozen=True, slots=True)
class Row:
    """What is in dispute, and the claims of each side, in the order of the table's voices."""

    dispute: Dispute
    cells: list[list[Claim]]


@dataclass(frozen=True, slots=True)
class Rivals:
    """All that is in dispute about one incident."""

    incident: Incident
    voices: list[Voice]
    rows: list[Row]


def rivals(view: View, voices: Voices) -> list[Rivals]:
    """A table for each incident about which accounts differ."""
    return [_table(view, voices, incident) for incident in view.report.incidents if view.disputes(incident)]


def _table(view: View, voices: Voices, incident: Incident) -> Rivals:
    disputes = view.disputes(incident)
    held = [[view.claims[name] for name in dispute.claims if name in view.claims] for dispute in disputes]
    speaking = sorted({voices.of(claim) for claims in held for claim in claims}, key=lambda voice: voice.number)
    rows = [
        Row(dispute, [[claim for claim in claims if voices.of(claim) == voice] for voice in speaking])
        for dispute, claims in zip(disputes, held, strict=True)
    ]
    return Rivals(incident, speaking, rows)
