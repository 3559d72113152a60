"""What a model is asked for: MUC-4's templates, as a schema for `extractor.Extractor`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from evals.bench.muc4.data import ROLES, Role, Template, template
from extractor import Evidence, Mention

IncidentType = Literal["attack", "bombing", "kidnapping", "arson", "robbery", "forced work stoppage"]

# A small model may repeat itself to the limit of tokens. The schema tells it when to stop; a longer answer is no error.
Few = Annotated[list[Mention], Field(json_schema_extra={"maxItems": 6})]


class MucIncident(BaseModel):
    """One incident."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    sentence: Evidence
    """The number of the sentence that tells of it best."""
    incident_type: IncidentType
    PerpInd: Few
    """The people who did it, by name or as the report calls them."""
    PerpOrg: Few
    """The organisation behind it."""
    Target: Few
    """Things that were hit: buildings, vehicles, installations."""
    Victim: Few
    """The names of people who were killed, hurt or taken."""
    Weapon: Few


class MucIncidents(BaseModel):
    """The incidents of a report."""

    incidents: Annotated[list[MucIncident], Field(json_schema_extra={"maxItems": 5})]


def templates(found: MucIncidents) -> list[Template]:
    """As they are scored: every mention an entity; words given twice for a role count once.

    An incident that tells nothing beyond another of its type is taken for another account of it, and left out.
    """
    different: list[Template] = []
    for incident in found.incidents:
        words = {role: list(dict.fromkeys(_mentions(incident, role))) for role in ROLES}
        one = template(incident.incident_type, {role: [[each] for each in words[role]] for role in ROLES})
        if not any(_within(one, other) for other in different):
            different = [*(other for other in different if not _within(other, one)), one]
    return different


def _mentions(incident: MucIncident, role: Role) -> list[str]:
    return [mention.text for mention in getattr(incident, role)]


def _within(one: Template, other: Template) -> bool:
    return one.types == other.types and all(set(one.entities[role]) <= set(other.entities[role]) for role in ROLES)
