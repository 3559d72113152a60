"""What incidents are compared by: small, so that those of several days are held at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from extractor.dossiers.days import Days, days
from extractor.dossiers.names import Name, fullest, name
from extractor.export.view import View
from extractor.schema import ActorKind, CasualtyStatus, Incident, IncidentType, Mention, Realis, Where

_SETTLED = {"site", "settlement"}
_SPACE = regex.compile(r"\s+")
_SENTENCE = 30
"""Characters; what is shorter is told alike by chance."""


@dataclass(slots=True)
class Place:
    """A place named for an incident."""

    name: Name
    level: str
    """site, settlement, area (district to region) or country; a site is also a place of no level in small letters."""
    at: bool
    """Whether the incident was in it, and that is told with a level: then another such place is not this one."""
    spot: tuple[float, float] | None
    """Latitude and longitude."""


@dataclass(slots=True)
class Side:
    """Somebody on one side of an incident."""

    names: tuple[Name, ...]
    kind: ActorKind | None
    country: str | None
    party: tuple[Name, ...]
    """Proper names of those whom the text ties to them."""


@dataclass(slots=True)
class Features:
    """An incident, as far as another is compared with it."""

    row: int
    """Where its telling is kept."""
    document: str
    incident: str
    type: IncidentType
    realis: Realis
    days: Days
    published: int | None
    """The ordinal of the article's date."""
    when: tuple[str, ...]
    places: tuple[Place, ...]
    towns: tuple[Place, ...]
    sites: tuple[Place, ...]
    spots: tuple[tuple[float, float], ...]
    """Coordinates of both."""
    countries: frozenset[str]
    initiators: tuple[Side, ...]
    targets: tuple[Side, ...]
    weapons: tuple[Name, ...]
    tolls: dict[CasualtyStatus, tuple[int | None, int | None]]
    """What became of people: how many at least and at most, over all accounts."""
    sentences: frozenset[str]
    """Those that tell of it, without case and spaces."""

    @property
    def key(self) -> tuple[str, str]:
        """Document and incident."""
        return self.document, self.incident


def features(document: str, incident: Incident, view: View) -> Features:
    """What an incident of a report is compared by; `row` is to be filled in."""
    info = view.report.document
    published = info.date if info else None
    places = tuple(_place(where) for where in incident.where if where.relation not in {"from", "toward"})
    return Features(
        row=-1,
        document=document,
        incident=incident.id,
        type=incident.type,
        realis=incident.realis,
        days=days(incident, published),
        published=published.toordinal() if published else None,
        when=tuple(when.text for when in incident.when),
        places=places,
        towns=tuple(place for place in places if place.level == "settlement"),
        sites=tuple(place for place in places if place.level == "site"),
        spots=tuple(place.spot for place in places if place.spot and place.level in _SETTLED),
        countries=frozenset(where.country for where in incident.where if where.country),
        initiators=tuple(_sides(incident.initiators, view)),
        targets=tuple(_sides(incident.targets, view)),
        weapons=fullest([name(one.text) for one in incident.weapons]),
        tolls=_tolls(incident),
        sentences=frozenset(bare for one in incident.evidence if len(bare := plain(one.quote)) >= _SENTENCE),
    )


def plain(sentence: str) -> str:
    """A sentence without case and with single spaces."""
    return _SPACE.sub(" ", sentence).strip().casefold()


def _place(where: Where) -> Place:
    called = name(where.text)
    level = where.level or ("settlement" if called.proper else "site")
    kept = level if level in _SETTLED | {"country"} else "area"
    spot = (where.lat, where.lon) if where.lat is not None and where.lon is not None else None
    return Place(called, kept, where.relation == "at" and where.level is not None, spot)


def _sides(values: Sequence[Mention], view: View) -> Iterable[Side]:
    for value in values:
        actor = view.actor(value)
        if actor is None:
            yield Side((name(value.text),), None, None, ())
            continue
        texts = [value.text, actor.name, *(mention.text for mention in actor.mentions)]
        mates = [other for other in view.report.actors if actor.party and other.party == actor.party]
        tied = [name(mention.text) for other in mates if other.id != actor.id for mention in other.mentions]
        yield Side(
            fullest([name(text) for text in texts if text]),
            actor.kind,
            actor.country,
            fullest([one for one in tied if one.proper]),
        )


def _tolls(incident: Incident) -> dict[CasualtyStatus, tuple[int | None, int | None]]:
    tolls: dict[CasualtyStatus, tuple[int | None, int | None]] = {}
    told: set[CasualtyStatus] = {one.status for one in incident.casualties}
    for status in sorted(told):
        counts = [one.count for one in incident.casualties if one.status == status and one.count]
        lows = [count.min for count in counts if count.min is not None]
        highs = [count.max for count in counts if count.max is not None]
        if lows or highs:
            tolls[status] = (min(lows, default=None), max(highs, default=None))
    deaths = incident.deaths
    if deaths and (deaths.low, deaths.high) != (None, None):
        tolls["killed"] = (deaths.low, deaths.high)
    return tolls
