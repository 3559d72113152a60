"""Which types of incident are near each other: what one account calls a shelling another may call an airstrike."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from extractor.schema import IncidentType

FAMILIES: dict[IncidentType, str] = {
    "airstrike": "remote", "shelling_missile": "remote", "ied_bombing": "remote", "suicide_attack": "remote",
    "chemical_attack": "remote", "ground_clash": "battle", "territory_change": "battle",
    "attack_on_civilians": "civilians", "sexual_violence": "civilians", "abduction_detention": "civilians",
}  # fmt: skip
"""The family of each type; a type that is not in it is a family of its own."""


def kinship(ours: IncidentType, theirs: Collection[IncidentType]) -> Literal["same", "near", "apart"]:
    """Whether a type is among others, at least in the family of one of them, or neither."""
    if ours in theirs:
        return "same"
    return "near" if FAMILIES.get(ours, ours) in {FAMILIES.get(one, one) for one in theirs} else "apart"
