"""A report as a model would have to write it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evals.bench.peers.task import Answer, SaidCasualty, SaidClaim, SaidIncident
from extractor.document import Document
from extractor.grounding import Evidence, Mention
from extractor.plans.stepwise.cues import cue_list_for
from extractor.schema import Claim, Incident, Report


def pointed(report: Report, document: Document) -> dict[str, Any]:
    """As the plan `whole` asks for it: sentence numbers, names, and numbers of the answer's own items."""
    actors = {actor.id: number for number, actor in enumerate(report.actors, 1)}
    incidents = {incident.id: number for number, incident in enumerate(report.incidents, 1)}
    return {
        "actors": [{"kind": one.kind, "mentions": list(dict.fromkeys(_texts(one.mentions)))} for one in report.actors],
        "incidents": [_incident(one, document) for one in report.incidents],
        "claims": [_claim(one, actors, incidents) for one in report.claims],
    }


def quoted(report: Report) -> Answer:
    """As a schema of verbatim quotes asks for it, that of `evals.bench.peers`."""
    return Answer.model_construct(
        incidents=[
            SaidIncident.model_construct(
                evidence=[span.quote for span in one.evidence],
                type=one.type,
                realis=one.realis,
                initiators=_texts(one.initiators),
                targets=_texts(one.targets),
                weapons=_texts(one.weapons),
                dates=_texts(one.when),
                places=_texts(one.where),
                casualties=[
                    SaidCasualty.model_construct(
                        who=each.who.text,
                        number=each.count and each.count.text,
                        status=each.status,
                        category=each.category,
                    )
                    for each in one.casualties
                ],
            )
            for one in report.incidents
        ],
        claims=[
            SaidClaim.model_construct(
                content=" ".join(span.quote for span in one.content),
                source=one.source.text,
                cue=one.cue and one.cue.text,
                stance=one.stance,
                aspects=one.aspects,
            )
            for one in report.claims
        ],
    )


def spoken(report: Report, document: Document) -> list[dict[str, str]]:
    """The claims as the plan `stepwise` asks for them: in each sentence, who speaks by each word that may report.

    An account that is carried on without such a word is found by code, as are a claim's words, aspects and incidents.
    """
    cues = cue_list_for(document)
    said: list[dict[str, str]] = []
    for sentence in document.sentences:
        claims = [one for one in report.claims if one.cue and one.sentences[0] == sentence.number]
        words = document.words(sentence.number)
        answer = {} if sentence.heading or cues is None else dict.fromkeys(cues.candidates(words), "")
        for one in claims:
            cue = one.cue.text if one.cue else ""
            answer[cue] = "; ".join(filter(None, (answer.get(cue), one.source.text)))
            if other := one.against or next(iter(one.via), None):
                answer[f"{cue}, whom"] = other.text
        if answer:
            said.append(answer)
    return said


def _incident(incident: Incident, document: Document) -> dict[str, Any]:
    return {
        "type": incident.type,
        "realis": incident.realis,
        "evidence": [number for span in incident.evidence for number in _sentences(span, document)],
        "initiators": _texts(incident.initiators),
        "targets": _texts(incident.targets),
        "weapons": _texts(incident.weapons),
        "when": _texts(incident.when),
        "where": [{"text": one.text, "relation": one.relation, "level": one.level} for one in incident.where],
        "casualties": [
            {
                "who": one.who.text,
                "status": one.status,
                "category": one.category,
                "count": one.count and one.count.text,
            }
            for one in incident.casualties
        ],
    }


def _claim(claim: Claim, actors: dict[str, int], incidents: dict[str, int]) -> dict[str, Any]:
    return {
        "sentences": claim.sentences,
        "source": {"text": claim.source.text, "actor": actors.get(claim.source.actor or "")},
        "via": _texts(claim.via),
        "cue": claim.cue and claim.cue.text,
        "against": claim.against and claim.against.text,
        "attribution": claim.attribution,
        "stance": claim.stance,
        "incidents": [incidents[one] for one in claim.incidents],
        "aspects": claim.aspects,
    }


def _texts(mentions: Sequence[Mention]) -> list[str]:
    return [one.text for one in mentions]


def _sentences(span: Evidence, document: Document) -> range:
    return range(span.sentence, document.sentence_at(span.end - 1).number + 1)
