"""All that can be worked out from what a model pointed to, in one pass over a report."""

from __future__ import annotations

import hashlib

from extractor.derive.aspects import read_aspects
from extractor.derive.deaths import read_deaths
from extractor.derive.disputes import settle_disputes
from extractor.derive.overlaps import Overlaps
from extractor.derive.parties import group_actors
from extractor.derive.positions import place_sources
from extractor.derive.rivals import read_rivals
from extractor.derive.status import read_status
from extractor.derive.summary import summary
from extractor.derive.tied import tie_values_to_claims, write_contents
from extractor.derive.ties import read_ties
from extractor.derive.told import claims_by_incident
from extractor.derive.values import read_counts, read_dates
from extractor.document import Document
from extractor.grounding import Mention
from extractor.schema import Actor, Report


def work_out(report: Report, document: Document) -> None:
    """Fill in, in place, what no model is asked for: names, countries, dates, bounds, contents, uids, summaries.

    What `weigh_accounts` fills in, too: parties, positions, disputes, statuses, deaths. Also ties the mentions
    of initiators, targets, casualties and accused to actors by the words that name them.
    """
    for actor in report.actors:
        _name(actor, document)
    named = _Named(report)
    for incident in report.incidents:
        for mention in (*incident.initiators, *incident.targets, *(one.who for one in incident.casualties)):
            mention.actor = mention.actor or named.actor(mention)
        read_counts(incident, document)
    read_dates(report, document)
    if any(incident.where for incident in report.incidents):
        from extractor.derive.whereabouts import settle_places

        settle_places(report, document)
    for claim in report.claims:
        claim.source.actor = claim.source.actor or named.actor(claim.source)
        for mention in (*claim.via, *([claim.against] if claim.against else [])):
            mention.actor = mention.actor or named.actor(mention)
    write_contents(report, document)
    tie_values_to_claims(report)
    if report.ties is None:
        report.ties = read_ties(report, document)
    group_actors(report)
    read_aspects(report)
    weigh_accounts(report, document)
    claims = claims_by_incident(report)
    for incident in report.incidents:
        incident.summary = summary(incident, claims.get(incident.id, ()))
        marks = [(one.start, one.end) for one in (*incident.evidence, *incident.initiators, *incident.targets)]
        incident.uid = _uid(document, incident.type, marks)
    for claim in report.claims:
        claim.uid = _uid(document, claim.source.text, [(span.start, span.end) for span in claim.content])


def weigh_accounts(report: Report, document: Document) -> None:
    """Fill in, in place, what follows from `ties` and `relations`: parties, positions, disputes, statuses, deaths.

    Part of `work_out`; to be called again when a model has been asked about either.
    """
    group_actors(report)
    place_sources(report)
    if report.relations is None:
        report.relations = read_rivals(report)
    settle_disputes(report)
    read_status(report)
    read_deaths(report, document)


def _name(actor: Actor, document: Document) -> None:
    """The fullest name, and the country that the names tell; each mention is one of the actor."""
    from extractor.derive.places import actor_country

    actor.name = max(actor.mentions, key=lambda mention: len(mention.text)).text
    codes = {actor_country(mention.text, document.language) for mention in actor.mentions} - {None}
    actor.country = codes.pop() if len(codes) == 1 else None
    for mention in actor.mentions:
        mention.actor = actor.id


class _Named:
    """Which actor a mention names."""

    def __init__(self, report: Report) -> None:
        self._names: dict[str, str] = {}
        for actor in report.actors:
            for name in actor.mentions:
                self._names.setdefault(name.text.casefold(), actor.id)
        self._places = Overlaps((name.start, name.end, actor.id) for actor in report.actors for name in actor.mentions)

    def actor(self, mention: Mention) -> str | None:
        """The actor with just these words among its names, but for case; else the one whose mention it overlaps."""
        if (named := self._names.get(mention.text.casefold())) is not None:
            return named
        overlapping = {actor for _, _, actor in self._places.of(mention.start, mention.end)}
        return overlapping.pop() if len(overlapping) == 1 else None


def _uid(document: Document, what: str, spans: list[tuple[int, int]]) -> str:
    """The same for the same spans of the same text, whatever model pointed to them."""
    return hashlib.sha256(f"{document.sha256} {what} {spans}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
