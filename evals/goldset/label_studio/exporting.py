"""A label as a labeller would have drawn it.

A region is named after what it marks: `A1`, `A1-mentions-1`, `I1-casualties-0-count`, `C1-source`. The first mention
of an actor, the first evidence of an incident and the first content of a claim stand for the whole of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date as Date
from typing import Any

from evals.goldset.label_studio.drawing import Drawing, Region
from evals.goldset.label_studio.vocabulary import (
    ABOUT,
    ARTICLE_FIELDS,
    CONTROLS,
    IS,
    LIST_OF,
    PART_OF,
    SAID_IN,
    SINGLE,
    VALUES,
)
from extractor.grounding import Mention, Span
from extractor.schema import Actor, Claim, Incident, Party, Report


def drawn(label: Report) -> Drawing:
    """The regions, relations and fields that say what the label says, as far as Label Studio can."""
    drawing = Drawing()
    shown = shown_parties(label.parties)
    for actor in label.actors:
        _draw_actor(drawing, actor, shown)
    for incident in label.incidents:
        _draw_incident(drawing, incident)
    for claim in label.claims:
        _draw_claim(drawing, claim)
    for party in label.parties:
        for number, span in enumerate(party.because if party.actors else ()):
            region = _region(f"{party.id}-because-{number}", "Party tie", span)
            drawing.add(region, (party.actors[0], PART_OF))
    for relation in label.relations or []:
        drawing.link(relation.a, relation.b, f"{relation.kind}: {relation.aspect}")
    if label.document is not None:
        for name, (field, _) in ARTICLE_FIELDS.items():
            if words := shown_text(getattr(label.document, field)):
                drawing.article[name] = words
    return drawing


def shown_parties(parties: Sequence[Party]) -> dict[str, str]:
    """The names by which a labeller tells the parties apart, by their ids."""
    names = {party.id: shown_text(party.name) or party.id for party in parties}
    often = Counter(names.values())
    shown: dict[str, str] = {}
    for name, words in names.items():
        unique = words if often[words] == 1 else f"{words} ({name})"
        while unique in shown.values():
            unique += "'"
        shown[name] = unique
    return shown


def shown_text(value: Date | int | str | None) -> str:
    """What stands in a text field."""
    return "" if value is None else " ".join(str(value).split())


def stand_in(claim: Claim) -> Span | Mention:
    """What the region of a claim lies over."""
    return claim.content[0] if claim.content else claim.source


def _draw_actor(drawing: Drawing, actor: Actor, parties: dict[str, str]) -> None:
    head = _region(actor.id, "Actor", actor.mentions[0], actor)
    if actor.party:
        head.texts["party"] = parties[actor.party]
    else:
        head.texts.pop("party", None)
    drawing.add(head)
    _draw_list(drawing, actor.id, "Mention", actor.mentions, first=1)


def _draw_incident(drawing: Drawing, incident: Incident) -> None:
    drawing.add(_region(incident.id, "Incident", incident.evidence[0], incident))
    _draw_list(drawing, incident.id, "Evidence", incident.evidence, first=1)
    for label in VALUES[:-1]:
        for number, value in enumerate(getattr(incident, LIST_OF[label])):
            _draw_value(drawing, _region(f"{incident.id}-{LIST_OF[label]}-{number}", label, value, value), value)
    for number, casualty in enumerate(incident.casualties):
        name = f"{incident.id}-casualties-{number}"
        _draw_value(drawing, _region(name, "Casualties", casualty.who, casualty), casualty.who)
        if casualty.count is not None:
            drawing.add(_region(f"{name}-count", "Count", casualty.count, casualty.count), (name, PART_OF))


def _draw_value(drawing: Drawing, region: Region, value: Any) -> None:
    drawing.add(region, (region.id.split("-")[0], PART_OF), *((claim, SAID_IN) for claim in value.claims))
    _draw_actor_of(drawing, region, value)


def _draw_claim(drawing: Drawing, claim: Claim) -> None:
    head = _region(claim.id, "Claim", stand_in(claim), claim)
    drawing.add(head, *((incident, ABOUT) for incident in claim.incidents))
    _draw_list(drawing, claim.id, "Content", claim.content, first=1)
    _draw_list(drawing, claim.id, "Via", claim.via)
    for label, field in SINGLE.items():
        mention: Mention | None = getattr(claim, field)
        if mention is not None:
            region = _region(f"{claim.id}-{field}", label, mention)
            drawing.add(region, (claim.id, PART_OF))
            if label != "Cue":
                _draw_actor_of(drawing, region, mention)


def _draw_list(drawing: Drawing, owner: str, label: str, items: Sequence[Span | Mention], *, first: int = 0) -> None:
    for number, item in enumerate(items[first:], first):
        region = _region(f"{owner}-{LIST_OF[label]}-{number}", label, item)
        drawing.add(region, (owner, PART_OF))
        if label == "Via":
            _draw_actor_of(drawing, region, item)


def _draw_actor_of(drawing: Drawing, region: Region, mention: Any) -> None:
    if mention.actor is not None:
        drawing.link(region.id, mention.actor, IS)


def _region(name: str, label: str, span: Span | Mention, fields: Any = None) -> Region:
    """The region over a span, with the choices and texts of the object whose fields a labeller fills there."""
    region = Region(name, label, span.start, span.end)
    for control in CONTROLS if fields is not None else ():
        if control.label != label:
            continue
        value = getattr(fields, control.field)
        if control.multiple and value:
            region.choices[control.name] = list(dict.fromkeys(value))
        elif control.values and value:
            region.choices[control.name] = [value]
        elif words := shown_text(value):
            region.texts[control.name] = words
    return region
