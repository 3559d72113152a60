"""Disputes: rival claims of different parties about one aspect of one incident.

Whether two claims are rivals is for a reader, or a model, to say: `comparable_pairs` finds the pairs worth asking
about, `relations` holds the answers, `settle_disputes` makes disputes of them.
"""

from __future__ import annotations

from typing import NamedTuple

from extractor.derive.positions import parties_by_actor, party_of
from extractor.derive.told import claims_by_incident
from extractor.schema import Aspect, Claim, Dispute, Report, RivalKind

MOST_COMPARED = 100
"""Claims on one incident: with so many of those after it each one is compared."""


class Comparable(NamedTuple):
    """Two claims of different parties that speak of the same aspects of one incident."""

    a: Claim
    b: Claim
    incident: str
    aspects: tuple[Aspect, ...]
    """In the order of the first claim's aspects."""


def comparable_pairs(report: Report) -> list[Comparable]:
    """The pairs of claims that may be rivals: of different parties, on one incident, with an aspect in common.

    Needs parties, incidents and aspects. A claim whose source is of no party is compared with none, and claims that
    only tell of a background (`context`) are no rivals in it.
    """
    parties = parties_by_actor(report)
    claims = claims_by_incident(report)
    pairs: list[Comparable] = []
    for incident in report.incidents:
        told = [claim for claim in claims.get(incident.id, ()) if party_of(claim, parties)]
        for a, b in ((a, b) for number, a in enumerate(told, 1) for b in told[number : number + MOST_COMPARED]):
            shared: list[Aspect] = [one for one in dict.fromkeys(a.aspects) if one in b.aspects and one != "context"]
            if shared and party_of(a, parties) != party_of(b, parties):
                pairs.append(Comparable(a, b, incident.id, tuple(shared)))
    return pairs


def settle_disputes(report: Report) -> None:
    """Make the disputes of the report's relations: one for each incident, aspect and kind.

    A relation within one party, or of a claim or an incident that the report does not hold, makes none.
    """
    parties = parties_by_actor(report)
    order = {claim.id: number for number, claim in enumerate(report.claims)}
    of = {claim.id: party for claim in report.claims if (party := party_of(claim, parties)) is not None}
    rivals: dict[tuple[str, Aspect, RivalKind], set[str]] = {}
    for relation in report.relations or []:
        a, b = of.get(relation.a), of.get(relation.b)
        if a is not None and b is not None and a != b:
            key = (relation.incident, relation.aspect, relation.kind)
            rivals.setdefault(key, set()).update((relation.a, relation.b))
    known = {incident.id for incident in report.incidents}
    report.disputes = []
    for (incident, aspect, kind), names in rivals.items():
        if incident in known:
            claims = sorted(names, key=order.__getitem__)
            sides = list(dict.fromkeys(of[name] for name in claims))
            report.disputes.append(Dispute(incident=incident, aspect=aspect, kind=kind, claims=claims, parties=sides))
