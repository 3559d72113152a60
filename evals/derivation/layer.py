"""The part of a label that a model would have answered."""

from __future__ import annotations

from collections.abc import Sequence

from evals.goldset import GoldArticle
from extractor.document import Document
from extractor.schema import Party, Report, Tie, Value


def model_layer(article: GoldArticle, *, ties: bool) -> tuple[Report, Document]:
    """A copy of the label without what code works out, and the article as an extractor would be given it.

    `ties`: with the labelled parties as ties between actors, as if a model had been asked for them. A label does not
    tell which two of a party are tied: the first is tied to each of the others.
    """
    report = article.label.model_copy(deep=True)
    report.ties = _ties(report.parties) if ties else None
    report.parties, report.disputes = [], []
    for actor in report.actors:
        actor.country = actor.party = None
    for incident in report.incidents:
        incident.uid = incident.summary = incident.status = incident.deaths = None
        for when in incident.when:
            when.earliest = when.latest = when.precision = when.unresolved = None
        for where in incident.where:
            where.country = where.admin1 = where.lat = where.lon = where.unresolved = None
        for casualty in incident.casualties:
            _blank([casualty.who])
            if casualty.count is not None:
                casualty.count.min = casualty.count.max = None
        for values in (incident.initiators, incident.targets, incident.weapons, incident.when, incident.where):
            _blank(values)
    for claim in report.claims:
        claim.uid = claim.position = None
        claim.content = []
    info = article.label.document
    document = Document(
        article.text,
        title=info and info.title,
        publisher=info and info.publisher,
        date=info and info.date,
        language=info and info.language,
    )
    return report, document


def _blank(values: Sequence[Value]) -> None:
    for value in values:
        value.claims = []


def _ties(parties: Sequence[Party]) -> list[Tie]:
    return [Tie(a=party.actors[0], b=other, because=party.because) for party in parties for other in party.actors[1:]]
