"""How an incident lies to the place named, and how large the place is, from the words beside the name."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractor.document import Document
from extractor.schema import Incident, PlaceLevel, PlaceRelation, Where

_BEFORE: dict[PlaceRelation, str] = {
    "near": r"near|outside|close to|around|(?:north|south|east|west|northeast|northwest|southeast|southwest) of",
    "toward": r"towards?",
    "from": r"from",
    "over": r"over|above",
    "between": r"between",
}
_RELATIONS: dict[PlaceRelation, regex.Pattern[str]] = {
    relation: regex.compile(
        rf"\b(?:{words})\s+(?:the\s+)?(?:(?:town|city|village|district|province)\s+of\s+)?$", regex.I
    )
    for relation, words in _BEFORE.items()
}
_BESIDE: dict[PlaceLevel, str] = {
    "site": "market|base|airport|airfield|bridge|hospital|school|checkpoint|camp|station|mosque|church|barracks",
    "settlement": "town|city|village|settlement",
    "district": "district|county|suburb|neighbou?rhood",
    "province": "province|governorate|oblast|state",
    "region": "region|valley|desert|mountains|border",
    "sea": "sea|gulf|strait|coast",
}
_LEVELS: dict[PlaceLevel, regex.Pattern[str]] = {
    level: regex.compile(rf"\b(?:{words})\b", regex.I) for level, words in _BESIDE.items()
}


def read_relations(document: Document, incidents: Sequence[Incident]) -> None:
    """Fill in `relation` and `level` of each place from the text around it (English words; else left as they are)."""
    for incident in incidents:
        for place in incident.where:
            _read(document, place)


def _read(document: Document, place: Where) -> None:
    before = document.text[max(0, place.start - 40) : place.start]
    for relation, pattern in _RELATIONS.items():
        if pattern.search(before):
            place.relation = relation
    beside = f"{before[-16:]}{place.text}{document.text[place.end : place.end + 12]}"
    for words in (place.text, beside):
        for level, pattern in _LEVELS.items():
            if place.level is None and pattern.search(words):
                place.level = level
