"""How much two incidents of different articles have in common, and in what they differ.

The score is a sum of weights, one for each trait that two incidents show, as in record linkage after Fellegi and Sunter
(1969): what agrees rarely by chance weighs most. `possible` rules out what no other likeness makes up for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date as Date
from math import asin, cos, radians, sin, sqrt

from extractor.derive.deaths import exclude
from extractor.derive.kinship import kinship
from extractor.dossiers.conflicts import Bounds, bounds_told
from extractor.dossiers.features import Features, Place, Side
from extractor.dossiers.names import Name, one_name, one_place
from extractor.dossiers.schema import Link

WEIGHTS: dict[str, float] = {
    "day same": 1.5, "day night": 0.5, "days same": 0.75, "days within": 0.25, "days loose": -1.0,
    "day open": -0.5, "day unknown": -1.5,
    "place same": 2.0, "place near": 1.0, "place area": 0.5, "place open": -0.5, "place apart": -2.0,
    "site same": 0.5, "site apart": -0.75, "country same": 0.25,
    "type same": 1.0, "type near": 0.0, "type apart": -1.5, "realis apart": -1.0,
    "initiators same": 1.0, "initiators tied": 0.75, "initiators apart": -0.25,
    "targets same": 1.0, "targets tied": 0.5, "targets apart": -0.75, "sides swapped": 0.5,
    "weapons same": 0.5, "weapons apart": -0.5,
    "toll same": 1.0, "toll within": 0.25, "toll grown": 0.0, "toll apart": -0.75,
    "sentence same": 2.5,
}  # fmt: skip
"""Reasoned, in quarters, and then set by the dev half of the events written for linking."""
ENOUGH = 3.0
"""The score from which two incidents are one event. Day and place alone come to 3.5, day and all sides to 3 without the
place; a type that is apart takes either below it."""
TOP = sum(weight for weight in WEIGHTS.values() if weight > 0)
"""More than any score."""

_NEAR_KM, _FAR_KM = 15.0, 100.0
_LONG = 6
"""Days of a span beyond which a day in it says little."""
_FEW = 3
"""Dead from which the same number is no chance."""
_TELLING = ("same", "apart", "within", "grown")
_STATE = frozenset({"state_forces", "government", "coalition", "pro_state_militia"})
_UNARMED = frozenset({"civilians", "media", "monitor_ngo"})


def possible(a: Features, b: Features) -> bool:
    """Whether two incidents can be one event at all, whatever else they share."""
    return a.document != b.document and _days(a, b) != "apart" and not _far(a, b)


def why_not(a: Features, b: Features) -> str | None:
    """Why two incidents cannot be one event; null if they can."""
    if possible(a, b):
        return None
    if a.document == b.document:
        return "one article tells them as two"
    if _days(a, b) == "apart":
        return f"different days: {_days_told(a)}; {_days_told(b)}"
    return f"different places: {_places_told(a)}; {_places_told(b)}"


def score(a: Features, b: Features) -> float:
    """The sum of the weights of all traits."""
    total = 0.0
    for trait in traits(a, b):
        total += WEIGHTS[trait]
    return total


def scored(a: Features, b: Features) -> float | None:
    """The score; null where they cannot be one event."""
    return score(a, b) if possible(a, b) else None


def link(a: Features, b: Features) -> Link:
    """The score with the words for it, the incident of the first document first."""
    a, b = sorted((a, b), key=lambda one: one.key)
    found = list(traits(a, b))
    told = {trait: _say(trait, a, b) for trait in found}
    return Link(
        a=a.key,
        b=b.key,
        score=round(sum(WEIGHTS[trait] for trait in found), 2),
        agree=[told[trait] for trait in found if WEIGHTS[trait] > 0],
        differ=[told[trait] for trait in found if WEIGHTS[trait] <= 0 and not trait.endswith((" open", " unknown"))],
        open=[told[trait] for trait in found if trait.endswith((" open", " unknown"))],
    )


def traits(a: Features, b: Features) -> Iterator[str]:
    """What speaks for and against their being one event, by the names in `WEIGHTS`."""
    yield _days(a, b)
    yield from _where(a, b)
    if "other" not in {a.type, b.type}:
        yield f"type {kinship(a.type, (b.type,))}"
    if (a.realis == "actual") != (b.realis == "actual"):
        yield "realis apart"
    yield from _sides(a, b)
    if a.weapons and b.weapons:
        same = any(_one_kind(one, other) for one in a.weapons for other in b.weapons)
        yield "weapons same" if same else "weapons apart"
    if toll := _tolls(a, b):
        yield f"toll {toll}"
    if not a.sentences.isdisjoint(b.sentences):
        yield "sentence same"


def _days(a: Features, b: Features) -> str:
    one, two = a.days, b.days
    if one.first is None or one.last is None or two.first is None or two.last is None:
        return "day unknown"
    if one.first > two.last or two.first > one.last:
        apart = max(one.first - two.last, two.first - one.last)
        near = apart == 1 and (one.night or two.night) and one.certain and two.certain
        return "day night" if near else "apart"
    if not (one.told and two.told):
        return "day open"
    if one.certain and two.certain:
        return "day same"
    if (one.first, one.last) == (two.first, two.last):
        return "days same"
    return "days within" if max(one.last - one.first, two.last - two.first) <= _LONG else "days loose"


def _where(a: Features, b: Features) -> Iterator[str]:
    same_site = bool(a.sites and b.sites) and _any_place(a.sites, b.sites)
    if a.towns and b.towns:
        if _any_place(a.towns, b.towns):
            yield "place same"
        else:
            yield "place near" if _near(a, b) else "place apart"
    elif same_site and any(one.name.proper for one in a.sites):
        yield "place same"
    elif _near(a, b):
        yield "place near"
    else:
        yield "place area" if _any_place(_in_country(a), _in_country(b)) else "place open"
    if a.sites and b.sites:
        yield "site same" if same_site else "site apart"
    if a.countries and not a.countries.isdisjoint(b.countries):
        yield "country same"


def _in_country(one: Features) -> list[Place]:
    return [place for place in one.places if place.level != "country"]


def _any_place(ours: Sequence[Place], theirs: Sequence[Place]) -> bool:
    for one in ours:
        for other in theirs:
            if one_place(one.name, other.name):
                return True
    return False


def _far(a: Features, b: Features) -> bool:
    """Whether they are certainly in different places: towns that are told as the place, countries, or by distance."""
    if not a.places or not b.places:
        return False
    gap = _distance(a, b)
    if gap is not None:
        return gap > _FAR_KM
    if a.towns and b.towns:
        if _any_place(a.towns, b.towns):
            return False
        if all(one.at for one in (*a.towns, *b.towns)):
            return True
    if not a.countries or not b.countries or not a.countries.isdisjoint(b.countries):
        return False
    return not _any_place(a.places, b.places)


def _near(a: Features, b: Features) -> bool:
    gap = _distance(a, b)
    return gap is not None and gap <= _NEAR_KM


def _distance(a: Features, b: Features) -> float | None:
    """Kilometres between the nearest of their coordinates."""
    if not a.spots or not b.spots:
        return None
    return min(_kilometres(one, other) for one in a.spots for other in b.spots)


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    (lat1, lon1), (lat2, lon2) = ((radians(x), radians(y)) for x, y in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(min(1.0, half)))


def _sides(a: Features, b: Features) -> Iterator[str]:
    told = {
        "initiators": _compared(a.initiators, b.initiators),
        "targets": _compared(a.targets, b.targets),
    }
    if told["initiators"] == "apart" and "same" not in told.values() and _swapped(a, b):
        yield "sides swapped"
        return
    for side, how in told.items():
        if how:
            yield f"{side} {how}"


def _swapped(a: Features, b: Features) -> bool:
    """Whether who did it in one account is whom it hit in the other, and the other way round: as rivals tell it."""
    across = (_compared(a.initiators, b.targets), _compared(a.targets, b.initiators))
    return all(how in {"same", "tied"} for how in across)


def _compared(ours: Sequence[Side], theirs: Sequence[Side]) -> str | None:
    if not ours or not theirs:
        return None
    tied = False
    for one in ours:
        for other in theirs:
            if _unlike(one, other):
                continue
            if _one_actor(one, other):
                return "same"
            tied = tied or _tied(one, other)
    return "tied" if tied else "apart"


def _unlike(one: Side, other: Side) -> bool:
    """Whether they are of different states, or one a state's, or unarmed, and the other not."""
    if one.country and other.country and one.country != other.country:
        return True
    return _camp(one) * _camp(other) < 0


def _camp(side: Side) -> int:
    """1 for a state's, -1 for those who are not; the unarmed are neither, for anybody may be called so."""
    return 1 if side.kind in _STATE else -1 if side.kind == "non_state_armed" else 0


def _one_actor(one: Side, other: Side) -> bool:
    for ours in one.names:
        for theirs in other.names:
            if one_name(ours, theirs):
                return True
    return False


def _tied(one: Side, other: Side) -> bool:
    """Whether they are of one kind, name or country, or one is among those whom the other's article ties to him."""
    if one.country and one.country == other.country and {one.kind, other.kind} <= _STATE:
        return True
    if one.kind in _UNARMED and other.kind in _UNARMED:
        return one.kind == other.kind
    if any(_one_kind(a, b) or a.proper & b.proper for a in one.names for b in other.names):
        return True
    return any(a.words == b.words for a in (*one.names, *one.party) for b in (*other.names, *other.party) if a.proper)


def _one_kind(one: Name, other: Name) -> bool:
    """Whether two names may be one, or call what they name by the same common noun."""
    return one_name(one, other) or (one.head == other.head and bool(one.head) and one.head not in one.proper)


def _tolls(a: Features, b: Features) -> str | None:
    """What speaks most for or against one event, of the numbers that both give."""
    if not a.tolls or not b.tolls:
        return None
    later = _later(a, b)
    found = [_toll(bounds, b.tolls[status], later) for status, bounds in a.tolls.items() if status in b.tolls]
    return min(found, key=_TELLING.index, default=None)


def _later(a: Features, b: Features) -> int:
    """1 where the second article is the later one, -1 where the first is, 0 where that is not known."""
    if a.published is None or b.published is None or a.published == b.published:
        return 0
    return 1 if b.published > a.published else -1


def _toll(ours: Bounds, theirs: Bounds, later: int) -> str:
    (low, high), (other_low, other_high) = ours, theirs
    if low is not None and low == high == other_low == other_high:
        return "same" if low >= _FEW else "within"
    if not exclude(ours, theirs):
        return "within"
    first, second = _largest(ours), _largest(theirs)
    grown = (second - first) * later > 0 or max(first, second) <= 2 * min(first, second)
    return "grown" if grown else "apart"


def _largest(toll: Bounds) -> int:
    return max(number for number in (*toll, 0) if number is not None)


def _say(trait: str, a: Features, b: Features) -> str:
    """A trait in words, with those of both articles."""
    field, how = trait.split(" ", 1)
    words = _PHRASES.get(trait, f"{how} {field}")
    if field not in _TOLD:
        return words
    ours, theirs = _TOLD[field](a), _TOLD[field](b)
    return f"{words}: {ours}" if ours == theirs else f"{words}: {ours}; {theirs}"


_PHRASES = {
    "day night": "days next to each other, told of a night", "days same": "the same span of days",
    "days within": "days that overlap", "days loose": "one told within a long span",
    "day open": "the day is not told by both",
    "day unknown": "one may have been on any day, for neither it nor its article has a date",
    "place near": "places close by", "place area": "the same area", "place open": "no places that can be compared",
    "place apart": "different places", "country same": "the same country", "type near": "kindred types",
    "type apart": "different types", "realis apart": "one told as happened, one not",
    "initiators apart": "different initiators", "targets apart": "different targets",
    "initiators tied": "initiators of one side", "targets tied": "targets of one side or kind",
    "sides swapped": "the sides swapped, as rivals tell it", "weapons apart": "different weapons",
    "toll same": "the same toll", "site apart": "different sites", "toll within": "tolls that fit",
    "toll grown": "tolls that differ", "toll apart": "tolls far apart",
    "sentence same": "a sentence word for word",
}  # fmt: skip


def _days_told(one: Features) -> str:
    words = ", ".join(f'"{text}"' for text in one.when)
    if one.days.first is None or one.days.last is None:
        return words or "no day"
    first, last = (Date.fromordinal(day).isoformat() for day in (one.days.first, one.days.last))
    span = first if first == last else f"{first} to {last}"
    return f"{words} ({span})" if words and one.days.told else f"{words or 'no day'} (by the article's date {span})"


def _places_told(one: Features) -> str:
    return ", ".join(f'"{place.name.text}"' for place in one.places) or ", ".join(sorted(one.countries)) or "no place"


def _listed(items: Sequence[object]) -> str:
    texts = [one.names[0].text if isinstance(one, Side) and one.names else getattr(one, "text", "?") for one in items]
    return ", ".join(f'"{text}"' for text in texts) or "nobody"


def _tolls_told(one: Features) -> str:
    return ", ".join(f"{status} {bounds_told(bounds)}" for status, bounds in one.tolls.items()) or "nobody"


_TOLD: dict[str, Callable[[Features], str]] = {
    "day": _days_told,
    "days": _days_told,
    "place": _places_told,
    "site": _places_told,
    "country": lambda one: ", ".join(sorted(one.countries)),
    "type": lambda one: one.type,
    "realis": lambda one: one.realis,
    "initiators": lambda one: _listed(one.initiators),
    "targets": lambda one: _listed(one.targets),
    "sides": lambda one: f"{_listed(one.initiators)} on {_listed(one.targets)}",
    "weapons": lambda one: _listed(one.weapons),
    "toll": _tolls_told,
}
