"""The second step: one incident of all the sentences that tell of it. Code alone, from what the model told of each.

A deed joins the incident that it has most in common with (type, sides, place, day, nearness in the text), if that is
enough; else it makes a new one. People counted in a sentence without a deed of its own belong to the incident before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import regex

from extractor.plans.stepwise.kinds import CATEGORIES, Kind
from extractor.plans.stepwise.sentences import Deed, Told, several
from extractor.plans.stepwise.wording import place_names
from extractor.schema import CasualtyCategory, CasualtyStatus, IncidentType, Realis

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_LEADING = frozenset({"the", "a", "an", "its", "his", "her", "their", "our", "of", "in", "at", "on", "near"})

_NEVER_INITIATORS = frozenset({"weapon", "thing", "media", "monitor_ngo"})
_NOBODY = frozenset({"weapon", "thing", "place", "people"})
_NEVER_COUNTED = frozenset({"weapon", "thing", "place"})
_OWN_EVENT: dict[CasualtyStatus, IncidentType] = {"captured": "abduction_detention", "displaced": "displacement"}
"""People who were taken or driven out were so by an event of its own."""
_HARMLESS = frozenset(
    {"force_posture", "contact_agreement", "displacement", "abduction_detention", "weapons_disruption"}
)
_FAR = 4

_FAMILIES: dict[IncidentType, str] = {
    "airstrike": "remote", "shelling_missile": "remote", "ied_bombing": "remote", "suicide_attack": "remote",
    "chemical_attack": "remote", "ground_clash": "battle", "territory_change": "battle",
    "attack_on_civilians": "civilians", "sexual_violence": "civilians", "abduction_detention": "civilians",
}  # fmt: skip


@dataclass
class FoundCasualty:
    """People counted, as the sentence has it."""

    who: str
    count: str
    status: CasualtyStatus
    category: CasualtyCategory


@dataclass
class FoundIncident:
    """An incident put together from sentences, words not yet grounded."""

    types: list[IncidentType] = field(default_factory=list[IncidentType])
    realis: list[Realis] = field(default_factory=list[Realis])
    sentences: list[int] = field(default_factory=list[int])
    by: list[str] = field(default_factory=list[str])
    on: list[str] = field(default_factory=list[str])
    where: list[str] = field(default_factory=list[str])
    when: list[str] = field(default_factory=list[str])
    weapons: list[str] = field(default_factory=list[str])
    casualties: list[FoundCasualty] = field(default_factory=list[FoundCasualty])

    @property
    def type(self) -> IncidentType:
        """What most sentences call it; of several, the first."""
        return max(dict.fromkeys(self.types), key=self.types.count)

    def take(
        self,
        deed: Deed,
        sentence: int,
        days: Sequence[str],
        kinds: Mapping[str, Kind],
        somebody: Collection[frozenset[str]],
    ) -> None:
        """Add what a sentence tells, each name where its kind belongs; who is `somebody` is no place."""
        self.types.append(deed.type)
        self.realis.append(deed.real)
        self.note(sentence)
        by, on, used = several(deed.by), several(deed.on), several(deed.with_)
        used = [name for name in (*by, *used) if kinds.get(name, "weapon") == "weapon"]
        by = [name for name in by if kinds.get(name) not in _NEVER_INITIATORS]
        where = [*several(deed.where), *(name for name in on if kinds.get(name) == "place")]
        on = [name for name in on if kinds.get(name) != "place"] or on  # a place alone is what was hit
        places = [name for words in where for name in place_names(words) if _key(name) not in somebody]
        for held, words in (
            (self.by, by), (self.on, on), (self.where, places), (self.when, days), (self.weapons, used),
        ):  # fmt: skip
            held += [one for one in words if not any(same(one, other) for other in held)]

    def note(self, sentence: int) -> None:
        """A sentence tells of it."""
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def count(self, people: FoundCasualty) -> None:
        """Add people counted, unless they are counted with the same words already."""
        told = (people.count.lower(), people.status)
        if all((one.count.lower(), one.status) != told for one in self.casualties):
            self.casualties.append(people)

    def as_answer(self) -> dict[str, Any]:
        """In the form in which a report is asked for."""
        return {
            "type": self.type,
            "realis": "actual" if "actual" in self.realis else self.realis[0],
            "evidence": sorted(self.sentences),
            "initiators": self.by,
            "targets": self.on,
            "weapons": self.weapons,
            "when": self.when[:1],
            "where": [{"text": words, "relation": "at", "level": None} for words in self.where],
            "casualties": [
                {"who": one.who, "status": one.status, "category": one.category, "count": one.count}
                for one in self.casualties
            ],
        }


def merge(told: Sequence[Told], kinds: Mapping[str, Kind]) -> list[FoundIncident]:
    """The incidents of an article, in the order in which they are first told."""
    incidents: list[FoundIncident] = []
    somebody = {_key(name) for name, kind in kinds.items() if kind not in _NOBODY}
    for one in told:
        here: list[FoundIncident] = []
        for deed, days in zip(one.deeds, _days_of(one), strict=True):
            incident = _home(deed, one.sentence, days, incidents, here)
            if incident is None:
                incident = FoundIncident()
                incidents.append(incident)
            incident.take(deed, one.sentence, days, kinds, somebody)
            here.append(incident)
        for number, counted in one.counted:
            if counted.how == "none" or kinds.get(counted.who) in _NEVER_COUNTED:
                continue
            home = _home_of_people(counted.how, kinds.get(counted.who), one.sentence, incidents, here)
            if home is not None:
                home.note(one.sentence)
                category = CATEGORIES.get(kinds.get(counted.who, "people"), "unknown")
                home.count(FoundCasualty(counted.who, number, counted.how, category))
    return incidents


def _days_of(told: Told) -> list[list[str]]:
    """The days of each deed of a sentence: one each where there are as many, else all are the first one's."""
    if len(told.days) == len(told.deeds):
        return [[day] for day in told.days]
    return [told.days if number == 0 else [] for number, _ in enumerate(told.deeds)]


ENOUGH = 1.5


def _home(
    deed: Deed,
    sentence: int,
    days: Sequence[str],
    incidents: Sequence[FoundIncident],
    here: Sequence[FoundIncident],
) -> FoundIncident | None:
    scored = [(likeness(deed, sentence, days, incident, here), number) for number, incident in enumerate(incidents)]
    best = max(scored, default=None)
    return incidents[best[1]] if best and best[0] >= ENOUGH else None


def likeness(
    deed: Deed, sentence: int, days: Sequence[str], incident: FoundIncident, here: Sequence[FoundIncident]
) -> float:
    """How much a deed has in common with an incident."""
    score = 0.0
    if deed.type in incident.types:
        score += 1.5
    elif _FAMILIES.get(deed.type, deed.type) in {_FAMILIES.get(one, one) for one in incident.types}:
        score += 0.5
    else:
        score -= 1.5
    score += _compared(several(deed.where), incident.where, 1.5, -0.75)
    score += _compared(days, incident.when, 1.0, -0.75)
    score += _compared(several(deed.by), incident.by, 0.75, -0.25)
    score += _compared(several(deed.on), incident.on, 1.25, -0.5)
    distance = sentence - incident.sentences[-1]
    score += 0.5 if distance == 1 else 0.25 if distance == 2 else 0
    if incident in here:  # another deed of the same sentence is another event, unless it befell the same
        score += 3.0 if _alike(several(deed.on), incident.on) else -0.75
    return score


def _compared(words: Sequence[str], held: Sequence[str], alike: float, apart: float) -> float:
    if not words or not held:
        return 0.0
    return alike if _alike(words, held) else apart


def _alike(words: Sequence[str], held: Sequence[str]) -> bool:
    return any(same(one, other) for one in words for other in held)


def _home_of_people(
    status: CasualtyStatus,
    kind: Kind | None,
    sentence: int,
    incidents: list[FoundIncident],
    here: Sequence[FoundIncident],
) -> FoundIncident | None:
    """The incident that befell people counted in a sentence: one told there, else the one told last before."""
    own = _OWN_EVENT.get(status)

    def fits(incident: FoundIncident) -> bool:
        return own in incident.types if own else incident.type not in _HARMLESS

    near = [one for one in incidents if 0 <= sentence - max(one.sentences) <= _FAR and fits(one)]
    told = [one for one in here if fits(one)] or sorted(near, key=lambda one: -max(one.sentences))
    if told:
        return told[0]
    if own is None or (own == "displacement" and kind not in {"people", "civilians"}):
        return None
    incidents.append(FoundIncident(types=[own], realis=["actual"], sentences=[sentence]))
    return incidents[-1]


def same(one: str, other: str) -> bool:
    """Whether two phrases name one thing: the words of one are among those of the other."""
    first, second = _key(one), _key(other)
    return bool(first and second) and (first <= second or second <= first)


def _key(words: str) -> frozenset[str]:
    return frozenset(word for word in map(str.lower, _WORD.findall(words)) if word not in _LEADING)
