"""From what each sentence tells to incidents.

A deed joins the incident that it has most in common with (type, sides, place, nearness in the text), if that is enough;
else it makes a new one. People counted belong to an incident of their sentence or the one told last before, or make one
where there is none. Then what the model left out is filled in from the sentences of each incident.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from typing import Generic, TypeVar

from extractor.document import Document
from extractor.plans.stepwise.event_words import EventWords
from extractor.plans.stepwise.incidents.article import Article
from extractor.plans.stepwise.incidents.filling import fill
from extractor.plans.stepwise.incidents.found import FoundIncident, Happening, key
from extractor.plans.stepwise.incidents.happenings import days_told, happenings
from extractor.plans.stepwise.incidents.likeness import ENOUGH, likeness
from extractor.plans.stepwise.incidents.tolls import FAR, count_people
from extractor.plans.stepwise.kinds import Kind
from extractor.plans.stepwise.sentences import Told

Incident = TypeVar("Incident", bound=FoundIncident)

_LATELY = 64
"""Incidents: so many of those told last are compared with what a sentence tells, and those that share a word."""
_SHARING = 32
"""Incidents: at most so many for each word, those told last. Without either, one told far before cannot be likely."""


class Found(Generic[Incident]):
    """The incidents found so far. What is asked of them takes as long however many there are."""

    def __init__(self) -> None:
        self.all: list[Incident] = []
        self._number: dict[int, int] = {}
        self._lately: dict[int, Incident] = {}
        self._sharing: dict[str, dict[int, Incident]] = {}

    def __contains__(self, identity: object) -> bool:
        return identity in self._number

    def append(self, incident: Incident) -> None:
        """Add one, not yet told."""
        self._number[id(incident)] = len(self.all)
        self.all.append(incident)

    def told(self, incident: Incident) -> None:
        """Note that an incident was told just now, when it has taken what is told of it."""
        self._lately.pop(id(incident), None)
        self._lately[id(incident)] = incident
        for names in (incident.by, incident.on, incident.where, incident.weapons):
            for name in names[-_LATELY:]:
                for word in key(name):
                    sharing = self._sharing.setdefault(word, {})
                    sharing.pop(id(incident), None)
                    sharing[id(incident)] = incident
                    if len(sharing) > _SHARING:
                        del sharing[next(iter(sharing))]

    def home(
        self,
        happening: Happening,
        here: Sequence[Incident],
        fits: Callable[[Incident], bool] = lambda _: True,
    ) -> Incident | None:
        """The incident that is told, if one is found already; of several, the one most like it, else the last one."""
        likely = {**dict(islice(reversed(self._lately.items()), _LATELY)), **{id(one): one for one in here}}
        for names in (happening.by, happening.on, happening.where, happening.used):
            for name in names:
                for word in key(name):
                    likely |= self._sharing.get(word, {})
        scored = [
            (likeness(happening, incident, here), self._number[id(incident)])
            for incident in likely.values()
            if fits(incident)
        ]
        best, number = max(scored, default=(ENOUGH - 1, 0))
        return self.all[number] if best >= ENOUGH else None

    def told_since(self, sentence: int) -> list[Incident]:
        """Those told last in this sentence or later, in the order in which they were first told."""
        some = takewhile(lambda one: one.last >= sentence, reversed(self._lately.values()))
        return sorted(some, key=lambda one: self._number[id(one)])


def merge(
    document: Document, told: Sequence[Told], kinds: Mapping[str, Kind], words: EventWords | None
) -> list[FoundIncident]:
    """The incidents of an article, in the order in which they are first told."""
    article = Article(document, kinds, words)
    told = [replace(one, days=days_told(article, one)) for one in told]
    found: Found[FoundIncident] = Found()
    for one in told:
        here: list[FoundIncident] = []
        for happening in happenings(article, one):
            incident = found.home(happening, here)
            if incident is None:
                incident = FoundIncident()
                found.append(incident)
            incident.take(happening)
            found.told(incident)
            here.append(incident)
        befallen = count_people(article, one, found.told_since(one.sentence - FAR), here)
        for incident in befallen:
            if id(incident) not in found:
                found.append(incident)
            found.told(incident)
    fill(article, told, found.all)
    return found.all
