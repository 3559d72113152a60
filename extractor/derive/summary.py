"""One line about an incident, put together from its fields: no model writes prose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from extractor.grounding import Mention
from extractor.schema import Claim, Incident


def summary(incident: Incident, claims: Iterable[Claim]) -> str:
    """Type, sides, place, day and toll in the article's words, and whose account it is: that of the claims on it."""
    kind = incident.type.replace("_", " ")
    parts = [kind if incident.realis == "actual" else f"{incident.realis} {kind}"]
    if incident.initiators:
        parts.append(f"by {_listed(incident.initiators)}")
    if incident.targets:
        parts.append(f"on {_listed(incident.targets)}")
    if incident.where:
        place = incident.where[0]
        parts.append(f"{'at' if place.relation == 'at' else place.relation} {place.text}")
    if incident.when:
        when = incident.when[0]
        day = when.earliest.isoformat() if when.precision == "day" and when.earliest else None
        parts.append(f"({when.text}{f', {day}' if day else ''})")
    line = " ".join(parts)
    tolls = [
        f"{one.status}: {f'{one.count.text} ' if one.count and one.count.end <= one.who.start else ''}{one.who.text}"
        for one in incident.casualties
    ]
    if tolls:
        line += "; " + ", ".join(tolls)
    sources = dict.fromkeys(claim.source.text for claim in claims)
    return line + (f" [{'; '.join(sources)}]" if sources else " [the article itself]")


def _listed(mentions: Sequence[Mention]) -> str:
    return ", ".join(mention.text for mention in mentions)
