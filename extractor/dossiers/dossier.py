"""A dossier, put together from what the articles tell of its incidents."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date as Date
from operator import itemgetter

from extractor.dossiers.blocking import Group
from extractor.dossiers.conflicts import conflicts
from extractor.dossiers.disputes import rivalries
from extractor.dossiers.features import Features
from extractor.dossiers.parties import settle
from extractor.dossiers.schema import Account, Dossier, Link, Rivalry, Telling
from extractor.dossiers.scoring import ENOUGH, link, score
from extractor.dossiers.sources import independent
from extractor.dossiers.tolls import all_deaths, timeline
from extractor.schema import IncidentType, Status

_DOUBTS = 20
_HUBS = 60
"""Incidents that all others are shown beside: in a dossier of more not every pair is."""


def dossier(members: Sequence[Features], tellings: Sequence[Telling], group: Group) -> Dossier:
    """The dossier of incidents that are one event; `tellings` are changed in place.

    Args:
        members: The incidents, by document and incident.
        tellings: What the articles tell of them, in the same order.
        group: What they were compared in.
    """
    accounts = settle(tellings)
    disputes = rivalries(tellings)
    strongest, doubts = _links(members)
    articles = {telling.article.document: telling.article for telling in tellings}
    sources = independent(tellings)
    first, last, undated = _days(members)
    types: Counter[IncidentType] = Counter(member.type for member in members)
    return Dossier(
        id=_id(members),
        type=types.most_common(1)[0][0],
        status=_status(tellings, accounts, disputes),
        earliest=first,
        latest=last,
        undated=undated,
        when=[value for telling in tellings for value in telling.when],
        where=[value for telling in tellings for value in telling.where],
        incidents=[telling.member for telling in tellings],
        links=strongest,
        doubts=doubts,
        alone=_alone(members[0], group) if len(members) == 1 else None,
        articles=sorted(articles.values(), key=lambda one: (one.date or Date.max, one.document)),
        independent_sources=len(sources),
        sources=sources,
        parties=accounts,
        initiators=[value for telling in tellings for value in telling.initiators],
        targets=[value for telling in tellings for value in telling.targets],
        weapons=[value for telling in tellings for value in telling.weapons],
        disputes=disputes,
        conflicts=conflicts(tellings),
        deaths=all_deaths(tellings),
        tolls=[value for telling in tellings for value in telling.tolls],
        timeline=timeline(tellings),
    )


def _id(members: Sequence[Features]) -> str:
    """The same for the same incidents of the same documents."""
    keys = sorted(member.key for member in members)
    return hashlib.sha256(repr(keys).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _links(members: Sequence[Features]) -> tuple[list[Link], list[Link]]:
    """A maximum spanning tree, the strongest link first; and the pairs that score too little, the weakest first."""
    pairs = [(one, other) for number, other in enumerate(members) for one in members[: min(number, _HUBS)]]
    scores = ((-score(one, other), one.key, other.key, one, other) for one, other in pairs)
    ranked = sorted(scores, key=itemgetter(0, 1, 2))
    tree: list[Link] = []
    label = {member.key: member.key for member in members}
    for _, _, _, one, other in ranked:
        ours, theirs = label[one.key], label[other.key]
        if ours != theirs:
            tree.append(link(one, other))
            label |= {key: ours for key, held in label.items() if held == theirs}
    doubts = [(one, other) for held, _, _, one, other in reversed(ranked) if -held < ENOUGH]
    return tree, [link(one, other) for one, other in doubts[:_DOUBTS]]


def _days(members: Sequence[Features]) -> tuple[Date | None, Date | None, str | None]:
    """The days on which all that are told agree; else from the first told to the last."""
    told = [(one.days.first, one.days.last) for one in members if one.days.told]
    known = [(first, last) for first, last in told if first is not None and last is not None]
    if not known:
        return None, None, "no article tells the day in words that give one"
    first, last = max(one for one, _ in known), min(one for _, one in known)
    if first > last:
        first, last = min(one for one, _ in known), max(one for _, one in known)
    return Date.fromordinal(first), Date.fromordinal(last), None


def _status(tellings: Sequence[Telling], accounts: Sequence[Account], disputes: Sequence[Rivalry]) -> Status:
    """As of an incident, with the parties of all articles: those of one side corroborate nothing for each other."""
    held = {telling.member.status for telling in tellings}
    at_issue = any(one.kind == "contradicts" and one.aspect in {"occurrence", "initiator"} for one in disputes)
    if "disputed" in held or at_issue:
        return "disputed"
    if "acknowledged" in held:
        return "acknowledged"
    telling = [
        account
        for account in accounts
        if any(
            claim.main and claim.stance not in {"denies", "questions"} and set(claim.aspects) != {"context"}
            for claim in account.claims
        )
    ]
    if not any(account.claims for account in accounts):
        return "narrator_only"
    return "corroborated" if len(telling) > 1 or "corroborated" in held else "single_party"


def _alone(member: Features, group: Group) -> str:
    """Why an incident is linked with no other."""
    if member.days.first is None:
        why = "neither it nor its article has a date, so it needs more in common"
    elif not member.places:
        why = "no place is told for it, so it is compared by its sides only, and needs more in common"
    else:
        why = "no other incident has enough in common with it"
    others = group.compared.get(member.row, 0)
    if not others:
        return f"{why}; none of about its days shares a place or a side"
    key = {one.row: one.key for one in group.members}
    near = [
        (-held, key[rows[0] if rows[1] == member.row else rows[1]])
        for rows, held in group.scored.items()
        if member.row in rows and set(rows) <= key.keys()
    ]
    if not near:
        return f"{why}; compared with {others}"
    held, nearest = min(near)
    told = f"compared with {others}, nearest {' '.join(nearest)} with {-held:g}"
    return f"{why}; {told}, but not near enough to its whole event"
