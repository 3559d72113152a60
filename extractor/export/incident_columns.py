"""The columns that rows of incidents share whatever the format: who says so, in which words, and what is contested."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from extractor.derive.summary import summary
from extractor.export.columns import Cell, Column
from extractor.export.tolls import told
from extractor.export.view import NOT_WORKED_OUT, View, quoted, spans
from extractor.grounding import Mention
from extractor.schema import Claim, Count, Incident, Value

INCIDENT_COLUMNS = (
    Column("x_document_id", "text", "id of the article"),
    Column("x_document_sha256", "text", "SHA-256 of the article's text, into which all offsets point"),
    Column("x_url", "text", "address of the article"),
    Column("x_incident_id", "text", "id of the incident in its report"),
    Column("x_incident_uid", "text", "the same for the same words of the same text, whatever model pointed to them"),
    Column("x_incident_type", "text", "type of the incident in the report's own vocabulary"),
    Column("x_realis", "text", "actual, planned, hypothetical or negated: only an actual one is told to have happened"),
    Column(
        "x_occurrence_status", "text", "disputed, acknowledged, corroborated, single_party or narrator_only"
    ),
    Column("x_contested_aspects", "texts", "aspects of the incident on which parties are in dispute"),
    Column("x_parties", "texts", "the parties whose claims speak of the incident"),
    Column("x_claims", "texts", "ids of the claims that speak of the incident"),
    Column("x_claim_uids", "texts", "their uids, in the same order"),
    Column("x_says", "texts", "who says what: source, party, position, stance and aspects of each of these claims"),
    Column("x_quote", "text", "the sentences of the article that tell of it"),
    Column("x_spans", "texts", "their offsets: code points, half-open"),
    Column(
        "x_values", "text",
        "every value of the incident in the article's words: a JSON list of field, text, start, end, and the claims in "
        "whose words it stands (none: the article says it in its own voice)",
    ),
    Column("x_tolls", "texts", "every toll of the killed in the article's words, with who says so"),
)  # fmt: skip


def incident_cells(incident: Incident, view: View) -> dict[str, tuple[Cell, str | None]]:
    """The cells of these columns, with the reasons for blanks."""
    document = view.report.document
    claims = view.about(incident)
    uids = [claim.uid for claim in claims if claim.uid]
    no_document = "the report does not say which article it is of"
    no_claims = "no claim speaks of it"
    return {
        "x_document_id": (document.id if document else None, "the article has no id" if document else no_document),
        "x_document_sha256": (document.sha256 if document else None, no_document),
        "x_url": (document.url if document else None, "the article has no address" if document else no_document),
        "x_incident_id": (incident.id, "the incident has no id"),
        "x_incident_uid": (incident.uid, NOT_WORKED_OUT),
        "x_incident_type": (incident.type, None),
        "x_realis": (incident.realis, None),
        "x_occurrence_status": (incident.status, NOT_WORKED_OUT),
        "x_contested_aspects": (contested(incident, view), "nothing" if view.disputes_known else NOT_WORKED_OUT),
        "x_parties": (_parties(claims, view), NOT_WORKED_OUT if claims else no_claims),
        "x_claims": ([claim.id for claim in claims], no_claims),
        "x_claim_uids": (uids if len(uids) == len(claims) else None, NOT_WORKED_OUT if claims else no_claims),
        "x_says": ([says(claim, view) for claim in claims], no_claims),
        "x_quote": (quoted(span.quote for span in incident.evidence), None),
        "x_spans": (spans((span.start, span.end) for span in incident.evidence), None),
        "x_values": (json.dumps(values(incident), ensure_ascii=False), None),
        "x_tolls": (told(incident, view), "the article tells of nobody killed"),
    }


def contested(incident: Incident, view: View) -> list[str]:
    """The aspects of an incident that are in dispute."""
    return list(dict.fromkeys(dispute.aspect for dispute in view.disputes(incident)))


def says(claim: Claim, view: View) -> str:
    """Who says what, in one line."""
    party = view.party_name(view.party(claim))
    who = view.name(claim.source) + (f" of {party}" if party and party != view.name(claim.source) else "")
    place = f" ({claim.position})" if claim.position else ""
    return f"{claim.id}: {who}{place} {claim.stance} {', '.join(claim.aspects) or 'no aspect'}"


def notes(incident: Incident, view: View) -> str:
    """What the incident is, in one line with its attribution; worked out here where the report does not have it."""
    return incident.summary or summary(incident, view.about(incident))


def fingerprint(incident: Incident, view: View) -> str:
    """The incident's uid; where the report has none, a hash of the article, the type and the evidence's offsets."""
    if incident.uid:
        return incident.uid
    document = view.report.document.sha256 if view.report.document else ""
    marks = [(span.start, span.end) for span in incident.evidence]
    return hashlib.sha256(f"{document} {incident.id} {incident.type} {marks}".encode()).hexdigest()[:16]


def values(incident: Incident) -> list[dict[str, Any]]:
    """Every value of an incident with its words, their offsets, and the claims in which they stand."""
    found: list[tuple[str, Mention, list[str]]] = []
    fields: list[tuple[str, list[Value]]] = [
        ("initiator", list(incident.initiators)), ("target", list(incident.targets)),
        ("weapon", list(incident.weapons)), ("when", list(incident.when)), ("where", list(incident.where)),
    ]  # fmt: skip
    for field, mentions in fields:
        found.extend((field, mention, mention.claims) for mention in mentions)
    for casualty in incident.casualties:
        found.append((casualty.status, casualty.who, casualty.who.claims))
        if casualty.count:
            found.append((f"{casualty.status}_count", casualty.count, casualty.who.claims))
    return [_value(*each) for each in found]


def _value(field: str, mention: Mention, claims: list[str]) -> dict[str, Any]:
    value: dict[str, Any] = {"field": field, "text": mention.text, "start": mention.start, "end": mention.end}
    if isinstance(mention, Count):
        value |= {"min": mention.min, "max": mention.max}
    return value | {"claims": claims}


def _parties(claims: list[Claim], view: View) -> list[str]:
    """The names of the parties of these claims; where they are not known, nothing."""
    return list(dict.fromkeys(name for claim in claims if (name := view.party_name(view.party(claim)))))
