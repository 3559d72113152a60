"""Where the places of a report lie: country, largest administrative area, coordinates; or why that is not known.

- A name is looked up in the countries that the article names (by name, people or capital). If nothing there bears it,
  it may lie elsewhere when places of one country only bear it, and there only one as a town: one of 15,000 people or
  more, or one that an administrative area is called after too. Its country then counts as named.
- Of several places of that name the article decides, the nearest words first: what stands in or right after the words
  ("Tikrit, Iraq"), the areas and countries of the incident's other places, those of the article's, the countries that
  the sentence names. A name that other countries have too needs such support.
- If several are left, a city of 100,000 people or more with ten times the people of the next is meant; else there are
  no coordinates, and the reason says how many came into question.
- A place with no name of its own ("a market"), or none that the gazetteer has, lies in the country of the incident's
  other places, when that is one; else in the one country in which all settled places of the article lie (two at least,
  or one where no other country is named). Its first-level area is that of the incident's other places, likewise.
- Coordinates are a town's alone: areas have none here, and what lies "20 km north of" a town is not at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from extractor.derive import gazetteer
from extractor.derive.gazetteer import Area, Town
from extractor.derive.place_keys import Named, names
from extractor.derive.places import countries_named, place_country
from extractor.document import Document
from extractor.schema import Incident, Report, Where

NOT_INSTALLED = "the gazetteer is not installed (the extra `places`)"
_UNKNOWN = "not in the gazetteer"
_NO_NAME = "names no town"
_AREA = "an area, for which the gazetteer has no coordinates"
_BESIDE = "only near it, or in a direction from it"
_LARGE, _TIMES, _KNOWN_EVERYWHERE = 100_000, 10, 15_000
_AFTER = re.compile(r"(?:,| in| of|,? \()[^.;:!?\n)]{0,60}")
_BOUND = {"at", "near", "over"}
_BORDER = re.compile(r"\b(?:borders?|frontiers?)\b", re.IGNORECASE)
_SMALL = {"site", "settlement", "district", None}
_NO_TOWN = {"country", "sea", "air"}
_AREA_LEVELS = {"district", "province", "region"}


@dataclass
class _Case:
    """A place to be settled, with what is known of it so far."""

    where: Where
    incident: Incident
    named: list[Named]
    """The names that its words hold, the likeliest first."""
    told: set[str]
    """Countries that its own words, or the words right after, say it lies in; `sentence` those its sentence names."""
    sentence: set[str]
    after: str
    left: Sequence[Town | Area] = field(default_factory=list[Town | Area])
    """What bears its name in the countries in question."""
    elsewhere: set[str] = field(default_factory=set[str])
    """The other countries in which the gazetteer has such a name."""
    settled: Town | Area | None = None
    beside: bool = False


def settle_places(report: Report, document: Document) -> None:
    """Fill in, in place, country, admin1, coordinates and `unresolved` of every place; its words stay as they are."""
    cases = [_case(where, incident, document) for incident in report.incidents for where in incident.where]
    named = (
        countries_named(f"{document.title or ''}\n{document.text}", document.language) - {""} if cases else set[str]()
    )
    if gazetteer.installed():
        _look_up([case for case in cases if case.named and case.where.level not in _NO_TOWN], named)
    for case in cases:
        _write(case)
    _share(cases, named)


def _case(where: Where, incident: Incident, document: Document) -> _Case:
    where.country = place_country(where.text, document.language)
    where.admin1 = where.lat = where.lon = where.unresolved = None
    sentence = document.sentence_at(where.start)
    found = _AFTER.match(document.text[where.end : sentence.end])
    after = found[0] if found else ""
    told = {where.country or (place_country(after, document.language) if after else None)} - {None} or {
        place_country(each.text, document.language)
        for each in incident.where
        if each is not where and each.level == "country" and each.relation == "at" and where.relation in _BOUND
    } - {None}
    in_sentence = countries_named(document.words(sentence.number), document.language, peoples=False) - {""}
    return _Case(where, incident, names(where.text), {code for code in told if code}, in_sentence, after)


# Looking up


def _look_up(cases: Sequence[_Case], named: set[str]) -> None:
    for case in cases:
        _find(case, case.told or named)
    for case in cases:
        if case.left and (case.told or not case.elsewhere):
            _settle(case)
        elif not case.left:
            _find_anywhere(case)
    _choose_all(cases, named)
    more = {case.settled.country for case in cases if case.settled} - named
    for case in cases if more else ():
        if not case.left and not case.told:
            _find(case, more)
    _choose_all(cases, named)


def _find(case: _Case, countries: set[str]) -> None:
    """What bears, in these countries, the first of its names that anything there bears."""
    asked = case.named[0]
    for one in case.named:
        case.left = [found for code in sorted(countries) for found in _bearers(one, code, case.where)]
        if case.left:
            asked, case.beside = one, one.beside
            case.left = _inside(case, one)
            break
    known = (*gazetteer.towns_anywhere(asked.name), *gazetteer.areas_anywhere(asked.name))
    case.elsewhere = {one.country for one in known} - countries


def _bearers(one: Named, country: str, where: Where) -> Sequence[Town | Area]:
    """An area where the words or the level say so, else a town; the other where there is none."""
    kinds: tuple[Callable[[str, str], Sequence[Town | Area]], ...] = (gazetteer.towns, gazetteer.areas)
    for kind in reversed(kinds) if _as_area(one, where) else kinds:
        found = kind(one.name, country)
        if where.level == "region":  # no district or commune is one
            found = [each for each in found if not isinstance(each, Area) or each.level == 1]
        if found:
            return _highest(found)
    return []


def _as_area(one: Named, where: Where) -> bool:
    return one.area if one.area is not None else where.level in _AREA_LEVELS


def _highest(found: Sequence[Town | Area]) -> Sequence[Town | Area]:
    """Of areas of one name the largest, in which the others lie as a rule."""
    top = min((one.level for one in found if isinstance(one, Area)), default=0)
    return [one for one in found if not isinstance(one, Area) or one.level == top]


def _find_anywhere(case: _Case) -> None:
    """Whatever country it is in, when it is the only one of its name, and no hamlet."""
    one = case.named[0]
    if case.told:
        return
    areas, towns = gazetteer.areas_anywhere(one.name), gazetteer.towns_anywhere(one.name)
    found: Sequence[Town | Area] = _highest(areas) if _as_area(one, case.where) else towns
    large = bool(areas) or all(_people(town) >= _KNOWN_EVERYWHERE for town in towns)
    if len(found) == 1 and large and {one.country for one in (*areas, *towns)} == {found[0].country}:
        case.left, case.beside, case.settled = found, one.beside, found[0]


def _inside(case: _Case, one: Named) -> Sequence[Town | Area]:
    """Those that lie in the area that the words, or the words right after, say holds the place; all where none does."""
    holders = [holder.name for holder in names(f"{one.within} {case.after}".strip(" ,(")) if holder.name != one.name]
    for holder in holders:
        areas = {
            area.areas for code in {found.country for found in case.left} for area in gazetteer.areas(holder, code)
        }
        if inside := [found for found in case.left if any(found.areas >= area for area in areas)]:
            return inside
    return case.left


class _Settled:
    """The places settled so far, in all and of each incident."""

    def __init__(self, cases: Iterable[_Case]) -> None:
        self.countries: set[str] = set()
        self.areas: dict[Area, None] = {}
        self.beside: dict[int, dict[Town | Area, None]] = {}
        for case in cases:
            self.note(case)

    def note(self, case: _Case) -> None:
        """Add the case's place, if it is settled."""
        if case.settled is not None:
            self.countries.add(case.settled.country)
            if isinstance(case.settled, Area):
                self.areas[case.settled] = None
            self.beside.setdefault(id(case.incident), {})[case.settled] = None


def _choose_all(cases: Sequence[_Case], named: set[str]) -> None:
    settled = _Settled(cases)
    for _ in range(2):  # what is settled helps to settle the rest
        for case in cases:
            if case.settled is None and case.left:
                _choose(case, settled, named)
                settled.note(case)


def _choose(case: _Case, settled: _Settled, named: set[str]) -> None:
    beside = settled.beside.get(id(case.incident), {})
    countries = case.sentence | case.told | (settled.countries or named)
    if not (left := [one for one in case.left if one.country in countries]):
        return
    tests: tuple[Callable[[Town | Area], bool], ...] = (
        lambda one: any(isinstance(area, Area) and area.areas <= one.areas for area in beside),
        lambda one: any(area.country == one.country for area in beside),
        lambda one: any(area.areas <= one.areas for area in settled.areas),
        lambda one: one.country in settled.countries,
        lambda one: one.country in case.sentence,
    )
    for test in tests:
        left = [one for one in left if test(one)] or left
    case.left = left
    _settle(case)


def _settle(case: _Case) -> None:
    """The only one left, or the one large city among villages."""
    largest, *others = sorted(case.left, key=_people, reverse=True)
    if not others or _people(largest) >= max(_LARGE, _TIMES * _people(others[0])):
        case.settled = largest


def _people(one: Town | Area) -> int:
    return one.population if isinstance(one, Town) else 0


# Writing down


def _write(case: _Case) -> None:
    where, found = case.where, case.settled
    if found is None:
        where.unresolved = _why(case)
        where.country = where.country or _only({one.country for one in case.left} | case.elsewhere if case.left else ())
        where.admin1 = _only(one.admin1 for one in case.left) if where.country else None
        return
    where.country, where.admin1 = found.country, found.admin1
    if isinstance(found, Area):
        where.unresolved = _AREA
    elif case.beside and where.relation == "at":
        where.unresolved = _BESIDE
    else:
        where.lat, where.lon = found.lat, found.lon


def _why(case: _Case) -> str:
    if case.where.level in _NO_TOWN:
        return _AREA
    if not gazetteer.installed():
        return NOT_INSTALLED
    if not case.named:
        return _NO_NAME
    if case.left:
        codes = sorted({one.country for one in case.left})
        return f"{len(case.left)} places of that name in {', '.join(codes)}"
    if not case.elsewhere:
        return _UNKNOWN
    known = sorted(case.elsewhere)
    where = ", ".join(known) if len(known) <= 3 else f"{len(known)} countries"
    return f"in the gazetteer only elsewhere ({where}), and the article does not say that it is there"


def _share(cases: Sequence[_Case], named: set[str]) -> None:
    """The country, and the area, of the incident's other places for a place of none; else the article's one country."""
    home = _home(cases, named)
    for named_ones in (True, False):
        told = [
            (case.incident, case.where.country, case.where.admin1) for case in cases if case.where.relation in _BOUND
        ]
        of: dict[int, list[tuple[str, str | None]]] = {}
        for incident, country, area in told:
            if country:
                of.setdefault(id(incident), []).append((country, area))
        for case in cases:
            if bool(case.named) == named_ones:
                _take(case, of.get(id(case.incident), []), home)


def _take(case: _Case, others: Sequence[tuple[str, str | None]], home: str | None) -> None:
    """From the incident's other places, or for a place with a name from the article's."""
    where = case.where
    if where.level in _NO_TOWN or case.left or _BORDER.search(where.text):
        return
    countries = {country for country, _ in others} if where.relation in _BOUND else set[str]()
    if where.country is None and not case.elsewhere:
        where.country = _only(countries) if countries else home if case.named else None
    areas = {area for country, area in others if area and country == where.country}
    if where.admin1 is None and where.level in _SMALL and where.relation in _BOUND and countries == {where.country}:
        where.admin1 = _only(areas)


def _home(cases: Sequence[_Case], named: set[str]) -> str | None:
    """The one country in which all settled places lie: two at least, or one where no other country is named."""
    country = _only(case.settled.country for case in cases if case.settled)
    places = {case.settled for case in cases if case.settled}
    return country if country and (len(places) > 1 or named == {country}) else None


def _only(values: Iterable[str | None]) -> str | None:
    found = set(values)
    return found.pop() if len(found) == 1 else None
