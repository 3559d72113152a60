"""From what each sentence tells to incidents.

A deed joins the incident that it has most in common with (type, sides, place, nearness in the text), if that is enough;
else it makes a new one. People counted belong to an incident of their sentence or the one told last before, or make one
where there is none. Then what the model left out is filled in from the sentences of each incident.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from extractor.document import Document
from extractor.plans.stepwise.event_words import EventWords
from extractor.plans.stepwise.incidents.article import Article
from extractor.plans.stepwise.incidents.filling import fill
from extractor.plans.stepwise.incidents.found import FoundIncident, Happening
from extractor.plans.stepwise.incidents.happenings import days_told, happenings
from extractor.plans.stepwise.incidents.likeness import ENOUGH, likeness
from extractor.plans.stepwise.incidents.tolls import count_people
from extractor.plans.stepwise.kinds import Kind
from extractor.plans.stepwise.sentences import Told


def merge(
    document: Document, told: Sequence[Told], kinds: Mapping[str, Kind], words: EventWords | None
) -> list[FoundIncident]:
    """The incidents of an article, in the order in which they are first told."""
    article = Article(document, kinds, words)
    told = [replace(one, days=days_told(article, one)) for one in told]
    found: list[FoundIncident] = []
    for one in told:
        here: list[FoundIncident] = []
        for happening in happenings(article, one):
            incident = _home(happening, found, here)
            if incident is None:
                incident = FoundIncident()
                found.append(incident)
            incident.take(happening)
            here.append(incident)
        count_people(article, one, found, here)
    fill(article, told, found)
    return found


def _home(happening: Happening, found: Sequence[FoundIncident], here: Sequence[FoundIncident]) -> FoundIncident | None:
    """The incident that a sentence tells of, if one is found already; of several, the one told last."""
    scored = [(likeness(happening, incident, here), number) for number, incident in enumerate(found)]
    best, number = max(scored, default=(ENOUGH - 1, 0))
    return found[number] if best >= ENOUGH else None
