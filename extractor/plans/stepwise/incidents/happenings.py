"""The events that one sentence tells, each name where its kind belongs."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractor.plans.stepwise.deeds import Deed
from extractor.plans.stepwise.incidents.article import Article
from extractor.plans.stepwise.incidents.found import PRONOUNS, Happening, alike
from extractor.plans.stepwise.sentences import Told, several
from extractor.plans.stepwise.wording import place_names
from extractor.schema import IncidentType

NEVER_INITIATORS = frozenset({"weapon", "thing", "media", "monitor_ngo"})
_ARMED = frozenset({"state_forces", "coalition", "pro_state_militia", "non_state_armed"})
_HITS_NOBODY = frozenset({"force_posture", "contact_agreement", "displacement", "abduction_detention"})
"""What is done at a place, not to it."""
_DATELINE = regex.compile(r"\p{Lu}{3,}.{0,80}?\s[-–—]\s")
_ORDINAL = regex.compile(r"(?:on )?the (?:\d+(?:st|nd|rd|th)|\p{L}+)", regex.I)
_RUNS_ON = regex.compile(r"\s+(?:a|an|one|the)$")
_OF = regex.compile(r"(\p{L}+) of (?:the )?", regex.I)
_STANDS = regex.compile(r"(?<who>.+?)\s+(?:near|in|at|on|outside|inside|around)\s+(?<where>.+)", regex.I)
"""Who or what was hit, with where it stood: "barracks near Velnik"."""
_BY_WEAPON: frozenset[IncidentType] = frozenset({"airstrike", "shelling_missile", "ied_bombing"})
"""Types that the weapon tells apart."""


def happenings(article: Article, told: Told) -> list[Happening]:
    """The deeds of a sentence."""
    days = _days_of(told)
    return [_happening(article, told, deed, days[number]) for number, deed in enumerate(told.deeds)]


def days_told(article: Article, told: Told) -> list[str]:
    """The days of a sentence that may be an event's: none of a dateline, and no bare "the 14th" of a battalion."""
    sentence = article.sentence(told.sentence)
    line = _DATELINE.match(sentence)
    return [
        _RUNS_ON.sub("", day)
        for day in told.days
        if not _ORDINAL.fullmatch(day) and not (line is not None and sentence.find(day) < line.end())
    ]


def _happening(article: Article, told: Told, deed: Deed, days: Sequence[str]) -> Happening:
    kinds = article.kinds
    by, on = ([name for name in several(words) if name.lower() not in PRONOUNS] for words in (deed.by, deed.on))
    used = [name for name in (*by, *several(deed.weapon)) if kinds.get(name, "weapon") == "weapon"]
    by = [name for name in (_owner(article, name) for name in by) if kinds.get(name) not in NEVER_INITIATORS]
    on, stood = _without_places(article, on)
    at = [
        name
        for words in (*several(deed.where), *stood)
        for name in place_names(words)
        if article.is_place(name) and not any(name in day.split() for day in told.named_days)
    ]
    sites = [name for name in on if kinds.get(name) == "place" or alike([name], at) or article.stands_at(name)]
    hit = [name for name in on if name not in sites]
    if deed.type not in _HITS_NOBODY:
        hit = hit or sites  # a place alone is what was hit
    where = [*at, *(name for words in sites for name in place_names(words) if article.is_place(name))]
    return Happening(
        told.sentence,
        _type(article, deed, used),
        deed.realis,
        by=[name for name in by if name],
        on=_without_numbers(hit, told),
        where=where,
        when=days,
        used=[_weapon(article, name) for name in used],
        only_toll=_tells_a_toll(article, deed) and not (by or where or used or days),
    )


def _tells_a_toll(article: Article, deed: Deed) -> bool:
    return article.words is not None and deed.what.lower() in article.words.statuses


def _without_places(article: Article, names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Who or what was hit without the places in which they stood, and these."""
    split = {name: match for name in names if article.kinds.get(name) != "place" and (match := _STANDS.fullmatch(name))}
    hit = [match["who"] if (match := split.get(name)) else name for name in names]
    return hit, [match["where"] for match in split.values()]


def _type(article: Article, deed: Deed, used: Sequence[str]) -> IncidentType:
    """As told, but for what its weapon or whom it hit tells by definition.

    A drone's or a jet's is an airstrike, a shell's or a rocket's a shelling; an attack on those who fight is none on
    civilians, and an aircraft with a crew is no mere weapon.
    """
    if deed.type in _BY_WEAPON and article.words:
        weapons = [word for name in used for word in article.words.candidates(name)]
        told: list[IncidentType] = [type_ for type_ in article.words.types_of(weapons) if type_ in _BY_WEAPON]
        return told[0] if len(told) == 1 else deed.type
    if deed.type == "attack_on_civilians" and any(article.kinds.get(name) in _ARMED for name in several(deed.on)):
        return "ground_clash"
    if deed.type == "weapons_disruption" and article.words and article.words.aircraft.search(deed.on):
        return "aircraft_downing"
    return deed.type


def _without_numbers(names: Sequence[str], told: Told) -> list[str]:
    """People without the number that counts them, and no day in place of people."""
    counted = {number.lower(): people.who for number, people in told.counted if number is not None}
    longest = sorted(counted, key=len, reverse=True)
    found: list[str] = []
    for name in names:
        number = next((one for one in longest if f"{name.lower()} ".startswith(f"{one} ")), "")
        people = name[len(number) :].strip() or counted[number]
        if people not in told.days:
            found.append(people)
    return found


def _weapon(article: Article, name: str) -> str:
    """The weapon of a phrase, without whose it is: "drone" of "Israeli drone", "shells" of "shells from the hill"."""
    found = article.words.weapons.search(name) if article.words else None
    return found.group() if found else name


def _owner(article: Article, name: str) -> str:
    """Whose weapon it is: "air force" of "air force jet", "army" of "drones of the army"; else the name itself."""
    if article.words is None:
        return name
    of = _OF.match(name)
    if of and article.words.weapons.fullmatch(of.group(1)):
        return name[of.end() :]
    last = max(article.words.weapons.finditer(name), key=lambda match: match.end(), default=None)
    return name[: last.start()].strip() if last is not None and last.end() == len(name) else name


def _days_of(told: Told) -> list[list[str]]:
    """The days of each deed of a sentence: one each where there are as many, else all are the first one's."""
    if len(told.days) == len(told.deeds):
        return [[day] for day in told.days]
    return [told.days if number == 0 else [] for number, _ in enumerate(told.deeds)]
