"""What the model left out of an incident and the sentences that tell of it still hold."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.plans.stepwise.incidents.article import Article
from extractor.plans.stepwise.incidents.found import FoundIncident
from extractor.plans.stepwise.sentences import Told
from extractor.schema import CasualtyStatus

_DAY_AHEAD = 2
_DAY_BEHIND = 1
"""Sentences: how far a sentence with a day but no event stands from the undated event that it dates."""
_HIT: tuple[CasualtyStatus, ...] = ("killed", "wounded", "captured")


def fill(article: Article, told: Sequence[Told], found: Sequence[FoundIncident]) -> None:
    """Add days told in a sentence of their own, and as targets the casualties where no target is named."""
    _date(told, found)
    for incident in found:
        if not incident.on:
            known = [one for one in incident.casualties if one.status in _HIT and _is_known(article, one.who)]
            incident.add(incident.on, [one.who for one in known[:1]], known[0].sentence if known else 0)


def _date(told: Sequence[Told], found: Sequence[FoundIncident]) -> None:
    for one in told:
        if not one.days or any(one.sentence in incident.sentences and incident.when for incident in found):
            continue
        undated = [incident for incident in found if not incident.when]
        ahead = [incident for incident in undated if 0 <= min(incident.sentences) - one.sentence <= _DAY_AHEAD]
        within = [incident for incident in undated if one.sentence in incident.sentences]
        behind = [incident for incident in undated if 0 < one.sentence - incident.last <= _DAY_BEHIND]
        for incident in (*within, *ahead, *behind)[:1]:
            incident.add(incident.when, one.days, one.sentence)


def _is_known(article: Article, who: str) -> bool:
    """Whether it is told who the people counted are: mere "people" are no target."""
    return article.kinds.get(who, "people") != "people"
