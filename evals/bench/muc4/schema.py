"""What a model is asked for: MUC-4's templates, as a schema for `extractor.Extractor`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from evals.bench.muc4.data import ROLES, Role, Template, template
from extractor import Evidence, Mention

Deed = Literal["murder", "attack", "bombing", "sabotage", "kidnapping", "arson", "robbery", "strike", "threat"]
OtherNews = Literal["fighting", "arrest", "trial", "talks", "speech", "politics", "drugs", "other"]
Kind = Literal[Deed, OtherNews]

TYPES: Mapping[Kind, str] = {
    "murder": "attack",
    "attack": "attack",
    "sabotage": "attack",
    "threat": "attack",
    "bombing": "bombing",
    "kidnapping": "kidnapping",
    "arson": "arson",
    "robbery": "robbery",
    "strike": "forced work stoppage",
}
"""MUC-4's name for each `Deed`: a small model finds the type by everyday words, which murder and sabotage are."""

FIELDS: Mapping[Role, str] = {
    "PerpInd": "attackers",
    "PerpOrg": "group",
    "Target": "things",
    "Victim": "names",
    "Weapon": "weapons",
}
"""The field that is asked for each role, in words that say what it holds."""

# A small model may repeat itself to the limit of tokens. The schema tells it when to stop; a longer answer is no error.
One = Annotated[list[Mention], Field(json_schema_extra={"maxItems": 1})]
Few = Annotated[list[Mention], Field(json_schema_extra={"maxItems": 4})]


class MucIncident(BaseModel):
    """One incident, or what else a report without one tells."""

    # Two fields are not scored. `deed` makes a small model settle on one deed before it is asked about it, and `people`
    # gives it a place for those who have no name.

    model_config = ConfigDict(use_attribute_docstrings=True)

    deed: str
    """Who did what to whom, with what, in few words of your own."""
    kind: Kind
    sentence: Evidence
    """The number of the sentence that tells of it best."""
    attackers: One
    """Who did it."""
    group: One
    """The organisation that did it."""
    weapons: Few
    things: Few
    """Buildings, vehicles and installations that were hit."""
    people: str
    """Who was killed, hurt, threatened or taken, as the report calls them."""
    names: Few
    """The names of these people."""


class MucIncidents(BaseModel):
    """The incidents of a report."""

    incidents: Annotated[list[MucIncident], Field(json_schema_extra={"maxItems": 2})]


def templates(found: MucIncidents) -> list[Template]:
    """As they are scored: every mention an entity; words given twice for a role count once; other news is left out.

    An incident that tells nothing beyond another of its type is taken for another account of it, and left out.
    """
    different: list[Template] = []
    for incident in found.incidents:
        if incident.kind not in TYPES:
            continue
        words = {role: list(dict.fromkeys(_mentions(incident, role))) for role in ROLES}
        one = template(TYPES[incident.kind], {role: [[each] for each in words[role]] for role in ROLES})
        if not any(_within(one, other) for other in different):
            different = [*(other for other in different if not _within(other, one)), one]
    return different


def _mentions(incident: MucIncident, role: Role) -> list[str]:
    return [mention.text for mention in getattr(incident, FIELDS[role])]


def _within(one: Template, other: Template) -> bool:
    return one.types == other.types and all(set(one.entities[role]) <= set(other.entities[role]) for role in ROLES)
