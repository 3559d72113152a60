"""How many were killed, over all accounts: low, best and high, as UCDP GED has them.

An account is what one party says, or the article in its own voice. A range tells rival tolls apart from one toll told
several times; it is no sum over parties.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from extractor.derive.positions import parties_by_actor, party_of
from extractor.document import Document
from extractor.schema import Casualty, Deaths, Incident, Report

_PART = re.compile(r"\b(?:among|includ(?:ing|ed?|es)|of (?:them|these|those|whom))\b", re.IGNORECASE)
"""English words by which a number tells a part of one before it: "19 people, among them five children"."""


class Toll(NamedTuple):
    """Bounds of a number of dead; null where there is none."""

    low: int | None
    high: int | None


def exclude(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    """Whether no number is within the bounds of both; an open end excludes nothing."""
    (low, high), (other_low, other_high) = one, other
    below = high is not None and other_low is not None and high < other_low
    return below or (other_high is not None and low is not None and other_high < low)


def read_deaths(report: Report, document: Document) -> None:
    """Fill in the deaths of each incident, from its casualties and the parties whose claims tell them."""
    parties = parties_by_actor(report)
    party = {claim.id: party_of(claim, parties) or claim.id for claim in report.claims}
    for incident in report.incidents:
        incident.deaths = deaths([toll for toll in _accounts(incident, party, document) if toll != (None, None)])


def deaths(tolls: Sequence[Toll]) -> Deaths | None:
    """The range over the tolls of several accounts; null when no account bounds the number.

    `low` is the lowest lower bound, `high` the highest number named; `best` the one number that some account gives
    exactly and no other rules out.
    """
    if not tolls:
        return None
    lows = [toll.low for toll in tolls if toll.low is not None]
    exact = {low for low, high in tolls if low is not None and low == high}
    agreed = [
        number
        for number in exact
        if all((low is None or low <= number) and (high is None or number <= high) for low, high in tolls)
    ]
    named = [number for toll in tolls for number in toll if number is not None]
    return Deaths(low=min(lows, default=None), best=agreed[0] if agreed else None, high=max(named))


def _accounts(incident: Incident, party: dict[str, str], document: Document) -> Iterator[Toll]:
    killed: dict[str | None, list[Casualty]] = defaultdict(list)
    for casualty in incident.casualties:
        if casualty.status == "killed":
            for teller in {party[name] for name in casualty.who.claims if name in party} or {None}:
                killed[teller].append(casualty)
    for entries in killed.values():
        yield _toll(entries, document)


def _toll(entries: Sequence[Casualty], document: Document) -> Toll:
    """The number that one account comes to: the greatest that one of its sentences gives.

    Groups told in one sentence are added, parts of a group are not. Sentences are not added up: a later one may tell
    the same dead again.
    """
    sentences: dict[int, list[Casualty]] = defaultdict(list)
    for casualty in sorted(entries, key=lambda casualty: casualty.who.start):
        sentences[document.sentence_at(casualty.who.start).number].append(casualty)
    tolls = [_sum(group, document) for group in sentences.values()]
    return max(tolls, key=lambda toll: max(toll.low or 0, toll.high or 0))


def _sum(group: Sequence[Casualty], document: Document) -> Toll:
    adding = (document.language or "en").lower().startswith("en")  # in other languages a part is not told from a group
    total = _bounds(group[0])
    for before, casualty in pairwise(group):
        if not adding or _PART.search(document.text[before.who.end : casualty.who.end]):
            break  # "11, among them a lieutenant and three guards": what follows a part is a part too
        total = _plus(total, _bounds(casualty))
    return total


def _plus(one: Toll, other: Toll) -> Toll:
    """Of both together; who is not counted leaves the number open above."""
    lows = [low for low in (one.low, other.low) if low is not None]
    high = one.high + other.high if one.high is not None and other.high is not None else None
    return Toll(sum(lows) if lows else None, high)


def _bounds(casualty: Casualty) -> Toll:
    return Toll(casualty.count.min, casualty.count.max) if casualty.count is not None else Toll(None, None)
