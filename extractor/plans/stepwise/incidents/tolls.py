"""People counted: what became of them, and which incident befell them."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractor.plans.stepwise.incidents.article import Article
from extractor.plans.stepwise.incidents.found import FoundCasualty, FoundIncident, Happening
from extractor.plans.stepwise.kinds import CATEGORIES
from extractor.plans.stepwise.sentences import Counted, Told
from extractor.schema import CasualtyStatus, IncidentType

_NEVER_COUNTED = frozenset({"weapon", "thing", "place"})
_OWN_EVENT: dict[CasualtyStatus, IncidentType] = {"captured": "abduction_detention", "displaced": "displacement"}
"""People who were taken or driven out were so by an event of its own."""
_HARMLESS = frozenset(
    {"force_posture", "contact_agreement", "displacement", "abduction_detention", "weapons_disruption"}
)
FAR = 4
"""Sentences: people counted are those of the event told up to so many before, or of one told nowhere else."""


def count_people(
    article: Article, told: Told, found: Sequence[FoundIncident], here: list[FoundIncident]
) -> list[FoundIncident]:
    """Give the people counted in a sentence to the incident that befell them; returns those incidents.

    It is one told `here`, in their sentence, else the one told last before, else one that nothing but the toll tells.
    `found` are those told not far before.
    """
    befallen: list[FoundIncident] = []
    found = list(found)
    sentence = article.sentence(told.sentence)
    for number, counted in told.counted:
        kind = article.kinds.get(counted.who)
        if kind in _NEVER_COUNTED or _is_weapon(article, counted):
            continue
        status = _status(article, counted.how, sentence)
        incident = _befallen(status, told, found, here)
        if incident is None and (status != "displaced" or kind in {"people", "civilians"}):
            incident = _new(status, told)
            found.append(incident)
            here.append(incident)
        if incident is not None:
            incident.note(told.sentence)
            category = CATEGORIES.get(article.kinds.get(counted.who, "people"), "unknown")
            how_many = None if _is_age(counted.who, number, sentence) else number
            incident.count(FoundCasualty(counted.who, how_many, status, category, told.sentence))
            befallen.append(incident)
    return befallen


def _is_weapon(article: Article, counted: Counted) -> bool:
    return article.words is not None and article.words.weapons.search(counted.who) is not None


def _is_age(who: str, number: str | None, sentence: str) -> bool:
    if number is None:
        return False
    return regex.search(rf"\b{regex.escape(who)}(?: of|,| aged) {regex.escape(number)}\b", sentence) is not None


def _status(article: Article, told: CasualtyStatus, sentence: str) -> CasualtyStatus:
    """As told, unless no word of the sentence tells that, but words of just one other status stand in it."""
    worded = article.words.statuses_in(sentence) if article.words else set[CasualtyStatus]()
    return next(iter(worded)) if len(worded) == 1 else told


def _befallen(
    status: CasualtyStatus,
    told: Told,
    found: Sequence[FoundIncident],
    here: Sequence[FoundIncident],
) -> FoundIncident | None:
    own = _OWN_EVENT.get(status)
    fitting = [one for one in found if (own in one.types if own else one.type not in _HARMLESS)]
    there = [one for one in here if one in fitting]
    if there:
        return there[0]
    near = [one for one in fitting if told.sentence - one.last <= FAR]
    return max(near, key=lambda one: one.last, default=None)


def _new(status: CasualtyStatus, told: Told) -> FoundIncident:
    """An incident that a toll alone tells."""
    incident = FoundIncident()
    incident.take(Happening(told.sentence, _OWN_EVENT.get(status), "actual", when=told.days))
    return incident
