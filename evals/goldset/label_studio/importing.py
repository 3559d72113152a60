"""A label from what a labeller drew, over the label that the task was made from, if there was one.

What Label Studio shows is taken from the drawing; the rest stays as it was with each region that is still there. What
is new gets its ids, sentences and parties from code. What a labeller leaves out is read as GUIDELINES.md would have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evals.goldset.label_studio.accepting import accepted
from evals.goldset.label_studio.drawing import Drawing, Region
from evals.goldset.label_studio.parties import parties_of
from evals.goldset.label_studio.reading import Json, Reading, in_order
from evals.goldset.label_studio.rivals import disputes_of, relations_of
from evals.goldset.label_studio.vocabulary import LIST_OF, SINGLE, VALUES
from extractor.errors import InputError
from extractor.schema import SCHEMA_VERSION


def label_from(drawing: Drawing, text: str, was: Json | None, note: Callable[[str], None]) -> Json:
    """The label of an article, `accept` included, not yet checked.

    Args:
        drawing: The labeller's regions and relations.
        text: The article.
        was: The label before, with its `accept`.
        note: Is told what of `accept` had to be left out, since what it named is gone.

    Raises:
        InputError: A part belongs to nothing, or something that every claim needs is missing.
    """
    before = {key: value for key, value in (was or {}).items() if key != "accept"}
    reading = Reading(drawing, text, before)
    reading.check_parts()
    claims = [_claim(reading, region) for region in reading.all("Claim")]
    incidents = [_incident(reading, region, claims) for region in reading.all("Incident")]
    actors = [_actor(reading, region) for region in reading.all("Actor")]
    parties = parties_of(reading, actors)
    relations = relations_of(reading, claims)
    same = relations == before.get("relations") and parties == before.get("parties")
    return {
        "schema_version": before.get("schema_version", SCHEMA_VERSION),
        "document": _document(reading),
        "actors": actors,
        "incidents": incidents,
        "claims": claims,
        "relations": relations,
        "parties": parties,
        "disputes": before["disputes"] if same else disputes_of(relations, claims, actors),
        "run": before.get("run"),
        "accept": accepted((was or {}).get("accept") or {}, reading, note),
    }


def _document(reading: Reading) -> Json:
    document = reading.document
    counted = {
        "sha256": document.sha256, "characters": len(reading.text), "sentences": len(document.sentences)
    }  # fmt: skip
    return counted | reading.info


def _actor(reading: Reading, region: Region) -> Json:
    base = reading.base(region)
    name = reading.id(region)
    mentions: list[Json] = []
    for part, old in reading.items(region, "Mention"):
        mentions.append(reading.mention(part, old, tells_actor=False) | ({"actor": name} if old is None else {}))
    called = base or {"name": mentions[0]["text"], "party": None}
    return {**called, **reading.fields(region, base, kind="other"), "id": name, "mentions": mentions}


def _incident(reading: Reading, region: Region, claims: Sequence[Json]) -> Json:
    base = reading.base(region)
    incident: Json = {**(base or {}), **reading.fields(region, base, type="other", realis="actual")}
    incident["id"] = reading.id(region)
    incident["evidence"] = [_evidence(reading, part, old) for part, old in reading.items(region, "Evidence")]
    for label in VALUES[:-1]:
        incident[LIST_OF[label]] = [
            _value(reading, part, old, claims) | reading.fields(part, old, relation="at")
            for part, old in reading.items(region, label)
        ]
    incident["casualties"] = [
        _casualty(reading, part, old, claims) for part, old in reading.items(region, "Casualties")
    ]
    return incident


def _evidence(reading: Reading, region: Region, base: Json | None) -> Json:
    """Whole sentences, whatever of them was marked."""
    if base is not None and _lies_over(region, base):
        return base
    numbers = reading.sentences([{"start": region.start, "end": region.end}])
    start, end = reading.document.sentence(numbers[0]).start, reading.document.sentence(numbers[-1]).end
    return {
        "start": start, "end": end, "quote": reading.text[start:end], "match": "exact", "sentence": numbers[0]
    }  # fmt: skip


def _value(reading: Reading, region: Region, base: Json | None, claims: Sequence[Json]) -> Json:
    """A value; a new one that is linked to no claim stands in those whose content holds it."""
    value = reading.mention(region, base)
    said = reading.linked_ids(region, "Claim")
    if base is None and not said:
        said = [claim["id"] for claim in claims if any(_holds(span, value) for span in claim["content"])]
    return value | {"claims": in_order(said, base["claims"] if base else [])}


def _casualty(reading: Reading, region: Region, base: Json | None, claims: Sequence[Json]) -> Json:
    toll = reading.fields(region, base, status="killed", category="unknown")
    toll["who"] = _value(reading, region, base and base["who"], claims)
    toll["count"] = None
    count = reading.one(region, "Count")
    if count is not None:
        old = reading.base(count)
        toll["count"] = reading.mention(count, old, tells_actor=False) | reading.fields(count, old)
    return {**(base or {}), **toll}


def _claim(reading: Reading, region: Region) -> Json:
    base = reading.base(region)
    claim: Json = {**(base or {}), **reading.fields(region, base, stance="asserts"), "id": reading.id(region)}
    content = [reading.span(part, old) for part, old in reading.items(region, "Content")]
    for label, field in SINGLE.items():
        part = reading.one(region, label)
        claim[field] = part and reading.mention(part, reading.base(part), tells_actor=label != "Cue")
    if claim["source"] is None:
        raise InputError(f"{reading.said(region)} has no Source: mark who says it, and draw a relation to the claim")
    claim["via"] = [reading.mention(part, old) for part, old in reading.items(region, "Via")]
    claim["incidents"] = in_order(reading.linked_ids(region, "Incident"), base["incidents"] if base else [])
    claim["attribution"] = claim["attribution"] or ("explicit" if claim["cue"] else "implicit")
    bare = base is not None and not base["content"] and len(content) == 1 and _lies_over(region, base["source"])
    claim["content"] = [] if bare else content
    if base is None or claim["content"] != base["content"]:
        claim["sentences"] = reading.sentences(claim["content"] or [claim["source"]])
    return claim


def _lies_over(region: Region, span: Mapping[str, Any]) -> bool:
    return (region.start, region.end) == (span["start"], span["end"])


def _holds(span: Mapping[str, Any], mention: Mapping[str, Any]) -> bool:
    return span["start"] <= mention["start"] and mention["end"] <= span["end"]
