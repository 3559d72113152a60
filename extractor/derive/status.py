"""Whether it is agreed that an incident happened, and who did it.

After Airwars (confirmed: a belligerent accepts responsibility; fair: two or more sources; weak: one; contested), with
parties in place of sources: those of one side corroborate nothing for each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractor.derive.positions import initiated, parties_by_actor, party_of
from extractor.derive.told import claims_by_incident
from extractor.schema import Claim, Incident, Report, Status

_AT_ISSUE = {"occurrence", "initiator"}
"""The aspects that decide whether it happened as told: rival tolls alone leave that untouched."""


def read_status(report: Report) -> None:
    """Fill in the status of each incident, from parties, claims and disputes."""
    parties = parties_by_actor(report)
    claims = claims_by_incident(report)
    contradicted = {
        dispute.incident for dispute in report.disputes if dispute.kind == "contradicts" and dispute.aspect in _AT_ISSUE
    }
    for incident in report.incidents:
        on_it = claims.get(incident.id, [])
        incident.status = status(incident, on_it, parties, contradicted=incident.id in contradicted)


def status(incident: Incident, claims: Sequence[Claim], parties: Mapping[str, str], *, contradicted: bool) -> Status:
    """The occurrence status of one incident, from the claims on it.

    disputed: that it happened, or who did it, is denied, or contradicted by another party; else acknowledged: the
    initiator's side tells it as its own; else corroborated: two parties or more tell it; else single_party;
    narrator_only when no claim speaks of it.
    """
    if not claims:
        return "narrator_only"
    if any(_denies(claim, incident) for claim in claims) or contradicted:
        return "disputed"
    if any(_acknowledges(claim, incident, parties) for claim in claims):
        return "acknowledged"
    telling = {party_of(claim, parties) or claim.id for claim in claims if _tells(claim, incident)}
    return "corroborated" if len(telling) > 1 else "single_party"


def _denies(claim: Claim, incident: Incident) -> bool:
    """Whether a claim denies that it happened, or who did it. What it says of its further incidents is not told."""
    return claim.stance == "denies" and claim.incidents[0] == incident.id and not _AT_ISSUE.isdisjoint(claim.aspects)


def _acknowledges(claim: Claim, incident: Incident, parties: Mapping[str, str]) -> bool:
    """Whether the initiator's side owns up to it: in telling what it did, or what for, or what it will do.

    Who tells that it happened, without a word of who did it, does not.
    """
    if not initiated(party_of(claim, parties), incident, parties):
        return False
    if claim.stance in {"denies", "questions"} or set(claim.aspects) <= {"context"}:
        return False
    told_as_happened = incident.realis == "actual" and claim.stance == "asserts" and "occurrence" in claim.aspects
    return not told_as_happened or "initiator" in claim.aspects


def _tells(claim: Claim, incident: Incident) -> bool:
    """Whether a claim says that it happened: it is what the claim is about first, and no question or background."""
    return (
        claim.incidents[0] == incident.id
        and claim.stance not in {"denies", "questions"}
        and not set(claim.aspects) <= {"context"}
    )
