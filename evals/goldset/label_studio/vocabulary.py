"""What a labeller sees: the labels of regions, and the choices and fields of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from extractor import schema

TEXT, SPAN = "text", "span"
"""The names of the article and of the labels in the labelling configuration."""

OWNER = {
    "Mention": "Actor", "Party tie": "Actor", "Evidence": "Incident", "Initiator": "Incident", "Target": "Incident",
    "Weapon": "Incident", "When": "Incident", "Where": "Incident", "Casualties": "Incident", "Count": "Casualties",
    "Content": "Claim", "Source": "Claim", "Via": "Claim", "Cue": "Claim", "Against": "Claim",
}  # fmt: skip
"""The label of the region that a region of this label is a part of; actors, incidents and claims stand alone."""

LIST_OF = {
    "Mention": "mentions", "Party tie": "because", "Evidence": "evidence", "Initiator": "initiators",
    "Target": "targets", "Weapon": "weapons", "When": "when", "Where": "where", "Casualties": "casualties",
    "Content": "content", "Via": "via",
}  # fmt: skip
"""The field of a label that lists what regions of this label mark."""

SINGLE = {"Source": "source", "Cue": "cue", "Against": "against"}
"""The fields of a claim that hold one span."""

VALUES = ("Initiator", "Target", "Weapon", "When", "Where", "Casualties")
"""Values of an incident: they may be an actor, and be said in claims."""

PART_OF, IS, SAID_IN, ABOUT = "part of", "is", "said in", "about"

COLOURS = {
    "Actor": "#7a5195", "Mention": "#b39ac7", "Party tie": "#d6c7e2", "Incident": "#c8553d", "Evidence": "#e2a293",
    "Initiator": "#d1495b", "Target": "#edae49", "Weapon": "#8d6b4f", "When": "#3d8bbd", "Where": "#66a182",
    "Casualties": "#8c2f39", "Count": "#c98b91", "Claim": "#2a6f97", "Content": "#89b6d0", "Source": "#1b998b",
    "Via": "#77bfb6", "Cue": "#f4a259", "Against": "#bc4b51",
}  # fmt: skip
"""Every label, with its colour."""


@dataclass(frozen=True)
class Control:
    """A set of choices, or a text field, of the regions of one label."""

    name: str
    label: str
    field: str
    """The field of the label that it fills."""
    title: str
    values: tuple[str, ...] = ()
    """The choices; none: a text field."""
    multiple: bool = False


def _choices(name: str, label: str, values: Any, *, field: str = "", multiple: bool = False) -> Control:
    return Control(name, label, field or name, name.replace("_", " ").capitalize(), get_args(values), multiple)


CONTROLS = (
    _choices("kind", "Actor", schema.ActorKind),
    Control("country", "Actor", "country", "Country, three letters (ISO 3166), if its name says so"),
    Control("party", "Actor", "party", "Party: the same name for all actors that the text ties together"),
    _choices("incident_type", "Incident", schema.IncidentType, field="type"),
    _choices("realis", "Incident", schema.Realis),
    _choices("incident_status", "Incident", schema.Status, field="status"),
    Control("earliest", "When", "earliest", "First day, YYYY-MM-DD"),
    Control("latest", "When", "latest", "Last day, YYYY-MM-DD"),
    _choices("precision", "When", schema.DatePrecision),
    Control("unresolved", "When", "unresolved", "Why there is no day"),
    _choices("place_relation", "Where", schema.PlaceRelation, field="relation"),
    _choices("place_level", "Where", schema.PlaceLevel, field="level"),
    Control("place_country", "Where", "country", "Country, three letters (ISO 3166)"),
    _choices("casualty_status", "Casualties", schema.CasualtyStatus, field="status"),
    _choices("casualty_category", "Casualties", schema.CasualtyCategory, field="category"),
    Control("min", "Count", "min", "At least"),
    Control("max", "Count", "max", "At most"),
    _choices("stance", "Claim", schema.Stance),
    _choices("attribution", "Claim", schema.Claim.model_fields["attribution"].annotation),
    _choices("aspects", "Claim", schema.Aspect, multiple=True),
    _choices("position", "Claim", schema.Position),
)

CONTROL = {control.name: control for control in CONTROLS}

ARTICLE_FIELDS = {
    "document_date": ("date", "Date of the article, YYYY-MM-DD"),
    "document_title": ("title", "Title"),
    "document_publisher": ("publisher", "Publisher"),
    "document_language": ("language", "Language, such as en"),
}
"""Text fields of the whole article, with the document's fields that they fill."""

RIVALS = tuple(f"{kind}: {aspect}" for kind in get_args(schema.RivalKind) for aspect in get_args(schema.Aspect))
"""How two claims may be rivals, as relations between them are called."""
