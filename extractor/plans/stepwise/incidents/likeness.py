"""How much an event that a sentence tells has in common with an incident found so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.derive.kinship import kinship
from extractor.plans.stepwise.incidents.found import UNKNOWN, FoundIncident, Happening, alike

WEIGHTS: dict[str, float] = {
    "type same": 0.25, "type apart": -0.5, "where same": 1.25, "where apart": -1.25, "when apart": -1.0, "by same": 0.5,
    "on same": 2.0, "on apart": -0.5, "used same": 1.0, "used apart": -0.75,
    "next": 0.75, "after next": -0.5, "near": -0.5, "far": -1.25, "here same": 0.5, "here": 1.0, "real apart": -1.0,
    "toll next": 2.0, "toll after next": 0.75, "toll near": 0.75, "toll far": 0.5,
}  # fmt: skip
"""By logistic regression over the pairs of deed and incident in gold dev, rounded to quarters; then some set by what
the incidents of dev scored, which hardly moves around these."""
ENOUGH = 0.0


def likeness(told: Happening, incident: FoundIncident, here: Sequence[FoundIncident]) -> float:
    """How much an event as told in a sentence has in common with an incident; `here` are those told there already."""
    return sum(WEIGHTS.get(name, 0.0) for name in in_common(told, incident, here))


def in_common(told: Happening, incident: FoundIncident, here: Sequence[FoundIncident]) -> Iterator[str]:
    """What speaks for and against their being one event, by the names in `WEIGHTS`."""
    types = set(incident.types) - {UNKNOWN}
    if told.type is not None and told.type != UNKNOWN and types:
        yield f"type {kinship(told.type, types)}"
    for name, words, held in (
        ("where", told.where, incident.where),
        ("when", told.when, incident.when),
        ("by", told.by, incident.by),
        ("on", told.on, incident.on),
        ("used", told.used, incident.weapons),
    ):
        if words and held:
            yield f"{name} {'same' if alike(words, held) else 'apart'}"
    if told.real is not None and incident.realis:
        yield f"real {'same' if told.real in incident.realis else 'apart'}"
    if told.only_toll:
        yield f"toll {_DISTANCES.get(told.sentence - incident.last, 'far')}"
    if incident in here:
        yield "here same" if alike(told.on, incident.on) else "here"
    else:
        yield _DISTANCES.get(told.sentence - incident.last, "far")


_DISTANCES = {1: "next", 2: "after next", 3: "near", 4: "near"}
