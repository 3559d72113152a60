"""Rows of claims: who says what of which incident, and who says otherwise. What the article itself says is no claim."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.export.columns import UNRESOLVED, Cells, Column, Row, Table
from extractor.export.view import NOT_WORKED_OUT, View, quoted, spans
from extractor.schema import Claim, Report

_COLUMNS = (
    Column("incident_id", "texts", "ids of the incidents that it is about"),
    Column("claim_id", "text", "id of the claim in its report"),
    Column("source", "text", "who says it, in the words of the claim's sentence"),
    Column("party", "text", "name of the party that the source belongs to"),
    Column("source_position", "text", "initiator_side, target_side or third_party of the first incident"),
    Column("via", "texts", "who passed it on"),
    Column("stance", "text", "asserts, denies, accuses, admits, threatens or questions"),
    Column("aspects", "texts", "what about the incidents it says"),
    Column("content", "text", "what is said, in the article's words; […] stands where they are interrupted"),
    Column("sentence", "texts", "numbers of the sentences, from 1"),
    Column("start", "integer", "where the content begins: code points into the article's text"),
    Column("end", "integer", "where it ends"),
    Column("disputed", "boolean", "whether another party says otherwise"),
    Column("rivals", "texts", "ids of the claims that do"),
    Column("x_rivalry", "texts", "how, and on which aspect: contradicts (both cannot be true) or competes"),
    Column("x_content_spans", "texts", "offsets of the parts of the content, half-open"),
    Column("x_source_name", "text", "fullest name of the source in the article"),
    Column("x_source_kind", "text", "kind of actor"),
    Column("x_source_span", "text", "offsets of the source's words"),
    Column("x_cue", "text", "the reporting words"),
    Column("x_cue_span", "text", "their offsets"),
    Column("x_via_spans", "texts", "offsets of those who passed it on"),
    Column("x_against", "text", "whom the source accuses"),
    Column("x_against_span", "text", "offsets of these words"),
    Column("x_attribution", "text", "explicit, or implicit: the sentence only carries on an account"),
    Column("x_confidence", "number", "0 to 1, where a user's setting gives one"),
    Column("x_actor_id", "text", "id of the source's actor in the report"),
    Column("x_party_id", "text", "id of the party in the report"),
    Column("x_claim_uid", "text", "the same for the same words of the same text, whatever model pointed to them"),
    Column("x_incident_uids", "texts", "uids of the incidents, in order"),
    Column("x_incident_types", "texts", "their types, in order"),
    Column("x_incident_realis", "texts", "their realis, in order"),
    Column("x_incident_statuses", "texts", "their occurrence statuses, in order"),
    Column("x_document_id", "text", "id of the article"),
    Column("x_document_sha256", "text", "SHA-256 of the article's text, into which all offsets point"),
    Column("x_document_date", "date", "when the article was published"),
    Column("x_publisher", "text", "who published it"),
    Column("x_url", "text", "its address"),
    UNRESOLVED,
)


def rows(report: Report) -> Iterator[Row]:
    """A row for every claim of a report."""
    view = View(report)
    for claim in report.claims:
        cells = Cells()
        _put_claim(cells, claim)
        _put_source(cells, claim, view)
        _put_rivals(cells, claim, view)
        _put_incidents(cells, claim, view)
        _put_document(cells, report)
        yield cells.row(TABLE.columns)


def _put_claim(cells: Cells, claim: Claim) -> None:
    no_content = "no content is cut from its sentence"
    cells.put("claim_id", claim.id, "the claim has no id")
    cells.put("x_claim_uid", claim.uid, NOT_WORKED_OUT)
    cells.put("stance", claim.stance, None)
    cells.put("aspects", list(claim.aspects), "the report names no aspect")
    cells.put("content", quoted(span.quote for span in claim.content), no_content)
    cells.put("x_content_spans", spans((span.start, span.end) for span in claim.content), no_content)
    cells.put("start", min((span.start for span in claim.content), default=None), no_content)
    cells.put("end", max((span.end for span in claim.content), default=None), no_content)
    cells.put("sentence", [str(number) for number in claim.sentences], None)
    cells.put("x_attribution", claim.attribution, None)
    cells.put("x_confidence", claim.confidence, "no setting gives one")


def _put_source(cells: Cells, claim: Claim, view: View) -> None:
    actor, source = view.actor(claim.source), claim.source
    no_actor = f'which actor "{source.text}" is, is not told'
    cells.put("source", source.text, None)
    cells.put("x_source_span", f"{source.start}-{source.end}", None)
    cells.put("x_source_name", actor.name if actor else None, no_actor)
    cells.put("x_source_kind", actor.kind if actor else None, no_actor)
    cells.put("x_actor_id", source.actor, no_actor)
    party = view.party(claim)
    no_party = NOT_WORKED_OUT if actor else no_actor
    cells.put("party", view.party_name(party), no_party)
    cells.put("x_party_id", party, no_party)
    cells.put("source_position", claim.position, "the source's side in the incident is not worked out")
    cells.put("via", [mention.text for mention in claim.via], "nobody passed it on")
    cells.put("x_via_spans", spans((mention.start, mention.end) for mention in claim.via), "nobody passed it on")
    for name, mention, none in (
        ("cue", claim.cue, "the sentence has no reporting words"), ("against", claim.against, "it accuses nobody"),
    ):  # fmt: skip
        cells.put(f"x_{name}", mention.text if mention else None, none)
        cells.put(f"x_{name}_span", f"{mention.start}-{mention.end}" if mention else None, none)


def _put_rivals(cells: Cells, claim: Claim, view: View) -> None:
    """From the relations between claims; from disputes alone, the claims there of other parties."""
    rivals: dict[str, list[str]] = {}
    for relation in view.report.relations or []:
        if claim.id in {relation.a, relation.b}:
            other = relation.b if relation.a == claim.id else relation.a
            rivals.setdefault(other, []).append(f"{relation.kind} {other} on {relation.aspect} of {relation.incident}")
    disputes = [dispute for dispute in view.report.disputes if claim.id in dispute.claims]
    if not view.report.relations:
        for dispute in disputes:
            for other in _other_parties(claim, dispute.claims, view):
                rivals.setdefault(other, []).append(f"{dispute.kind} {other} on {dispute.aspect} of {dispute.incident}")
    none = "no claim of another party says otherwise" if view.disputes_known else NOT_WORKED_OUT
    cells.put("disputed", bool(rivals or disputes) if view.disputes_known else None, NOT_WORKED_OUT)
    cells.put("rivals", list(rivals), none)
    cells.put("x_rivalry", [line for lines in rivals.values() for line in lines], none)


def _other_parties(claim: Claim, ids: list[str], view: View) -> list[str]:
    own = view.account(claim)
    return [each for each in ids if each in view.claims and view.account(view.claims[each]) != own]


def _put_incidents(cells: Cells, claim: Claim, view: View) -> None:
    incidents = [view.incidents[each] for each in claim.incidents if each in view.incidents]
    none = "it is about no incident of the report"
    cells.put("incident_id", list(claim.incidents), none)
    cells.put("x_incident_types", [one.type for one in incidents], none)
    cells.put("x_incident_realis", [one.realis for one in incidents], none)
    not_known = NOT_WORKED_OUT if incidents else none
    uids, statuses = [one.uid for one in incidents if one.uid], [one.status for one in incidents if one.status]
    cells.put("x_incident_uids", uids if len(uids) == len(incidents) else None, not_known)
    cells.put("x_incident_statuses", statuses if len(statuses) == len(incidents) else None, not_known)


def _put_document(cells: Cells, report: Report) -> None:
    document = report.document
    if document is None:
        for name in ("x_document_id", "x_document_sha256", "x_document_date", "x_publisher", "x_url"):
            cells.put(name, None, "the report does not say which article it is of")
        return
    cells.put("x_document_id", document.id, "the article has no id")
    cells.put("x_document_sha256", document.sha256, None)
    cells.put("x_document_date", document.date, "the article has no date")
    cells.put("x_publisher", document.publisher, "the publisher of the article is not given")
    cells.put("x_url", document.url, "the article has no address")


TABLE = Table("claims", _COLUMNS, rows)
"""One claim a row."""
