"""Which incidents are compared at all: those of about the same days that share a word of a place.

Incidents come in the order of their first days, and only those whose days can still be met are held. An incident
without an exact place is compared by the names of its sides too. Groups are what is connected by pairs that score
enough; a group is given out when no later incident can join it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from extractor.dossiers.features import Features, Side
from extractor.dossiers.names import consonants
from extractor.dossiers.scoring import ENOUGH, scored

Key = tuple[str, str]

SLACK = 1
"""Days that two accounts of one night may differ."""
_NEVER = 10_000_000
"""A day after every other, for what may have been at any time."""
_CELL = 0.5
"""Degrees."""


@dataclass(slots=True, eq=False)
class Group:
    """Incidents connected by pairs that score enough."""

    members: list[Features] = field(default_factory=list[Features])
    until: int = 0
    """The last day on which another can join."""
    compared: dict[int, int] = field(default_factory=dict[int, int])
    """With how many others each was compared, by row."""
    scored: dict[tuple[int, int], float] = field(default_factory=dict[tuple[int, int], float])
    """The scores of pairs, by rows, the one that came first before the other."""
    place: int = _NEVER
    """Of its first incident in the order in which they come."""
    closed: bool = False

    def take(self, other: Group, homes: dict[int, Group]) -> None:
        """Add the incidents of another group, and tell where they now belong."""
        self.members += other.members
        self.compared |= other.compared
        self.scored |= other.scored
        self.until = max(self.until, other.until)
        self.place = min(self.place, other.place)
        for member in other.members:
            homes[member.row] = self


_Closing = tuple[int, int, int, Group]
"""When a group closes, its place, and a number that makes two entries differ."""


def groups(incidents: Iterable[Features]) -> Iterator[Group]:
    """Incidents that may be one event, grouped; each incident in one group.

    `incidents` come in the order of their first days, before them those without any, which are held to the end: only
    they, and what is linked with them, take memory that grows with their number.
    """
    index, homes, closing = _Index(), dict[int, Group](), list[_Closing]()
    for number, told in enumerate(incidents):
        first, last = told.days.first or 0, _last(told)
        index.forget(first - SLACK)
        yield from _closed(closing, homes, first)
        near = index.near(told)
        pairs = {(other.row, told.row): held for other in near if (held := scored(told, other)) is not None}
        alike = {homes[row] for (row, _), held in pairs.items() if held >= ENOUGH}
        home = max(alike, key=lambda group: len(group.members), default=Group())
        for group in alike - {home}:
            home.take(group, homes)
            group.closed = True
        home.take(Group([told], last + SLACK, {told.row: len(near)}, pairs, number), homes)
        heappush(closing, (home.until, home.place, number, home))
        for other in near:
            homes[other.row].compared[other.row] += 1
        index.add(told)
    yield from _closed(closing, homes, None)


def _closed(closing: list[_Closing], homes: dict[int, Group], today: int | None) -> Iterator[Group]:
    while closing and (today is None or closing[0][0] < today):
        until, place, _, group = heappop(closing)
        if not group.closed and (group.until, group.place) == (until, place):
            group.closed = True
            for member in group.members:
                del homes[member.row]
            yield group


def _last(told: Features) -> int:
    return _NEVER if told.days.last is None else told.days.last


class _Index:
    """The incidents held, by key: those of one day by that day, the others until their last."""

    def __init__(self) -> None:
        self._of_day: dict[int, dict[Key, list[Features]]] = {}
        self._longer: dict[Key, dict[int, Features]] = defaultdict(dict)
        self._ending: list[tuple[int, int, Features]] = []

    def add(self, told: Features) -> None:
        days = told.days
        if days.first is not None and days.certain:
            held = self._of_day.setdefault(days.first, defaultdict(list))
            for key in _keys(told):
                held[key].append(told)
        else:
            for key in _keys(told):
                self._longer[key][told.row] = told
            heappush(self._ending, (_last(told), told.row, told))

    def near(self, told: Features) -> list[Features]:
        """Those that share a key with an incident on about its days, in the order in which they came."""
        first = told.days.first or 0
        found: dict[int, Features] = {}
        for key in _looked_up(told):
            for day in range(first - SLACK, first + 1):  # later days come later
                for other in self._of_day.get(day, {}).get(key, ()):
                    found[other.row] = other
            found.update(self._longer.get(key, {}))
        return [found[row] for row in sorted(found)]

    def forget(self, before: int) -> None:
        """Those whose days are over by then."""
        for day in [day for day in self._of_day if day < before]:
            del self._of_day[day]
        while self._ending and self._ending[0][0] < before:
            _, row, told = heappop(self._ending)
            for key in _keys(told):
                held = self._longer[key]
                held.pop(row, None)
                if not held:
                    del self._longer[key]


def _keys(told: Features) -> set[Key]:
    """What an incident is found by: words of its places, squares of the map, and names of its sides."""
    kind = "side of placed" if _is_placed(told) else "side of unplaced"
    return _places(told) | {(kind, word) for word in _side_words(told)}


def _looked_up(told: Features) -> set[Key]:
    """What other incidents are looked for by; who has no exact place is looked for among all, by its sides."""
    words, steps = _side_words(told), (-1, 0, 1)
    around = {("square", f"{lat + i},{lon + j}") for lat, lon in _squares(told) for i in steps for j in steps}
    sides = {("side of unplaced", word) for word in words}
    if not _is_placed(told):
        sides |= {("side of placed", word) for word in words}
    return _places(told) | around | sides


def _is_placed(told: Features) -> bool:
    """Whether it has a place more exact than a region."""
    return bool(told.spots) or any(place.name.proper for place in (*told.towns, *told.sites))


def _places(told: Features) -> set[Key]:
    inside = [place.name for place in told.places if place.level != "country" and place.name.proper]
    words = {("place", consonants(word)) for called in inside for word in (*called.proper, called.joined)}
    return words | {("square", f"{lat},{lon}") for lat, lon in _squares(told)}


def _squares(told: Features) -> set[tuple[int, int]]:
    spots = [place.spot for place in told.places if place.spot]
    return {(round(lat / _CELL), round(lon / _CELL)) for lat, lon in spots}


def _side_words(told: Features) -> set[str]:
    sides: tuple[Side, ...] = (*told.initiators, *told.targets)
    return {word for side in sides for called in side.names for word in called.proper or called.words}
