"""Parties: the actors that ties hold together. The connected components over what the text states (union-find)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from extractor.grounding import Span
from extractor.schema import Actor, Party, Report, Tie


def group_actors(report: Report) -> None:
    """Give every actor its party by the report's ties, alone if need be."""
    report.parties = parties(report.actors, report.ties or [])
    of = {name: party.id for party in report.parties for name in party.actors}
    for actor in report.actors:
        actor.party = of[actor.id]


def parties(actors: Sequence[Actor], ties: Sequence[Tie]) -> list[Party]:
    """The parties that ties make of actors, in the order of their first actors; ties of unknown actors make none.

    A party is called by the actor with the most ties in it, the first of these; `because` holds the words of its ties,
    each once, in the order of the text.
    """
    known = {actor.id: actor for actor in actors}
    holding = [tie for tie in ties if tie.a in known and tie.b in known and tie.a != tie.b]
    root = components(known, [(tie.a, tie.b) for tie in holding])
    many = Counter(name for tie in holding for name in (tie.a, tie.b))
    because: dict[str, list[Span]] = {}
    for tie in holding:
        because.setdefault(root[tie.a], []).extend(tie.because)
    members: dict[str, list[str]] = {}
    for name in known:
        members.setdefault(root[name], []).append(name)
    return [
        Party(
            id=f"P{number}",
            name=known[max(names, key=many.__getitem__)].name,
            actors=names,
            because=_in_order(because.get(root[names[0]], ())),
        )
        for number, names in enumerate(members.values(), 1)
    ]


def components(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """For each name the first name that the pairs connect it with, over any number of steps; alone, itself."""
    root = {name: name for name in names}
    order = {name: number for number, name in enumerate(root)}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = name = root[root[name]]
        return name

    for a, b in pairs:
        first, second = sorted((find(a), find(b)), key=order.__getitem__)
        root[second] = first
    return {name: find(name) for name in root}


def _in_order(spans: Iterable[Span]) -> list[Span]:
    return [span for _, span in sorted({(span.start, span.end): span for span in spans}.items())]
