"""The words of the schema, as the page calls them, and the choices that its forms offer."""

from __future__ import annotations

from typing import Any, get_args

from extractor.schema import (
    Aspect,
    CasualtyCategory,
    CasualtyStatus,
    DatePrecision,
    IncidentType,
    PlaceLevel,
    PlaceRelation,
    Realis,
    Stance,
)

CHOICES: dict[str, tuple[str, ...]] = {
    "stance": get_args(Stance),
    "attribution": ("explicit", "implicit"),
    "aspects": get_args(Aspect),
    "type": get_args(IncidentType),
    "realis": get_args(Realis),
    "status": get_args(CasualtyStatus),
    "category": get_args(CasualtyCategory),
    "relation": get_args(PlaceRelation),
    "level": get_args(PlaceLevel),
    "precision": get_args(DatePrecision),
}

_CALLED = {
    "shelling_missile": "shelling or missile",
    "ied_bombing": "bombing",
    "abduction_detention": "abduction or detention",
    "contact_agreement": "contact or agreement",
    "looting_destruction": "looting or destruction",
    "single_party": "one side only",
    "narrator_only": "the article alone",
}


def called(name: str) -> str:
    """A word of the schema in words."""
    return _CALLED.get(name, name.replace("_", " "))


def vocabulary() -> dict[str, Any]:
    """For the script: the choices of each field, and what each is called."""
    return {field: [[name, called(name)] for name in names] for field, names in CHOICES.items()}
