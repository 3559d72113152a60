"""Rival claims, and the disputes that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evals.goldset.label_studio.reading import Json, Reading
from evals.goldset.label_studio.vocabulary import RIVALS
from extractor.errors import InputError


def relations_of(reading: Reading, claims: Sequence[Json]) -> list[Json]:
    """The relations between claims; the incident of a new one is the first that both claims are about."""
    about = {claim["id"]: claim["incidents"] for claim in claims}
    ids = reading.ids["Claim"]
    now: list[Json] = []
    for link in reading.drawing.links:
        if link.start not in ids or link.end not in ids:
            continue
        names = [name for name in link.names if name in RIVALS]
        if not names:
            raise InputError(
                f"the relation between {ids[link.start]} and {ids[link.end]} has no name: "
                f"choose one, such as {RIVALS[0]!r}"
            )
        for name in names:
            kind, aspect = name.split(": ")
            now.append({"a": ids[link.start], "b": ids[link.end], "aspect": aspect, "kind": kind})
    was: Sequence[Json] = reading.was.get("relations", ())
    there = {name for incidents in about.values() for name in incidents} | set(reading.ids["Incident"].values())
    still = [one for one in was if _drawn(one) in now and one["incident"] in there]
    new = [one | {"incident": _common(one, about)} for one in now if one not in [_drawn(other) for other in still]]
    return still + new


def disputes_of(relations: Sequence[Json], claims: Sequence[Json], actors: Sequence[Json]) -> list[Json]:
    """One for each incident, aspect and kind: all claims in such relations, and their parties."""
    party_of = {actor["id"]: actor["party"] for actor in actors}
    speaker = {claim["id"]: party_of.get(claim["source"]["actor"]) for claim in claims}
    found: dict[tuple[str, str, str], list[str]] = {}
    for relation in relations:
        rivals = found.setdefault((relation["incident"], relation["aspect"], relation["kind"]), [])
        rivals += [name for name in (relation["a"], relation["b"]) if name not in rivals]
    return [
        {
            "incident": incident,
            "aspect": aspect,
            "kind": kind,
            "claims": names,
            "parties": list(dict.fromkeys(party for name in names if (party := speaker[name]))),
        }
        for (incident, aspect, kind), names in found.items()
    ]


def _drawn(relation: Json) -> Json:
    """As much of a relation as is drawn."""
    return {key: relation[key] for key in ("a", "b", "aspect", "kind")}


def _common(relation: Json, about: Mapping[str, Sequence[str]]) -> str:
    a, b = relation["a"], relation["b"]
    common = [name for name in about[a] if name in about[b]]
    if not common:
        raise InputError(f"{a} and {b} are rivals, but about no common incident: draw a relation from each to it")
    return common[0]
