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
    telling: dict[int, list[FoundIncident]] = {}
    beginning: dict[int, list[FoundIncident]] = {}
    order = {id(incident): number for number, incident in enumerate(found)}
    for incident in found:
        beginning.setdefault(min(incident.sentences), []).append(incident)
        for sentence in incident.sentences:
            telling.setdefault(sentence, []).append(incident)
    for one in told:
        within = telling.get(one.sentence, [])
        if not one.days or any(incident.when for incident in within):
            continue
        ahead = [
            incident for step in range(_DAY_AHEAD + 1) for incident in beginning.get(one.sentence + step, [])
        ]  # fmt: skip
        behind = [
            incident
            for step in range(1, _DAY_BEHIND + 1)
            for incident in telling.get(one.sentence - step, [])
            if incident.last == one.sentence - step
        ]
        for some in (within, ahead, behind):
            undated = [incident for incident in some if not incident.when]
            if undated:
                first = min(undated, key=lambda incident: order[id(incident)])
                first.add(first.when, one.days, one.sentence)
                break


def _is_known(article: Article, who: str) -> bool:
    """Whether it is told who the people counted are: mere "people" are no target."""
    return article.kinds.get(who, "people") != "people"
