"""The same party in several articles: by its names and its country, and by nothing that the reports do not say.

Two parties of one report are never made one, for its text keeps them apart. Parties without a proper name (residents,
witnesses, doctors) are other people in every article, unless they are a force or an office: there is one army in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from extractor.dossiers.names import Name, fullest, name, one_name
from extractor.dossiers.schema import Account, PartyOf, Speaker, Telling
from extractor.schema import ActorKind

Key = tuple[str, str]
"""Document and party of its report."""

_STATE: frozenset[ActorKind] = frozenset({"state_forces", "government"})
_ONE_THERE: frozenset[ActorKind] = frozenset(
    {"state_forces", "government", "coalition", "pro_state_militia", "non_state_armed"}
)


class Same(NamedTuple):
    """Why two parties of different reports may be one: the lower `rank`, the surer."""

    rank: int
    because: str


def settle(tellings: Sequence[Telling]) -> list[Account]:
    """The parties over all articles with all that they say; in the tellings their ids replace those of the reports."""
    accounts = _grouped(tellings)
    held = {account.id: account for account in accounts}
    of = {(each.document, each.party): account.id for account in accounts for each in account.parties}
    for telling in tellings:
        document = telling.article.document
        sides = (*telling.initiators, *telling.targets, *telling.weapons)
        for value in (*telling.when, *telling.where, *sides, *telling.tolls):
            value.by = [of[document, party] for party in value.by if (document, party) in of]
            value.who = of.get((document, value.who or ""))
        telling.killed = [(of.get((document, party or "")), low, high) for party, low, high in telling.killed]
        telling.claims = [(of[document, party], claim) for party, claim in telling.claims]
        for party, claim in telling.claims:
            held[party].claims.append(claim)
    return accounts


def _grouped(tellings: Sequence[Telling]) -> list[Account]:
    speakers: dict[Key, Speaker] = {}
    for telling in tellings:
        for speaker in telling.parties:
            speakers.setdefault((telling.article.document, speaker.party), speaker)
    groups: dict[Key, list[Key]] = {key: [key] for key in speakers}
    reasons: dict[Key, list[str]] = {key: [] for key in speakers}
    for same, one, other in sorted(_pairs(speakers), key=lambda pair: (pair[0].rank, pair[1], pair[2])):
        ours, theirs = groups[one], groups[other]
        if ours is theirs or not {key[0] for key in ours}.isdisjoint(key[0] for key in theirs):
            continue
        reasons[ours[0]] += [*reasons[theirs[0]], same.because]
        ours += theirs
        for key in theirs:
            groups[key] = ours
    found = {id(group): group for group in groups.values()}
    return [
        _account(f"P{number}", group, speakers, reasons[group[0]]) for number, group in enumerate(found.values(), 1)
    ]


def _account(id: str, keys: Sequence[Key], speakers: dict[Key, Speaker], because: Iterable[str]) -> Account:
    held = [speakers[key] for key in keys]
    called = Counter(speaker.name for speaker in held)
    return Account(
        id=id,
        name=max(called, key=lambda text: (bool(name(text).proper), called[text], len(text))),
        names=sorted({text for speaker in held for text in speaker.names}),
        kinds=sorted({kind for speaker in held for kind in speaker.kinds}),
        parties=[PartyOf(*key) for key in keys],
        because=list(dict.fromkeys(because)),
        claims=[],
    )


def _pairs(speakers: dict[Key, Speaker]) -> Iterable[tuple[Same, Key, Key]]:
    if len({document for document, _ in speakers}) == 1:
        return
    names = {key: fullest([name(text) for text in speaker.names]) for key, speaker in speakers.items()}
    for one, other in combinations(sorted(speakers), 2):
        if one[0] != other[0] and (same := _same(speakers[one], names[one], speakers[other], names[other])):
            yield same, one, other


def _same(one: Speaker, ours: Sequence[Name], other: Speaker, theirs: Sequence[Name]) -> Same | None:
    if one.countries and other.countries and not set(one.countries) & set(other.countries):
        return None
    if ("non_state_armed" in one.kinds and _STATE & set(other.kinds)) or (
        "non_state_armed" in other.kinds and _STATE & set(one.kinds)
    ):
        return None
    shared = [(a, b) for a in ours for b in theirs if one_name(a, b)]
    proper = [(a, b) for a, b in shared if a.proper and b.proper]
    if proper:
        a, b = max(proper, key=lambda pair: (pair[0].words == pair[1].words, len(pair[0].words & pair[1].words)))
        return Same(0 if a.words == b.words else 1, f'"{a.text}" and "{b.text}" are one name')
    country = set(one.countries) & set(other.countries)
    if country and _STATE & set(one.kinds) and _STATE & set(other.kinds):
        return Same(2, f'"{one.name}" and "{other.name}" are both organs of {", ".join(sorted(country))}')
    if shared and set(one.kinds) & set(other.kinds) & _ONE_THERE:
        a, b = shared[0]
        return Same(3, f'"{a.text}" and "{b.text}", of the same kind in the same event')
    return None
