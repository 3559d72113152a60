"""The parties of a label, from the names that a labeller gave them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from evals.goldset.label_studio.exporting import shown_parties, shown_text
from evals.goldset.label_studio.reading import Json, Reading, position
from extractor.schema import Party


def parties_of(reading: Reading, actors: Sequence[Json]) -> list[Json]:
    """Actors with the same party name are one party, and an actor without one is a party by itself.

    Gives the actors whose party changed, or that are new, their `party`.
    """
    was: Sequence[Json] = reading.was.get("parties", ())
    shown = shown_parties([Party.model_validate(party) for party in was])
    before = {name: region.texts.get("party", "") for name, region in reading.before.regions.items()}
    now = {reading.id(region): shown_text(region.texts.get("party")) for region in reading.all("Actor")}
    unchanged = {name for name in now if before.get(name) == now[name]}
    parties: dict[str, Json] = {
        shown[party["id"]]: {**party, "actors": [name for name in party["actors"] if name in unchanged], "because": []}
        for party in was
    }
    for actor in actors:
        if actor["id"] in unchanged:
            continue
        called = now[actor["id"]] or _alone(actor, parties)
        alone: Json = {"id": _new_id((*parties.values(), *was)), "name": called, "actors": [], "because": []}
        party = parties.setdefault(called, alone)
        party["actors"].append(actor["id"])
        actor["party"] = party["id"]
    emptied = {party["id"] for party in was if party["actors"] and not parties[shown[party["id"]]]["actors"]}
    there = [party for party in parties.values() if party["id"] not in emptied]
    _tie(reading, there, actors)
    return there


def _alone(actor: Json, parties: Iterable[str]) -> str:
    return f"{actor['name']} ({actor['id']})" if actor["name"] in parties else actor["name"]


def _new_id(parties: Iterable[Json]) -> str:
    numbers = (int(party["id"][1:]) for party in parties if re.fullmatch(r"P\d+", party["id"]))
    return f"P{max(numbers, default=0) + 1}"


def _tie(reading: Reading, parties: Sequence[Json], actors: Sequence[Json]) -> None:
    """Put the words that tie a party together where they belong: with the party of the actor they are linked to."""
    party_of = {actor["id"]: actor["party"] for actor in actors}
    because: dict[str, list[Json]] = {party["id"]: party["because"] for party in parties}
    for party in reading.was.get("parties", ()):
        if not party["actors"]:  # such words could not be drawn
            because[party["id"]].extend(party["because"])
    linked_before = {link.start: link.end for link in reading.before.links}
    order = {name: number for number, name in enumerate(reading.before.regions)}
    ties = [region for region in reading.drawing.regions.values() if region.label == "Party tie"]
    for region in sorted(ties, key=lambda tie: (order.get(tie.id, len(order)), position(tie))):
        base = reading.base(region)
        for actor in reading.linked_ids(region, "Actor"):
            stays = base is not None and linked_before.get(region.id) == actor
            home = region.id.split("-")[0] if stays else party_of[actor]
            if home in because:
                because[home].append(reading.span(region, base))
