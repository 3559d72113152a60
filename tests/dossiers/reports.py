"""Small reports of made-up events, with offsets that count through the quotes; no text goes with them."""

from __future__ import annotations

import hashlib
from datetime import date as Date
from typing import Any

from extractor.derive.positions import place_sources
from extractor.schema import Report

FRONT = ("Hill Front", "non_state_armed")
ARMY = ("Ostanian army", "state_forces")
MAYOR = ("Ilda Brenko", "government")


def incident(
    id: str = "I1",
    *,
    type: str = "shelling_missile",
    by: tuple[str, ...] = ("Ostanian army",),
    on: tuple[str, ...] = ("market",),
    used: tuple[str, ...] = (),
    day: str | None = "2026-03-02",
    until: str | None = None,
    when: str = "on Monday",
    town: str | None = "Orvan",
    relation: str = "at",
    level: str | None = "settlement",
    spot: tuple[float, float] | None = None,
    country: str | None = None,
    killed: tuple[int | None, int | None] | None = None,
    killed_by: tuple[str, ...] = (),
    by_claims: tuple[str, ...] = (),
    sentence: str = "Shells hit the market of the town in the morning.",
    realis: str = "actual",
) -> dict[str, Any]:
    """An incident; `killed_by` and `by_claims` are the claims in which the toll and the initiators stand."""
    days = {"earliest": day, "latest": until or day, "precision": "days" if until else "day"}
    place = {"relation": relation, "level": level, "country": country}
    if spot:
        place |= {"lat": spot[0], "lon": spot[1]}
    toll = {
        "who": {**words("people"), "claims": list(killed_by)}, "status": "killed", "category": "unknown",
        "count": {**words("some"), "min": killed[0], "max": killed[1]} if killed else None,
    }  # fmt: skip
    return {
        "id": id, "uid": None, "type": type, "realis": realis,
        "evidence": [{"start": 0, "end": len(sentence), "quote": sentence, "sentence": 1}],
        "initiators": [{**words(one), "claims": list(by_claims)} for one in by],
        "targets": [words(one) for one in on], "weapons": [words(one) for one in used],
        "when": [{**words(when), **days}] if day else [], "where": [{**words(town), **place}] if town else [],
        "casualties": [toll] if killed else [],
    }  # fmt: skip


def claim(
    id: str, source: str, stance: str = "asserts", aspects: tuple[str, ...] = ("occurrence",), via: str | None = None,
    about: str = "I1",
) -> dict[str, Any]:  # fmt: skip
    """A claim on an incident."""
    return {
        "id": id, "sentences": [1], "source": words(source), "via": [words(via)] if via else [], "cue": words("said"),
        "against": None, "attribution": "explicit", "stance": stance, "incidents": [about], "aspects": list(aspects),
        "content": [{"start": 0, "end": 5, "quote": f"what {source} said"[:5]}],
    }  # fmt: skip


def report(
    document: str,
    *incidents: dict[str, Any],
    claims: tuple[dict[str, Any], ...] = (),
    actors: tuple[tuple[str, str], ...] = (FRONT, ARMY, MAYOR),
    date: str | None = "2026-03-03",
    publisher: str | None = None,
    publishes_alone: bool = True,
) -> Report:
    """A report; each actor is a party of its own, and every name of an actor is the actor."""
    ids = {name: f"A{number}" for number, (name, _) in enumerate(actors, 1)}

    def tied(value: dict[str, Any]) -> dict[str, Any]:
        return {**value, "actor": ids.get(value["text"])}

    told = [
        {**one, "initiators": list(map(tied, one["initiators"])), "targets": list(map(tied, one["targets"]))}
        for one in incidents
    ]
    said = [{**one, "source": tied(one["source"]), "via": list(map(tied, one["via"]))} for one in claims]
    made = Report.model_validate(
        {
            "actors": [
                {"id": ids[name], "name": name, "kind": kind, "mentions": [words(name)], "party": f"P{number}"}
                for number, (name, kind) in enumerate(actors, 1)
            ],
            "incidents": told,
            "claims": said,
            "parties": [
                {"id": f"P{number}", "name": name, "actors": [actor], "because": []}
                for number, (name, actor) in enumerate(ids.items(), 1)
            ],
            "document": {
                "id": document, "sha256": hashlib.sha256(document.encode()).hexdigest(),
                "publisher": publisher or (f"Paper of {document}" if publishes_alone else None),
                "date": Date.fromisoformat(date) if date else None, "characters": 1000, "sentences": 10,
            },
        }
    )  # fmt: skip
    place_sources(made)
    return made


def words(text: str) -> dict[str, Any]:
    """Words at some place."""
    return {"text": text, "start": 0, "end": len(text)}
