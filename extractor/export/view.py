"""A report looked up by its ids: who an actor is, whose side he is on, which claims speak of an incident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from extractor.derive.told import claims_by_incident
from extractor.grounding import Mention
from extractor.schema import Actor, Claim, Dispute, Incident, Party, Report, Value

OWN_VOICE = "the article itself"
"""Who says what stands in no claim."""

NOT_WORKED_OUT = "not worked out in this report"

UNDENIED = frozenset({"asserts", "accuses", "admits"})
"""Stances of a claim that puts its content forward."""


class View:
    """A report, and what its ids stand for. An id that the report does not hold stands for nothing."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.actors: dict[str, Actor] = {actor.id: actor for actor in report.actors}
        self.claims: dict[str, Claim] = {claim.id: claim for claim in report.claims}
        self.incidents: dict[str, Incident] = {incident.id: incident for incident in report.incidents}
        self.parties: dict[str, Party] = {party.id: party for party in report.parties}
        self.disputes_known = bool(
            report.parties or report.disputes or report.relations or any(one.status for one in report.incidents)
        )

    def actor(self, mention: Mention) -> Actor | None:
        """The actor that a mention means."""
        return self.actors.get(mention.actor) if mention.actor else None

    def name(self, mention: Mention) -> str:
        """The name of the actor meant; else the words as they stand."""
        actor = self.actor(mention)
        return (actor.name if actor else "") or mention.text

    def party(self, claim: Claim) -> str | None:
        """The id of the party that a claim's source belongs to."""
        actor = self.actor(claim.source)
        return actor.party if actor else None

    def party_name(self, party: str | None) -> str | None:
        """The name of a party."""
        known = self.parties.get(party) if party else None
        return known.name if known else None

    def account(self, claim: Claim) -> str:
        """Whose account a claim is part of: that of a party, else of an actor, else of a source by its words."""
        return self.party(claim) or claim.source.actor or claim.source.text.casefold()

    def accounts(self, ids: Iterable[str]) -> frozenset[str]:
        """The accounts that put forward what stands in these claims; `OWN_VOICE` for what stands in none."""
        claims = [self.claims[each] for each in ids if each in self.claims]
        return frozenset(self.account(claim) for claim in claims) if claims else frozenset({OWN_VOICE})

    def said_by(self, ids: Sequence[str]) -> str:
        """Who says what stands in these claims, such as "the army (C2)"; or the article itself."""
        told = [f"{self.name(self.claims[each].source)} ({each})" for each in ids if each in self.claims]
        return "; ".join(told) or OWN_VOICE

    def about(self, incident: Incident) -> list[Claim]:
        """The claims that speak of an incident."""
        return self._claims_by_incident.get(incident.id, [])

    def disputes(self, incident: Incident) -> list[Dispute]:
        """The disputes about an incident."""
        return self._disputes_by_incident.get(incident.id, [])

    @cached_property
    def _claims_by_incident(self) -> Mapping[str, list[Claim]]:
        return claims_by_incident(self.report)

    @cached_property
    def _disputes_by_incident(self) -> Mapping[str, list[Dispute]]:
        disputes: dict[str, list[Dispute]] = {}
        for dispute in self.report.disputes:
            disputes.setdefault(dispute.incident, []).append(dispute)
        return disputes

    def same_account(self, first: Value, other: Value) -> bool:
        """Whether two values of an incident are told by one teller, or are of actors of one party."""
        one, two = self.actor(first), self.actor(other)
        if one and two and one.party and one.party == two.party:
            return True
        return not self.accounts(first.claims).isdisjoint(self.accounts(other.claims))


def spans(parts: Iterable[tuple[int, int]]) -> list[str]:
    """Offsets as text: code points, half-open, such as "12-40"."""
    return [f"{start}-{end}" for start, end in parts]


def quoted(words: Iterable[str]) -> str:
    """Passages of the text that do not follow one another, as one line of reading."""
    return " […] ".join(words)
