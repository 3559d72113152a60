"""JSON-LD: a graph of articles, claims, incidents, actors, parties and disputes.

Vocabularies: schema.org, whose `Claim` is what somebody says (`author`) in an article (`appearance`); its `ClaimReview`
is a fact-check, which nothing here is. W3C PROV-O for who and for which claims a value is from. W3C Web Annotation for
the words and their offsets, which it counts in code points as a report does. What these have no terms for is under
`ice:`. An incident is an `ice:Incident` and no schema.org `Event`, and its values are `PropertyValue`s that name the
claims they are from: a graph that said `startDate` of an event would pass a claim off as a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from urllib.parse import quote

from extractor.export.collection import write_collection
from extractor.export.incident_columns import fingerprint, notes
from extractor.export.view import View, quoted
from extractor.grounding import Mention, Span
from extractor.schema import Actor, Casualty, Claim, Count, Dispute, Incident, Party, Report, Value, When, Where

Node = dict[str, Any]

_XSD = "http://www.w3.org/2001/XMLSchema#"

CONTEXT: Node = {
    "@version": 1.1,
    "@vocab": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "ice": "urn:x-incident-claim-extractor:",
    "appearance": {"@type": "@id"},
    "about": {"@type": "@id"},
    "datePublished": {"@type": f"{_XSD}date"},
    "prov:wasDerivedFrom": {"@type": "@id"},
    "oa:hasSource": {"@type": "@id"},
    "ice:actor": {"@type": "@id"},
    "ice:party": {"@type": "@id"},
    "ice:member": {"@type": "@id"},
    "ice:incident": {"@type": "@id"},
    "ice:claim": {"@type": "@id"},
    "ice:contradicts": {"@type": "@id"},
    "ice:competes": {"@type": "@id"},
    "ice:earliest": {"@type": f"{_XSD}date"},
    "ice:latest": {"@type": f"{_XSD}date"},
}
"""Written into the file: nothing needs to be fetched to read it."""


def write_jsonld(reports: Iterable[Report], file: BinaryIO) -> int:
    """Write one graph; returns how many nodes it has."""
    every = (node for number, report in enumerate(reports, 1) for node in _Graph(report, number).nodes())
    return write_collection({"@context": CONTEXT}, "@graph", every, file)


class _Graph:
    """The nodes of one report.

    Articles are named by the hash of their text, claims and incidents by that and their uid: the same in every file.
    What is known by its number in the report alone (actors, parties, disputes) has an id for this file alone.
    """

    def __init__(self, report: Report, number: int) -> None:
        self.report = report
        self.view = View(report)
        self._number = number
        document = report.document
        self.article = f"urn:x-article:sha256:{quote(document.sha256)}" if document else self._here("article")

    def nodes(self) -> Iterator[Node]:
        """All nodes, the article first."""
        yield self._article()
        yield from (_filled(self._party(party)) for party in self.report.parties)
        yield from (_filled(self._actor(actor)) for actor in self.report.actors)
        yield from (_filled(self._incident(incident)) for incident in self.report.incidents)
        yield from (_filled(self._claim(claim)) for claim in self.report.claims)
        yield from (_filled(self._dispute(number, one)) for number, one in enumerate(self.report.disputes, 1))

    def _here(self, name: str) -> str:
        """A blank node's id."""
        return f"_:r{self._number}-{quote(name, safe='').replace('%', '_')}"

    def _everywhere(self, name: str) -> str:
        return f"{self.article}#{quote(name, safe='')}" if self.report.document else self._here(name)

    def _claim_id(self, claim: Claim) -> str:
        return self._everywhere(f"{claim.id}-{claim.uid}") if claim.uid else self._here(claim.id)

    def _claim_ids(self, ids: Iterable[str]) -> list[str]:
        return [self._claim_id(self.view.claims[each]) for each in ids if each in self.view.claims]

    def _incident_id(self, incident: Incident) -> str:
        return self._everywhere(f"{incident.id}-{fingerprint(incident, self.view)}")

    def _incident_ids(self, ids: Iterable[str]) -> list[str]:
        return [self._incident_id(self.view.incidents[each]) for each in ids if each in self.view.incidents]

    def _article(self) -> Node:
        document = self.report.document
        if document is None:
            return {"@id": self.article, "@type": "NewsArticle"}
        return _filled(
            {
                "@id": self.article,
                "@type": "NewsArticle",
                "identifier": document.id,
                "headline": document.title,
                "publisher": {"@type": "Organization", "name": document.publisher} if document.publisher else None,
                "datePublished": document.date.isoformat() if document.date else None,
                "inLanguage": document.language,
                "url": document.url,
                "ice:sha256": document.sha256,
                "ice:characters": document.characters,
            }
        )

    def _party(self, party: Party) -> Node:
        return {
            "@id": self._here(party.id),
            "@type": "ice:Party",
            "identifier": party.id,
            "name": party.name,
            "ice:member": [self._here(each) for each in party.actors],
            "oa:hasTarget": [self._target(span) for span in party.because],
        }

    def _actor(self, actor: Actor) -> Node:
        """Whether it is a person or an organisation the report does not tell: a PROV agent is either."""
        return {
            "@id": self._here(actor.id),
            "@type": "prov:Agent",
            "identifier": actor.id,
            "name": actor.name or actor.mentions[0].text,
            "ice:kind": actor.kind,
            "ice:country": actor.country,
            "ice:party": self._here(actor.party) if actor.party else None,
            "oa:hasTarget": [self._target(mention) for mention in actor.mentions],
        }

    def _claim(self, claim: Claim) -> Node:
        rivals: dict[str, list[str]] = {}
        for relation in self.report.relations or []:
            if claim.id in {relation.a, relation.b}:
                other = relation.b if relation.a == claim.id else relation.a
                rivals.setdefault(f"ice:{relation.kind}", []).extend(self._claim_ids([other]))
        return {
            "@id": self._claim_id(claim),
            "@type": "Claim",
            "identifier": claim.id,
            "text": quoted(span.quote for span in claim.content) or None,
            "author": self._role("author", claim.source),
            "ice:via": [self._role("ice:via", mention) for mention in claim.via],
            "appearance": self.article,
            "about": self._incident_ids(claim.incidents),
            "ice:stance": claim.stance,
            "ice:aspect": list(claim.aspects),
            "ice:attribution": claim.attribution,
            "ice:cue": claim.cue.text if claim.cue else None,
            "ice:against": self._role("ice:against", claim.against) if claim.against else None,
            "ice:position": claim.position,
            "ice:confidence": claim.confidence,
            **rivals,
            "oa:hasTarget": [self._target(span) for span in claim.content],
        }

    def _incident(self, incident: Incident) -> Node:
        return {
            "@id": self._incident_id(incident),
            "@type": "ice:Incident",
            "identifier": incident.id,
            "ice:type": incident.type,
            "ice:realis": incident.realis,
            "ice:occurrenceStatus": incident.status,
            "description": notes(incident, self.view),
            "oa:hasTarget": [self._target(span) for span in incident.evidence],
            "ice:value": list(self._values(incident)),
        }

    def _values(self, incident: Incident) -> Iterator[Node]:
        fields: list[tuple[str, list[Value]]] = [
            ("initiator", list(incident.initiators)), ("target", list(incident.targets)),
            ("weapon", list(incident.weapons)), ("when", list(incident.when)), ("where", list(incident.where)),
        ]  # fmt: skip
        for field, mentions in fields:
            yield from (_filled(self._value(field, mention)) for mention in mentions)
        yield from (_filled(self._casualty(casualty)) for casualty in incident.casualties)

    def _value(self, field: str, value: Value) -> Node:
        more: Node = {}
        if isinstance(value, When):
            more = {
                "ice:earliest": value.earliest.isoformat() if value.earliest else None,
                "ice:latest": value.latest.isoformat() if value.latest else None,
                "ice:precision": value.precision,
                "ice:unresolved": value.unresolved,
            }
        elif isinstance(value, Where):
            known = value.lat is not None and value.lon is not None
            more = {
                "ice:relation": value.relation,
                "ice:level": value.level,
                "ice:country": value.country,
                "ice:admin1": value.admin1,
                "geo": {"@type": "GeoCoordinates", "latitude": value.lat, "longitude": value.lon} if known else None,
                "ice:unresolved": None if known else "its coordinates are not known",
            }
        return {
            "@type": "PropertyValue",
            "propertyID": field,
            "value": value.text,
            "ice:actor": self._here(value.actor) if value.actor in self.view.actors else None,
            **more,
            "prov:wasDerivedFrom": self._claim_ids(value.claims) or [self.article],
            "oa:hasTarget": self._target(value),
        }

    def _casualty(self, casualty: Casualty) -> Node:
        node = self._value(casualty.status, casualty.who) | {"ice:category": casualty.category}
        return node | (self._count(casualty.count) if casualty.count else {"ice:unresolved": "no number is told"})

    def _count(self, count: Count) -> Node:
        unbounded = count.min is None and count.max is None
        return {
            "ice:count": count.text,
            "minValue": count.min,
            "maxValue": count.max,
            "ice:unresolved": "the words do not bound the number" if unbounded else None,
            "ice:countTarget": self._target(count),
        }

    def _dispute(self, number: int, dispute: Dispute) -> Node:
        return {
            "@id": self._here(f"D{number}"),
            "@type": "ice:Dispute",
            "ice:incident": self._incident_ids([dispute.incident]),
            "ice:aspect": dispute.aspect,
            "ice:kind": dispute.kind,
            "ice:claim": self._claim_ids(dispute.claims),
            "ice:party": [self._here(each) for each in dispute.parties],
        }

    def _role(self, name: str, mention: Mention) -> Node:
        """Somebody by his words in this place, and by the actor meant: a schema.org `Role` repeats the property."""
        actor = self.view.actor(mention)
        agent: Node = {"@id": self._here(actor.id)} if actor else {"@type": "prov:Agent", "name": mention.text}
        return {"@type": "Role", "roleName": mention.text, name: agent, "oa:hasTarget": self._target(mention)}

    def _target(self, words: Mention | Span) -> Node:
        exact = words.quote if isinstance(words, Span) else words.text
        return {
            "@type": "oa:SpecificResource",
            "oa:hasSource": self.article,
            "oa:hasSelector": [
                {"@type": "oa:TextPositionSelector", "oa:start": words.start, "oa:end": words.end},
                {"@type": "oa:TextQuoteSelector", "oa:exact": exact},
            ],
        }


def _filled(node: Node) -> Node:
    """Without what is not known: JSON-LD leaves out, it has no blanks."""
    return {name: value for name, value in node.items() if value is not None and value != []}
