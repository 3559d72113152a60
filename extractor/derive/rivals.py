"""Which claims are rivals, as far as their stances and values settle it without a reader.

Of two claims of different parties on one aspect of one incident: one denies and the other does not; their tolls of one
status exclude each other; or each names somebody or something else. What else may be at odds is for a model to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

from extractor.derive.deaths import exclude
from extractor.derive.disputes import Comparable, comparable_pairs
from extractor.schema import Aspect, Casualty, Claim, Incident, Relation, Report, Value


def read_rivals(report: Report) -> list[Relation]:
    """The relations that follow from stances and values. Needs parties, incidents, aspects and claims of values."""
    incidents = {incident.id: incident for incident in report.incidents}
    return [
        Relation(a=pair.a.id, b=pair.b.id, incident=pair.incident, aspect=aspect, kind="contradicts", by="code")
        for pair in comparable_pairs(report)
        for aspect in pair.aspects
        if at_odds(pair, aspect, incidents[pair.incident])
    ]


def at_odds(pair: Comparable, aspect: Aspect, incident: Incident) -> bool:
    """Whether a pair of claims contradict each other on an aspect by what they are and hold."""
    if "denies" in (pair.a.stance, pair.b.stance):
        return pair.a.stance != pair.b.stance
    if aspect == "casualties":
        return any(
            exclude(_bounds(one), _bounds(other))
            for one, other in product(_told(incident, pair.a), _told(incident, pair.b))
            if one.status == other.status
        )
    values = _NAMED.get(aspect)
    return values is not None and _name_others(values(incident), pair)


_NAMED: Mapping[Aspect, Callable[[Incident], Sequence[Value]]] = {
    "initiator": lambda incident: incident.initiators,
    "target": lambda incident: incident.targets,
    "means": lambda incident: incident.weapons,
}


def _told(incident: Incident, claim: Claim) -> list[Casualty]:
    return [one for one in incident.casualties if claim.id in one.who.claims]


def _bounds(casualty: Casualty) -> tuple[int | None, int | None]:
    return (casualty.count.min, casualty.count.max) if casualty.count else (None, None)


def _name_others(values: Sequence[Value], pair: Comparable) -> bool:
    one, other = (_names(value for value in values if claim.id in value.claims) for claim in (pair.a, pair.b))
    return bool(one and other) and one.isdisjoint(other)


def _names(values: Iterable[Value]) -> set[str]:
    return {value.actor or value.text.casefold() for value in values}
