"""On whose side of an incident a source stands: it tells an admission from an accusation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from extractor.schema import Claim, Incident, Position, Report, Value


def parties_by_actor(report: Report) -> dict[str, str]:
    """The party of each actor that has one, by their ids."""
    return {actor.id: actor.party for actor in report.actors if actor.party is not None}


def party_of(claim: Claim, parties: Mapping[str, str]) -> str | None:
    """The party that a claim is of: that of its source, however many passed it on."""
    return parties.get(claim.source.actor or "")


def position(party: str | None, incident: Incident, claims: Iterable[Claim], parties: Mapping[str, str]) -> Position:
    """Where a party stands in an incident; who is on both sides counts as an initiator.

    Rivals who accuse each other are all named as initiators, so they all stand on the initiator's side. The target may
    be a thing that the text names without its owner: who admits a loss in it, and did not do it, is on that side.
    """
    if party is None:
        return "third_party"
    if initiated(party, incident, parties):
        return "initiator_side"
    if party in _sides(incident.targets, parties) or any(
        party_of(claim, parties) == party and _admits_loss(claim, incident) for claim in claims
    ):
        return "target_side"
    return "third_party"


def initiated(party: str | None, incident: Incident, parties: Mapping[str, str]) -> bool:
    """Whether an actor of the party is among those who are told to have done it."""
    return party in _sides(incident.initiators, parties)


def place_sources(report: Report) -> None:
    """Fill in the position of each claim, in the first of its incidents; none where it is about no incident."""
    parties = parties_by_actor(report)
    incidents = {incident.id: incident for incident in report.incidents}
    admitting: dict[str, list[Claim]] = {}
    for claim in report.claims:
        if claim.stance == "admits" and claim.incidents:
            admitting.setdefault(claim.incidents[0], []).append(claim)
    for claim in report.claims:
        first = next((incidents[name] for name in claim.incidents if name in incidents), None)
        claim.position = first and position(party_of(claim, parties), first, admitting.get(first.id, ()), parties)


def _admits_loss(claim: Claim, incident: Incident) -> bool:
    return (
        claim.stance == "admits"
        and claim.incidents[:1] == [incident.id]
        and not {"casualties", "equipment_loss"}.isdisjoint(claim.aspects)
    )


def _sides(values: list[Value], parties: Mapping[str, str]) -> set[str]:
    return {parties[name] for value in values if (name := value.actor or "") in parties}
